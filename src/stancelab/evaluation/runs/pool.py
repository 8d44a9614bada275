"""The folds of cross-validations as one evaluation of all rows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from stancelab.errors import ConfigError, DataError, count_of, list_problems, shorten, verb
from stancelab.evaluation.checks import check_one_training
from stancelab.evaluation.learners import Folds
from stancelab.evaluation.runs.external import ExternalPredictions
from stancelab.evaluation.runs.read import (
    Answers,
    Gathered,
    read_answers,
    shared_classes,
    shared_metric,
    shared_provenance,
)
from stancelab.results import Pooled, read_results

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from stancelab.results import DatasetProvenance, Results
    from stancelab.schema import Example

#: The kinds of split whose tests are the parts of a partition -> the setting that says which part is the test.
PART: Final = {"kfold": "fold", "leave_target_out": "target"}
#: Why rows are left out when a dataset is divided; they are in the tests of other folds.
_DIVIDED: Final = ("straddling", "leaked", "not_sampled")
#: Settings that are of another kind of split and say nothing here.
_OF_OTHERS: Final = ("test", "sample_seed")


@dataclass(frozen=True)
class _Fold:
    """One evaluation as a part of a partition.

    Attributes:
        label: Its name.
        results: What it found.
        kind: The kind of split.
        seed: The seed of the partition.
        part: Which part is its test: the number of a fold, or a target.
        settings: The settings that all parts of all partitions share.
        data_key: What tells the rows that it was divided from; "" where that is not known.
    """

    label: str
    results: Results
    kind: str
    seed: int
    part: Any
    settings: dict[str, Any]
    data_key: str


def gather_folds(runs: Mapping[str, Path], *, partial: bool = False) -> Gathered:
    """Read the predictions of the folds of one or several cross-validations.

    Each row is a test row in one fold of each partition. With several partitions, which differ by `split.seed`, the
    answers of each partition are one run of a system, as those of each seed are.

    Args:
        runs: Name of each run -> its folder; all have the same systems, with the same seeds, and test files of the
            same names.
        partial: Whether some folds of a partition may be missing; the title then says so.

    Raises:
        ConfigError: Fewer than two runs, or folds of one system that were trained with different settings.
        DataError: A folder holds no evaluation or one of no fold, folds of a partition are missing or occur twice,
            their settings or data differ, the runs have other systems or test files, or a row occurs twice.
    """
    if len(runs) < 2:
        raise ConfigError(f"pool: found {len(runs)} run, expected the evaluations of two or more folds")
    folds = [_as_fold(label, read_results(folder)) for label, folder in runs.items()]
    _check_alike(folds)
    partitions: dict[int, list[_Fold]] = {}
    for fold in folds:
        partitions.setdefault(fold.seed, []).append(fold)
    for seed, own in partitions.items():
        _check_complete(seed, own, partial=partial)
    names = list(folds[0].results.tests)
    read = [_read_partition(own, runs, names) for own in partitions.values()]
    _check_same_rows(list(partitions), read)
    results = {fold.label: fold.results for fold in folds}
    title = f"{folds[0].results.provenance.title or folds[0].label}, {_folds_told(partitions[folds[0].seed])}"
    provenance = shared_provenance(results, title if len(read) == 1 else f"{title}, {len(read)} partitions")
    check_one_training(provenance.checkpoints, ("dataset", "train_rows"))
    pooled = Pooled(
        kind=folds[0].kind,
        folds=len(partitions[folds[0].seed]),
        seeds=list(partitions),
        test_to_train=float(np.mean([_test_to_train(fold) for fold in folds])),
    )
    systems = _systems(read, list(partitions))
    tests = {name: read[0].tests[name] for name in names}
    return Gathered(
        [system for system, _ in systems],
        tests,
        replace(provenance, pooled=pooled),
        shared_metric(results),
        {name: _folds_of(tests[name], systems, read, pooled) for name in names},
        shared_classes(results),
    )


@dataclass(frozen=True)
class _Partition:
    """What all folds of one partition answered.

    Attributes:
        tests: The rows by test file.
        answers: By name and seed of each run, its answers in each fold.
        fold_of: Row id -> the number of its fold.
    """

    tests: dict[str, list[Example]]
    answers: dict[tuple[str, int | None], list[Answers]]
    fold_of: dict[str, int]


def _as_fold(label: str, results: Results) -> _Fold:
    dataset: DatasetProvenance | None = results.provenance.dataset
    split = {} if dataset is None else dict(dataset.split)
    kind = split.pop("kind", None)
    if kind not in PART:
        found = "does not say its split" if kind is None else f"is of split={kind}"
        raise DataError(
            f"{label}: {found}; pool takes the folds of one cross-validation, which 'run' or 'evaluate' has written "
            f"with split={' or split='.join(PART)}"
        )
    part = split.pop(PART[kind])
    seed = split.pop("seed")
    others = {name: value for name, value in split.items() if name not in (*PART.values(), *_OF_OTHERS)}
    name, data_key = (dataset.name, dataset.data_key) if dataset else ("", "")
    return _Fold(label, results, kind, seed, part, {"kind": kind, "data": name, **others}, data_key)


def _check_alike(folds: Sequence[_Fold]) -> None:
    first = folds[0]
    for fold in folds[1:]:
        differences = [
            f"{name}: {first.settings.get(name)!r} in {first.label}, {value!r} in {fold.label}"
            for name, value in fold.settings.items()
            if first.settings.get(name) != value
        ]
        if differences:
            raise DataError(f"the folds are not of one partition, their split differs:\n{list_problems(differences)}")
        if fold.data_key and first.data_key and fold.data_key != first.data_key:
            raise DataError(
                f"the folds are not of one partition: {first.label} and {fold.label} were divided from other rows (the "
                "input files, corrections or settings of data were others); evaluate all folds on the same data"
            )
        if set(fold.results.tests) != set(first.results.tests):
            raise DataError(f"{fold.label} has other test files than {first.label}; folds have the same")


def _check_complete(seed: int, folds: Sequence[_Fold], *, partial: bool) -> None:
    """Check that each part of a partition is there once."""
    labels: dict[Any, list[str]] = {}
    for fold in folds:
        labels.setdefault(fold.part, []).append(fold.label)
    name = PART[folds[0].kind]
    problems = [
        f"{name} {part!r} is given {len(own)} times: {', '.join(own)}" for part, own in labels.items() if own[1:]
    ]
    if folds[0].kind == "kfold":
        missing = [part for part in range(folds[0].settings["folds"]) if part not in labels]
        problems += [f"fold {part} is missing" for part in missing if not partial]
    elif not partial and (rows := _rows_told(folds)) is not None:
        problems.append(f"targets are missing: the folds of {', '.join(map(repr, labels))} test {rows}")
    if problems:
        raise DataError(
            f"the partition of split.seed={seed} is not complete; each of its folds is to be given once "
            f"(partial=true pools those that there are):\n{list_problems(problems)}"
        )


def _folds_told(folds: Sequence[_Fold]) -> str:
    """Return how many folds a partition has here, and of how many, for a title."""
    if folds[0].kind == "kfold":
        there_are = folds[0].settings["folds"]
        found = "" if len(folds) == there_are else f"{len(folds)} of "
        return f"{found}{count_of(there_are, 'fold')}"
    rows = _rows_told(folds)
    return count_of(len(folds), "fold") + (f", {rows}" if rows else "")


def _rows_told(folds: Sequence[_Fold]) -> str | None:
    """Return how many of a dataset's rows some folds test, None where that is all or not known."""
    tested = sum(test.rows for fold in folds for test in fold.results.tests.values())
    rows = max(map(_rows_of, folds))
    return f"{tested:,} of {count_of(rows, 'row')}" if tested < rows else None


def _rows_of(fold: _Fold) -> int:
    """Return how many rows were divided for a fold: those of its splits and those that division took out; 0 if unknown.

    Test files that were not evaluated do not count.
    """
    dataset = fold.results.provenance.dataset
    removed = {} if dataset is None else dataset.audit.get("removed", {})
    if dataset is None or not removed:
        return 0
    unseen = [name for name in dataset.counts if name.startswith("test") and name not in fold.results.tests]
    kept = sum(part["rows"] for name, part in dataset.counts.items() if name not in unseen)
    return int(kept + sum(removed.get(name, 0) for name in _DIVIDED))


def _read_partition(folds: Sequence[_Fold], runs: Mapping[str, Path], names: Sequence[str]) -> _Partition:
    tests: dict[str, list[Example]] = {name: [] for name in names}
    answers: dict[tuple[str, int | None], list[Answers]] = {}
    fold_of: dict[str, int] = {}
    for number, fold in enumerate(folds):
        own: dict[str, list[Example]] = {}
        for each in read_answers(fold.label, runs[fold.label], fold.results, names, own):
            answers.setdefault((each.name, each.seed), []).append(each)
        for name, rows in own.items():
            known = {row.id for row in tests[name]}
            twice = [f"id {shorten(row.id)!r}" for row in rows if row.id in known]
            if twice:
                raise DataError(f"{fold.label}: {name} has rows that another fold has too:\n{list_problems(twice)}")
            tests[name] += rows
            fold_of |= {row.id: number for row in rows}
    lacking = [
        f"{name}{'' if seed is None else f' (seed {seed})'}: only in {', '.join(each.label for each in own)}"
        for (name, seed), own in answers.items()
        if len(own) < len(folds)
    ]
    if lacking:
        raise DataError(f"the folds have other systems or seeds:\n{list_problems(lacking)}")
    return _Partition(tests, answers, fold_of)


def _check_same_rows(seeds: Sequence[int], read: Sequence[_Partition]) -> None:
    for seed, partition in zip(seeds[1:], read[1:], strict=True):
        if partition.fold_of.keys() != read[0].fold_of.keys():
            one = len(partition.fold_of.keys() ^ read[0].fold_of.keys())
            raise DataError(
                f"split.seed={seed}: {count_of(one, 'row')} {verb(one, 'is', 'are')} not of split.seed={seeds[0]}"
            )
        if partition.answers.keys() != read[0].answers.keys():
            raise DataError(f"split.seed={seed} has other systems or seeds than split.seed={seeds[0]}")


def _systems(read: Sequence[_Partition], seeds: Sequence[int]) -> list[tuple[ExternalPredictions, int]]:
    """Return one run of each system for each of its seeds and each partition, with the number of the partition.

    With several partitions the runs are numbered, since a seed occurs in each of them.
    """
    found = []
    for name, seed in read[0].answers:
        for number, partition in enumerate(read):
            place = [own for other, own in read[0].answers if other == name].index(seed)
            run = seed if len(seeds) == 1 else place * len(seeds) + number
            found.append((_pooled(partition.answers[name, seed], run), number))
    return found


def _pooled(folds: Sequence[Answers], seed: int | None) -> ExternalPredictions:
    """Return one run of a system with its answers of all folds."""
    overlaps = [fold.overlap for fold in folds]
    known = [each for each in overlaps if each is not None]
    return ExternalPredictions(
        folds[0].name,
        seed,
        {key: row for fold in folds for key, row in fold.by_id.items()},
        has_probabilities=all(fold.has_probabilities for fold in folds),
        is_baseline=folds[0].is_baseline,
        overlap={key: value for each in known for key, value in each.items()} if len(known) == len(overlaps) else None,
    )


def _folds_of(
    rows: Sequence[Example],
    systems: Sequence[tuple[ExternalPredictions, int]],
    read: Sequence[_Partition],
    pooled: Pooled,
) -> Folds:
    """Return the fold of each row for each run; the folds of another partition have numbers of their own."""
    numbers = [
        np.array([partition.fold_of[row.id] + place * pooled.folds for row in rows], dtype=np.int64)
        for place, partition in enumerate(read)
    ]
    by_run = {(system.name, system.seed): numbers[place] for system, place in systems}
    return Folds(by_run, pooled.test_to_train)


def _test_to_train(fold: _Fold) -> float:
    """Return the test rows of a fold divided by its training rows."""
    dataset = fold.results.provenance.dataset
    train = dataset.counts.get("train", {}).get("rows", 0) if dataset else 0
    if not train:
        raise DataError(f"{fold.label}: does not say how many training rows it has; evaluate again")
    return sum(test.rows for test in fold.results.tests.values()) / train
