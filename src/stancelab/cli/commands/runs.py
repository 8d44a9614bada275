"""`stancelab runs`: what lies in the folder of all outputs -> a list; `stancelab runs clean` removes of it."""

from __future__ import annotations

import fnmatch
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from stancelab.cli.config import CommandConfig
from stancelab.cli.runs_list import FORMATS, listed
from stancelab.cli.steps import say
from stancelab.errors import ConfigError, count_of, did_you_mean
from stancelab.files import size_text
from stancelab.outputs.cleaning import CHECKPOINTS, KINDS, STATES, plan, remove
from stancelab.outputs.runs import FINISHED, Run, find_runs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stancelab.outputs.cleaning import Removal

LIST, CLEAN = "list", "clean"
SORTS = ("date", "name", "dev", "size")
#: The commands whose runs are listed as soon as they are begun: an unfinished training can go on.
_TRAINING = ("train", "run")
#: Those whose runs are listed where they hold a result.
_SCORING = ("evaluate", "compare", "pool", "curve")


@dataclass
class RunsSettings:
    """Which runs, in which order and form, and what is removed of them (group `runs`).

    Attributes:
        action: "list", or "clean" to remove; `stancelab runs clean` is short for it.
        name: Only runs of this name; "*" stands for any letters.
        command: Only runs of these commands, as in runs.command=predict. With [] the list has the trainings, finished
            or not, and what else holds a checkpoint or scores on test files, and clean looks at the runs of all
            commands.
        trained: Only runs that hold a checkpoint or a score on dev.
        sort: By "date" (the newest first), "name", "dev" (the best first, by name and dataset) or "size" (the largest
            first).
        limit: At most so many; null for all.
        format: "table", "json" or "csv".
        remove: With clean, what to remove: states (of interrupted trainings), checkpoints, tensorboard (logs), or runs
            (whole folders, with predictions, metrics and reports).
        older_than: With clean, only what is older than so many days.
        keep_best: With clean, keep the checkpoints of so many best runs on dev, of each name and prepared dataset.
        yes: With clean, remove without asking; needed where no terminal can be asked.
    """

    action: str = LIST
    name: str = "*"
    command: list[str] = field(default_factory=list)
    trained: bool = False
    sort: str = "date"
    limit: int | None = None
    format: str = "table"
    remove: list[str] = field(default_factory=lambda: [STATES, CHECKPOINTS])
    older_than: float | None = None
    keep_best: int | None = None
    yes: bool = False

    def problems(self) -> list[str]:
        """Return what cannot be used, one line each."""
        lines = [
            f"{key}: found {found!r}, allowed {', '.join(allowed)}.{did_you_mean(found, allowed)}"
            for key, found, allowed in (
                ("action", self.action, (LIST, CLEAN)),
                ("sort", self.sort, SORTS),
                ("format", self.format, FORMATS),
                *(("remove", kind, KINDS) for kind in self.remove),
                *(("command", command, _commands()) for command in self.command),
            )
            if found not in allowed
        ]
        if self.limit is not None and self.limit < 1:
            lines.append(f"limit: found {self.limit}, allowed 1 or more, or null")
        if self.older_than is not None and self.older_than < 0:
            lines.append(f"older_than: found {self.older_than:g}, allowed 0 or more days, or null")
        if self.keep_best is not None and self.keep_best < 0:
            lines.append(f"keep_best: found {self.keep_best}, allowed 0 or more, or null")
        return lines + self._unused()

    def _unused(self) -> list[str]:
        """Return which settings do not go with the action."""
        default = RunsSettings()
        of_clean, of_list = ("remove", "older_than", "keep_best", "yes"), ("sort", "limit", "format")
        if self.action != CLEAN:
            given = [key for key in of_clean if getattr(self, key) != getattr(default, key)]
            return [f"{key}: is for removing; write 'stancelab runs clean'" for key in given]
        given = [key for key in of_list if getattr(self, key) != getattr(default, key)]
        lines = [f"{key}: is for the list of runs, not for 'stancelab runs clean'" for key in given]
        if self.older_than is None and self.keep_best is None:
            lines.append("older_than, keep_best: give one of them, or both: runs.older_than=DAYS, runs.keep_best=N")
        return lines


@dataclass
class RunsConfig(CommandConfig):
    """List the runs in the output folder, or remove states and checkpoints: stancelab runs clean.

    Attributes:
        runs: Which runs, in which order and form, and what is removed.
    """

    examples = (
        "stancelab runs",
        "stancelab runs 'runs.name=newsmtsc*' runs.sort=dev",
        "stancelab runs runs.format=json",
        "stancelab runs clean runs.older_than=30",
        "stancelab runs clean runs.keep_best=3 runs.name=mine runs.yes=true",
    )
    words: ClassVar[dict[str, str]] = {CLEAN: "runs.action=clean", LIST: "runs.action=list"}

    name: str = "runs"
    runs: RunsSettings = field(default_factory=RunsSettings)


def execute(config: RunsConfig, run_folder: Path, command_line: str) -> None:
    """List the runs, or remove what is asked for after showing it."""
    root, settings = Path(config.output_root), config.runs
    if not root.is_dir():
        raise ConfigError(f"output_root: {root} is no folder (looked in {root.absolute().parent})")
    runs = [run for run in find_runs(root, _commands()) if _is_asked_for(run, settings)]
    if settings.action == CLEAN:
        _clean(root, runs, settings)
        return
    shown = [run for run in runs if settings.command or _is_result(run)]
    others = sorted({run.command for run in runs} - {run.command for run in shown})
    for line in listed(_sorted(shown, settings.sort)[: settings.limit], settings.format, str(root), others):
        say(line)


def _commands() -> list[str]:
    from stancelab.cli.commands import COMMANDS

    return list(COMMANDS)


def _is_asked_for(run: Run, settings: RunsSettings) -> bool:
    return (
        fnmatch.fnmatchcase(run.name, settings.name)
        and (not settings.command or run.command in settings.command)
        and (not settings.trained or run.dev is not None or run.checkpoint_size > 0)
    )


def _is_result(run: Run) -> bool:
    """Tell whether a run is a training, or holds a checkpoint or scores: tables that were predicted are none."""
    has_scores = run.dev is not None or run.checkpoint_size > 0 or bool(run.tests)
    return run.command in _TRAINING or has_scores or (run.command in _SCORING and run.state == FINISHED)


def _sorted(runs: Sequence[Run], sort: str) -> list[Run]:
    """Return the runs in an order; they come with the newest first."""
    if sort == "name":
        return sorted(runs, key=lambda run: run.name)
    if sort == "dev":
        return sorted(runs, key=lambda run: (run.dev is None, -(run.dev.value if run.dev else 0.0)))
    if sort == "size":
        return sorted(runs, key=lambda run: -run.size)
    return list(runs)


def _clean(root: Path, runs: Sequence[Run], settings: RunsSettings) -> None:
    found = plan(
        root,
        runs,
        settings.remove,
        older_than=settings.older_than,
        keep_best=settings.keep_best,
        with_states=settings.name == "*" and not settings.command,
    )
    if not found:
        say("nothing to remove")
        return
    _show(found)
    total = f"{count_of(len(found), 'folder')} with {size_text(sum(each.size for each in found))}"
    if not settings.yes:
        if not sys.stdin.isatty():
            raise ConfigError(
                f"runs.yes: nothing was removed: {total} would go, and there is no terminal to ask; runs.yes=true "
                "removes without asking"
            )
        sys.stdout.write(f"Remove {total}? [y/N] ")
        sys.stdout.flush()
        if sys.stdin.readline().strip().lower() not in ("y", "yes"):
            say("nothing was removed")
            return
    stay = remove(root, found)
    for line in stay:
        sys.stderr.write(f"stancelab: stays: {line}\n")
    say(f"removed {total}" if not stay else f"removed {len(found) - len(stay)} of {total}")


def _show(found: Sequence[Removal]) -> None:
    """Print what would be removed."""
    widths = [max(len(size_text(each.size)) for each in found), max(len(each.kind) for each in found)]
    for each in found:
        say(f"{size_text(each.size):>{widths[0]}}  {each.kind:<{widths[1]}}  {each.path}  ({each.why})")
