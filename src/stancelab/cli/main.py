"""From the words on the command line to one command's function, and from an error to a message and an exit code."""

from __future__ import annotations

import logging
import os
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import stancelab
from stancelab.cli.help import command_help, overview
from stancelab.cli.overrides import check_options, explain, gather_runs, hydra_words, own_folder
from stancelab.cli.run_folders import RunFolders, remove_empty
from stancelab.errors import StancelabError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omegaconf import DictConfig

USER_ERROR = 2
INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return the exit code: 0, 2 where the user can mend it, 130 after Ctrl-C."""
    words = list(sys.argv[1:] if argv is None else argv)
    if not words or words[0] in ("-h", "--help", "help"):
        sys.stdout.write(overview())
        return 0
    if words[0] == "--version":
        sys.stdout.write(f"stancelab {stancelab.__version__}\n")
        return 0
    return _run(words[0], words[1:])


def _run(command: str, words: list[str]) -> int:
    from stancelab.cli.config import COMMANDS

    try:
        if command not in COMMANDS:
            hint = did_you_mean(command, COMMANDS)
            raise StancelabError(f"no command {command!r}; the commands are {', '.join(COMMANDS)}.{hint}")
        if {"-h", "--help"} & set(words):
            sys.stdout.write(command_help(command, [word for word in words if word not in ("-h", "--help")]))
            return 0
        check_options(words)
        _run_hydra(command, words)
    except StancelabError as error:
        sys.stderr.write(f"stancelab: {error}\n")
        return USER_ERROR
    except OSError as error:
        sys.stderr.write(f"stancelab: {_file_trouble(error)}\n")
        return USER_ERROR
    except KeyboardInterrupt:
        hint = "; training.resume=true goes on with the same settings" if command in ("train", "run") else ""
        # A progress bar may stand in the line.
        sys.stderr.write(f"\nstancelab: interrupted{hint}\n")
        return INTERRUPTED
    return 0


def _file_trouble(error: OSError) -> str:
    where = f"{error.filename}: " if error.filename else ""
    return f"{where}{error.strerror or error}; check the path, its permissions and the space left"


def _run_hydra(command: str, words: list[str]) -> None:
    import hydra
    from omegaconf import OmegaConf

    from stancelab.cli.config import COMMANDS, CompareConfig, config_folder, register_schemas

    register_schemas()
    OmegaConf.register_new_resolver("own_folder", RunFolders(), replace=True)
    own = own_folder(words)
    # Hydra would print its own account of an error and exit with 1; with this set it raises.
    os.environ["HYDRA_FULL_ERROR"] = "1"
    given = gather_runs(words) if issubclass(COMMANDS[command], CompareConfig) else words
    sys.argv = [f"stancelab {command}", *hydra_words(given)]
    line = shlex.join(["stancelab", command, *words])
    folders: list[Path] = []

    def task(config: DictConfig) -> None:
        _task(command, config, line, folders)

    task.__module__ = __name__
    entry = hydra.main(version_base="1.3", config_path=str(config_folder()), config_name=command)(task)
    try:
        entry()
    except _Stop as stop:
        remove_empty(folders)
        raise stop.error from None
    except Exception as error:
        message = explain(error, COMMANDS[command], own)
        if message is None:
            raise
        raise StancelabError(message) from error


class _Stop(BaseException):
    """Carries an error past Hydra, which would write lines of its own about any `Exception`."""

    def __init__(self, error: StancelabError) -> None:
        super().__init__(str(error))
        self.error = error


def _task(command: str, config: DictConfig, line: str, folders: list[Path]) -> None:
    from hydra.core.hydra_config import HydraConfig

    from stancelab.cli import commands
    from stancelab.cli.config import COMMANDS, build

    run = Path(os.path.relpath(HydraConfig.get().runtime.output_dir))
    folders.append(run)
    logging.captureWarnings(capture=True)
    try:
        commands.FUNCTIONS[command](build(config, COMMANDS[command]), run, line)
    except StancelabError as error:
        raise _Stop(error) from error
    except OSError as error:
        raise _Stop(StancelabError(_file_trouble(error))) from error
