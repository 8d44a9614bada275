"""Runs on samples of one train split -> for each size of sample the systems of its runs, the draws as their seeds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from stancelab.errors import ConfigError, DataError, list_problems
from stancelab.evaluation.runs.read import (
    Answers,
    Gathered,
    are_alike,
    context_of,
    read_answers,
    read_metrics,
    shared_tests,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from stancelab.evaluation.runs.external import SavedPredictions
    from stancelab.schema import Example

#: The settings of `split` that keep fewer training rows -> the unit that a size is named by.
SAMPLING: Final = {"train_share": "percent", "train_rows": "rows", "shots": "shots"}


@dataclass(frozen=True)
class Size:
    """All runs on samples of one size.

    Attributes:
        name: Such as "25percent", "500rows" or "8shots"; names a folder.
        title: The same in words.
        train_rows: Training rows, mean over the runs; whole texts are kept, so that samples differ by a few rows.
        gathered: Their systems: one that answers alike in all runs stands once, others once for each run.
    """

    name: str
    title: str
    train_rows: float
    gathered: Gathered


@dataclass(frozen=True)
class _Run:
    folder: Path
    metrics: dict[str, Any]
    sampled: tuple[str, float]
    train_rows: int


def gather_sizes(folders: Sequence[Path]) -> list[Size]:
    """Read runs that differ by how much of train they have, the smallest size first.

    Args:
        folders: What `run` or `evaluate` has written, for one corpus with the same test rows; the size is the run's
            `split.train_share`, `split.train_rows` or `split.shots`, all of train where none is set.

    Raises:
        ConfigError: All runs are of one size.
        DataError: A folder holds no evaluation, does not say its size, scores a checkpoint that was trained on another
            sample, or has other test rows, or the runs have no test file in common.
    """
    by_size: dict[tuple[str, float], list[_Run]] = {}
    for folder in folders:
        run = _read(folder)
        by_size.setdefault(run.sampled, []).append(run)
    if len(by_size) < 2:
        raise ConfigError(
            f"curve: found {len(folders)} run{'' if len(folders) == 1 else 's'} of {len(by_size)} size; expected runs "
            f"that differ by {' or '.join(f'split.{name}' for name in SAMPLING)}"
        )
    names = shared_tests({str(run.folder): run.metrics for runs in by_size.values() for run in runs})
    tests: dict[str, list[Example]] = {}
    sizes = [_size(sampled, runs, names, tests) for sampled, runs in by_size.items()]
    return sorted(sizes, key=lambda size: size.train_rows)


def _read(folder: Path) -> _Run:
    metrics = read_metrics(folder)
    context = metrics["context"]
    split = (context.get("config") or {}).get("split")
    rows = ((context.get("dataset") or {}).get("counts") or {}).get("train", {}).get("rows")
    if split is None or rows is None:
        raise DataError(f"{folder}: does not say how much of train it had; give what 'run' or 'evaluate' has written")
    other = [
        f"{each['name']}: trained on {trained:,} rows"
        for each in context.get("checkpoints", [])
        if (trained := (each.get("trained_on") or {}).get("train_rows")) != rows
    ]
    if other:
        raise DataError(
            f"{folder}: evaluated beside a train split of {rows:,} rows; evaluate each checkpoint with the split "
            f"settings that it was trained with\n{list_problems(other)}"
        )
    sampled = next(((name, split[name]) for name in SAMPLING if split.get(name) is not None), ("train_share", 1.0))
    return _Run(folder, metrics, sampled, rows)


def _size(
    sampled: tuple[str, float], runs: Sequence[_Run], names: Sequence[str], tests: dict[str, list[Example]]
) -> Size:
    unit, amount = SAMPLING[sampled[0]], sampled[1]
    number = f"{100 * amount:g}" if unit == "percent" else f"{amount:g}"
    title = {"percent": f"{number}% of train", "rows": f"{number} rows", "shots": f"{number} rows of each stance"}[unit]
    by_name: dict[str, list[list[Answers]]] = {}
    for run in runs:
        own: dict[str, list[Answers]] = {}
        for each in read_answers(str(run.folder), run.folder, run.metrics, names, tests):
            own.setdefault(each.name, []).append(each)
        for name, answers in own.items():
            by_name.setdefault(name, []).append(answers)
    systems = [system for name, answers in by_name.items() for system in _as_seeds(name, answers)]
    baselines = list(
        dict.fromkeys(each.name for own in by_name.values() for run in own for each in run if each.is_baseline)
    )
    return Size(
        f"{number}{unit}",
        title,
        sum(run.train_rows for run in runs) / len(runs),
        Gathered(systems, {name: tests[name] for name in names}, _context(runs, baselines, title)),
    )


def _as_seeds(name: str, runs: Sequence[Sequence[Answers]]) -> list[SavedPredictions]:
    """Return one system's runs: each draw of train gives another, unless all answer the same."""
    if all(are_alike(runs[0], other) for other in runs[1:]):
        return [each.as_system() for each in runs[0]]
    answers = [each for run in runs for each in run]
    seeds = [each.seed for each in answers]
    if None in seeds or len(set(seeds)) < len(seeds):
        return [each.as_system(name, number) for number, each in enumerate(answers)]
    return [each.as_system() for each in answers]


def _context(runs: Sequence[_Run], baselines: list[str], title: str) -> dict[str, Any]:
    metrics: Mapping[str, Mapping[str, Any]] = {str(run.folder): run.metrics for run in runs}
    first = runs[0].metrics["context"]
    return {
        **context_of(metrics, baselines),
        "title": f"{first.get('title')}, {title}",
        "commands": list(dict.fromkeys(run.metrics["context"].get("command", "") for run in runs)),
    }
