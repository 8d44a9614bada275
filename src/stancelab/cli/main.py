"""From the words on the command line to one command, and from an error to a message and an exit code."""

from __future__ import annotations

import io
import logging
import os
import shlex
import signal
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import stancelab
from stancelab import processes
from stancelab.cli.circles import check_circles
from stancelab.cli.commands import COMMANDS
from stancelab.cli.config import default_values
from stancelab.cli.options import HELP, check_options, flags_as_settings
from stancelab.cli.own_configs import find_own_configs, hidden_configs
from stancelab.cli.renames import renamed
from stancelab.cli.repeated import tell_repeated
from stancelab.cli.run_folders import file_trouble
from stancelab.cli.streams import stdin_named
from stancelab.cli.unused import check_used
from stancelab.errors import (
    InterruptedPrediction,
    InterruptedReading,
    InterruptedTraining,
    StancelabError,
    did_you_mean,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

USER_ERROR: Final = 2
INTERRUPTED: Final = 130
#: What a shell tells of a program that SIGPIPE has ended.
BROKEN_PIPE: Final = 141
#: Commands that other programs have: what does it here.
_INSTEAD: Final = {
    "report": " 'run' and 'evaluate' write the report; in Python write_report(RUN) writes it again",
    "finetune": " Did you mean 'train'?",
    "fit": " Did you mean 'train'?",
    "test": " Did you mean 'evaluate'?",
    "classify": " Did you mean 'predict'?",
    "upload": " Did you mean 'push'?",
}
#: The setting by which a command goes on with what was interrupted.
RESUMED: Final = {
    InterruptedTraining: "training.resume",
    InterruptedPrediction: "predict.resume",
    InterruptedReading: "read.resume",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return the exit code: 0, 2 where the user can mend it, 130 after Ctrl-C or SIGTERM."""
    _print_any_letter()
    logging.raiseExceptions = False  # else a disk that is full shows a traceback for each line of run.log
    words = list(sys.argv[1:] if argv is None else argv)
    if not words or words[0] in (*HELP, "help"):
        from stancelab.cli.help import overview

        sys.stdout.write(overview())
        return 0
    if words[0] == "--version":
        sys.stdout.write(f"stancelab {stancelab.__version__}\n")
        return 0
    command = words[0]
    try:
        with _terminated_as_interrupted(), stdin_named():
            _run(command, words[1:])
    except StancelabError as error:
        sys.stderr.write(f"stancelab: {_which_process()}{error}\n")
        return USER_ERROR
    except BrokenPipeError:
        # What read standard output has ended, as `head` does; nobody is there to be told, nor to flush to.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    except OSError as error:
        sys.stderr.write(f"stancelab: {_which_process()}{file_trouble(error)}\n")
        return USER_ERROR
    except KeyboardInterrupt as interruption:
        if not processes.is_first():
            return INTERRUPTED
        # A progress bar may stand in the line.
        sys.stderr.write(f"\nstancelab: interrupted{_how_to_go_on(interruption, words)}\n")
        return INTERRUPTED
    return 0


def _print_any_letter() -> None:
    """Let standard output write letters that its encoding lacks as escapes, as standard error does.

    A terminal or a pipe of another encoding than UTF-8 would end a command that has done its work.
    """
    if isinstance(sys.stdout, io.TextIOWrapper) and sys.stdout.errors == "strict":
        sys.stdout.reconfigure(errors="backslashreplace")


def _which_process() -> str:
    """Return which of several processes speaks: where one ends with an error, torchrun may end the others first."""
    return f"process {processes.number()}: " if processes.count() > 1 else ""


def _how_to_go_on(interruption: KeyboardInterrupt, words: Sequence[str]) -> str:
    """Return the command that goes on with what was interrupted, where anything of it is kept."""
    setting = next((name for kind, name in RESUMED.items() if isinstance(interruption, kind)), None)
    if setting is None:
        return ""
    others = [word for word in words if word.lstrip("+").partition("=")[0] != setting]
    return f"; this command goes on:\n{shlex.join(['stancelab', *others, f'{setting}=true'])}"


@contextmanager
def _terminated_as_interrupted() -> Iterator[None]:
    """Take SIGTERM for Ctrl-C while the block runs: job schedulers end a job with it, which shall leave as little."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before or signal.SIG_DFL)


def _run(command: str, words: list[str]) -> None:
    if command not in COMMANDS:
        hint = _INSTEAD.get(command) or did_you_mean(command, COMMANDS)
        raise StancelabError(f"no command {command!r}; the commands are {', '.join(COMMANDS)}.{hint}")
    if processes.count() > 1 and command not in ("train", "run"):
        raise StancelabError(f"stancelab {command} is for one process; torchrun starts train and run")
    if COMMANDS[command].composed or not set(HELP) & set(words):
        COMMANDS[command].check_extras()
    line = shlex.join(["stancelab", command, *words])
    own = find_own_configs(words) if COMMANDS[command].composed else None
    for path in [] if own is None else hidden_configs(own):
        sys.stderr.write(f"stancelab: {path}: is not read, the project has a config of this name; rename it\n")
    if own is not None:
        check_circles(words, own)
    defaults = default_values(COMMANDS[command].config)
    words = flags_as_settings(renamed(words, own), defaults)
    check_used(command, words, own)
    tell_repeated(words, defaults)
    if set(HELP) & set(words):
        from stancelab.cli.help import command_help

        sys.stdout.write(command_help(command, [word for word in words if word not in HELP], own))
    elif COMMANDS[command].composed:
        from stancelab.cli.with_hydra import run_composed
        from stancelab.inference.backends.threads import wait_briefly

        check_options(words, settings=defaults)
        wait_briefly()
        run_composed(command, words, line, own)
    else:
        from stancelab.cli.without_hydra import run_plain

        run_plain(command, words, line)
