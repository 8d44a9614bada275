"""What may be removed from the folder of all outputs, and its removal: nothing that a process is at work on."""

from __future__ import annotations

import re
import shutil
import time
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from stancelab.errors import ConfigError, count_of
from stancelab.files import is_locked, locked
from stancelab.layout import AT_WORK, CHECKPOINT, INTERRUPTED, MULTIRUN, TENSORBOARD
from stancelab.outputs.runs import AT_WORK_NOW, FINISHED, Run, last_change, size_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

#: The states of interrupted trainings, checkpoints, logs of the training, and whole runs with all that they hold.
STATES: Final = "states"
CHECKPOINTS: Final = "checkpoints"
RUNS: Final = "runs"
KINDS: Final = (STATES, CHECKPOINTS, TENSORBOARD, RUNS)

_DAY: Final = 24 * 3600
#: An unfinished run without a lock may be at work on another machine, which the lock does not tell on every disk.
_QUIET: Final = _DAY
_STATE: Final = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True)
class Removal:
    """Something to remove.

    Attributes:
        path: The folder.
        kind: One of `KINDS`.
        size: What it takes, in bytes.
        why: Why it may go.
        lock: The lock file that a process at work on it holds.
    """

    path: Path
    kind: str
    size: int
    why: str
    lock: Path


def plan(
    root: Path,
    runs: Sequence[Run],
    kinds: Collection[str],
    *,
    older_than: float | None = None,
    keep_best: int | None = None,
    with_states: bool = True,
) -> list[Removal]:
    """Return what would be removed, the largest first. Where both bounds are given, both have to hold.

    Args:
        root: The folder of all outputs.
        runs: The runs to look at.
        kinds: What to remove, of `KINDS`.
        older_than: Only what is older, in days.
        keep_best: Only what is not among so many best runs on dev of the same name and prepared dataset; runs without
            a score on dev, and states, are not ranked and stay.
        with_states: Whether states of interrupted trainings are looked at; they have no name to choose them by.
    """
    found: list[Removal] = []
    if STATES in kinds and with_states and older_than is not None and keep_best is None:
        found += _states(root, older_than)
    ranks = _ranks(runs)
    for run in runs:
        why = _why(run, ranks.get(run.folder), older_than, keep_best)
        if why is not None and not _in_use(run):
            found += _of_run(run, kinds, why)
    return sorted((each for each in found if _is_inside(root, each.path)), key=lambda each: -each.size)


def remove(root: Path, removals: Sequence[Removal]) -> list[str]:
    """Remove what a plan lists, and return what stays, since a process is at work on it now, one line each.

    Args:
        root: The folder of all outputs; nothing outside of it is removed.
        removals: The plan.
    """
    stay = []
    for each in removals:
        if not _is_inside(root, each.path):
            stay.append(f"{each.path}: lies outside of {root}")
            continue
        try:
            _remove(root, each)
        except ConfigError as error:
            stay.append(str(error))
    return stay


def _remove(root: Path, removal: Removal) -> None:
    busy = f"{removal.path}: a process is at work on it"
    if removal.kind == STATES:
        with locked(removal.lock, busy):
            _take_out(removal.path)
        return
    if is_locked(removal.lock):
        raise ConfigError(busy)
    _take_out(removal.path)
    if removal.kind == RUNS:
        for parent in removal.path.parents:
            if parent.resolve() == root.resolve() or not parent.is_dir() or _rest(parent):
                return
            shutil.rmtree(parent)


def _rest(folder: Path) -> list[Path]:
    """Return what keeps a folder of runs: all but the record that Hydra keeps of a sweep."""
    return [path for path in folder.iterdir() if path.name != MULTIRUN]


def _take_out(path: Path) -> None:
    """Remove a folder as a whole: what is left where this is interrupted bears no name that anything reads."""
    if not path.is_dir():
        return
    out = path.with_name(f".{path.name}.removed")
    path.replace(out)
    shutil.rmtree(out)


def _states(root: Path, older_than: float) -> list[Removal]:
    folder = root / INTERRUPTED
    paths = sorted(folder.iterdir()) if folder.is_dir() else []
    found = []
    for path in paths:
        lock = path.with_suffix(".lock")
        if not _STATE.fullmatch(path.name) or not path.is_dir() or is_locked(lock):
            continue
        days = (time.time() - last_change(path)) / _DAY
        if days > older_than:
            found.append(Removal(path, STATES, size_of(path), _age(days), lock))
    return found


def _of_run(run: Run, kinds: Collection[str], why: str) -> list[Removal]:
    if RUNS in kinds:
        return [Removal(run.folder, RUNS, run.size, why, run.folder / AT_WORK)]
    folders = {CHECKPOINTS: run.folder / CHECKPOINT, TENSORBOARD: run.folder / TENSORBOARD}
    return [
        Removal(folder, kind, size_of(folder), why, run.folder / AT_WORK)
        for kind, folder in folders.items()
        if kind in kinds and folder.is_dir()
    ]


def _ranks(runs: Sequence[Run]) -> dict[Path, tuple[int, int]]:
    """Return the rank on dev of each run, and of how many: those of one name, dataset and metric are compared."""
    groups: defaultdict[tuple[str, str, str], list[Run]] = defaultdict(list)
    for run in runs:
        if run.dev is not None and (run.folder / CHECKPOINT).is_dir():
            groups[run.name, run.dataset, run.dev.metric].append(run)
    ranks: dict[Path, tuple[int, int]] = {}
    for group in groups.values():
        # Of equals the newest is the better one: `runs` has the newest first, and sorting keeps their order.
        ranked = sorted(group, key=lambda run: -(run.dev.value if run.dev else 0.0))
        ranks |= {run.folder: (place, len(group)) for place, run in enumerate(ranked, 1)}
    return ranks


def _why(run: Run, rank: tuple[int, int] | None, older_than: float | None, keep_best: int | None) -> str | None:
    """Return why a run's files may go, None where they stay."""
    reasons = []
    if older_than is not None:
        days = (datetime.now() - datetime.fromisoformat(run.started)).total_seconds() / _DAY
        if days <= older_than:
            return None
        reasons.append(_age(days))
    if keep_best is not None:
        if rank is None or rank[0] <= keep_best:
            return None
        reasons.append(f"rank {rank[0]} of {rank[1]} on dev")
    return ", ".join(reasons) or None


def _in_use(run: Run) -> bool:
    if run.state == AT_WORK_NOW:
        return True
    return run.state != FINISHED and time.time() - last_change(run.folder) < _QUIET


def _is_inside(root: Path, path: Path) -> bool:
    """Tell whether a folder lies in another one, links followed, and is no link itself."""
    return not path.is_symlink() and path.resolve() != root.resolve() and path.resolve().is_relative_to(root.resolve())


def _age(days: float) -> str:
    return f"{count_of(int(days), 'day')} old"
