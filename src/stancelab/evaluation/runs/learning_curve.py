"""Runs on samples of one train split: for each size of sample its systems, one run for each sample."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from stancelab.errors import ConfigError, DataError, count_of, list_problems
from stancelab.evaluation.checks import check_one_training
from stancelab.evaluation.runs.read import (
    Answers,
    Gathered,
    are_alike,
    read_answers,
    shared_classes,
    shared_metric,
    shared_provenance,
    shared_tests,
)
from stancelab.results import Results, TrainingSample, read_results

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from stancelab.evaluation.runs.external import ExternalPredictions
    from stancelab.schema import Example

#: The settings of `split` that keep fewer training rows -> the unit that a size is named by.
SAMPLING: Final = {"train_share": "percent", "train_rows": "rows", "shots": "shots"}
_ALL: Final = TrainingSample(setting="train_share", amount=1.0)


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
    results: Results
    sample: TrainingSample
    train_rows: int


def gather_sizes(folders: Sequence[Path], chosen: Sequence[str] = ()) -> list[Size]:
    """Read runs that differ by how much of train they have, the smallest size first.

    Args:
        folders: What `run` or `evaluate` has written, for one corpus with the same test rows; the size is the run's
            `split.train_share`, `split.train_rows` or `split.shots`, all of train where none is set.
        chosen: The test files to compare on, all that the runs share where it is empty; the others may differ.

    Raises:
        ConfigError: All runs are of one size, or there is a chosen test file that they do not share.
        DataError: A folder holds no evaluation, does not say its size, scores a checkpoint that was trained on another
            sample, or has other test rows, or the runs have no test file in common.
    """
    by_size: dict[TrainingSample, list[_Run]] = {}
    for folder in folders:
        run = _read(folder)
        by_size.setdefault(run.sample, []).append(run)
    if len(by_size) < 2:
        raise ConfigError(
            f"curve: found {count_of(len(folders), 'run')} of {count_of(len(by_size), 'size')}; expected runs "
            f"that differ by {' or '.join(f'split.{name}' for name in SAMPLING)}"
        )
    results = {str(run.folder): run.results for runs in by_size.values() for run in runs}
    names, classes = shared_tests(results, chosen), shared_classes(results)
    tests: dict[str, list[Example]] = {}
    sizes = [_size(sample, runs, names, tests, classes) for sample, runs in by_size.items()]
    return sorted(sizes, key=lambda size: size.train_rows)


def _read(folder: Path) -> _Run:
    results = read_results(folder)
    if results.provenance.commands:
        raise DataError(
            f"{folder}: is of several evaluations, which 'compare', 'pool' or 'curve' put together; give what 'run' or "
            "'evaluate' has written"
        )
    dataset = results.provenance.dataset
    rows = dataset.counts.get("train", {}).get("rows") if dataset else None
    if dataset is None or rows is None:
        raise DataError(f"{folder}: does not say how much of train it had; give what 'run' or 'evaluate' has written")
    other = [
        f"{each.name}: trained on "
        + ("another dataset" if each.train_rows is None else count_of(each.train_rows, "row"))
        for each in results.provenance.checkpoints
        if each.train_rows != rows
    ]
    if other:
        raise DataError(
            f"{folder}: evaluated beside a train split of {count_of(rows, 'row')}; evaluate each checkpoint "
            f"with the split "
            f"settings that it was trained with\n{list_problems(other)}"
        )
    return _Run(folder, results, dataset.sample or _ALL, rows)


def _size(
    sample: TrainingSample,
    runs: Sequence[_Run],
    names: Sequence[str],
    tests: dict[str, list[Example]],
    classes: Sequence[str],
) -> Size:
    unit = SAMPLING[sample.setting]
    number = f"{100 * sample.amount:g}" if unit == "percent" else f"{sample.amount:g}"
    noun = "row" if sample.amount == 1 else "rows"
    rows_told = f"{number} {noun}"
    title = {"percent": f"{number}% of train", "rows": rows_told, "shots": f"{rows_told} of each stance"}[unit]
    by_name: dict[str, list[list[Answers]]] = {}
    for run in runs:
        own: dict[str, list[Answers]] = {}
        for each in read_answers(str(run.folder), run.folder, run.results, names, tests):
            own.setdefault(each.name, []).append(each)
        for name, answers in own.items():
            by_name.setdefault(name, []).append(answers)
    systems = [system for name, answers in by_name.items() for system in _as_runs(name, answers)]
    results = {str(run.folder): run.results for run in runs}
    first = runs[0].results.provenance
    called = first.title or (first.dataset.name if first.dataset else "")
    provenance = shared_provenance(results, f"{called}, {title}")
    check_one_training(provenance.checkpoints, ("dataset", "train_rows"))
    rows = {name: tests[name] for name in names}
    gathered = Gathered(systems, rows, provenance, shared_metric(results), classes=classes)
    return Size(f"{number}{unit}", title, sum(run.train_rows for run in runs) / len(runs), gathered)


def _as_runs(name: str, runs: Sequence[Sequence[Answers]]) -> list[ExternalPredictions]:
    """Return one system's runs: each sample of train gives another, unless all answer the same."""
    if all(are_alike(runs[0], other) for other in runs[1:]):
        return [each.as_system() for each in runs[0]]
    answers = [each for run in runs for each in run]
    seeds = [each.seed for each in answers]
    if None in seeds or len(set(seeds)) < len(seeds):
        return [each.as_system(name, number) for number, each in enumerate(answers)]
    return [each.as_system() for each in answers]
