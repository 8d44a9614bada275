"""Whether a system's score on a slice differs from that on other rows: tests of slices within one system.

Every slice with enough rows is compared with the rows that have another value of its attribute, by accuracy, and Holm's
correction is over all of them: among many slices the lowest one is low by chance. Some attributes of two values are
questions of their own, asked before any score is seen; they are compared on the primary metric and corrected among
themselves.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from stancelab.metrics.bootstrap import Interval
from stancelab.metrics.classification import LEFT_OUT, confusions_by_run, scores_of_confusions
from stancelab.metrics.intervals import FEWEST_UNITS
from stancelab.metrics.jackknife import Difference, Variances, corrected, differences, left_out
from stancelab.results import SliceContrast

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping, Sequence

    from numpy.typing import NDArray

    from stancelab.evaluation.gold_rows import GoldRows
    from stancelab.evaluation.slices import SliceRows
    from stancelab.metrics.classes import Classes
    from stancelab.metrics.classification import Floats, Ids

#: Sets of fewer rows are not compared.
FEWEST_ROWS: Final = 30
#: Nor are sets with fewer wrong or fewer right answers, means over runs: where nearly all answers are alike, their
#: variance is estimated too low.
FEWEST_ANSWERS: Final = 5
#: Attributes of two values whose scores are compared with one another.
CONTRASTS: Final = (
    ("stances_in_sentence", "one", "several"),
    ("target_in_train", "yes", "no"),
    ("document_in_train", "yes", "no"),
)


def compare_with_others(
    slices: Sequence[SliceRows], test: GoldRows, predicted: Sequence[Ids], members: Mapping[str, Sequence[int]]
) -> dict[str, list[Difference | None]]:
    """Return for each system how its accuracy on each slice differs from that on the rows with another value.

    Holm's correction is over the different comparisons of one system; one that two slices share, such as those of an
    attribute of two values, counts once.

    Args:
        slices: The slices.
        test: The test file.
        predicted: What each run predicts, shape (rows,).
        members: Name of each system -> which runs are its own.

    Returns:
        By system, for each slice the difference; None where it is not tested.
    """
    found: dict[str, list[Difference | None]] = {}
    for name, numbers in members.items():
        measured: list[Variances | None] = [None] * len(slices)
        if not _abstains(predicted, numbers):
            measured = measure_slices(slices, test, [predicted[number] for number in numbers])
        family = different(slices, measured)
        tested = dict(zip(family, differences(list(family.values())), strict=True))
        found[name] = [
            None if each is None else _with_sign(tested[_key(part)], each.mean)
            for part, each in zip(slices, measured, strict=True)
        ]
    return found


def measure_slices(slices: Sequence[SliceRows], test: GoldRows, predicted: Sequence[Ids]) -> list[Variances | None]:
    """Return how one system's accuracy on each slice differs from that on the other rows, with the variances.

    Args:
        slices: The slices.
        test: The test file.
        predicted: What each of its runs predicts, shape (rows,).

    Returns:
        For each slice the difference; None where it is not tested.
    """
    right = np.stack([run == test.gold for run in predicted], axis=1)
    counts_of = _accuracy_counts(right)
    return [_measured(test.units, (each.rows, each.others), right, counts_of, _accuracy) for each in slices]


def different(slices: Sequence[SliceRows], measured: Sequence[Variances | None]) -> dict[Hashable, Variances]:
    """Return the different ones of the differences that are tested; two slices may share one."""
    return {_key(part): each for part, each in zip(slices, measured, strict=True) if each is not None}


def _key(part: SliceRows) -> Hashable:
    return frozenset((part.rows.tobytes(), part.others.tobytes()))


def _with_sign(found: Difference, mean: float) -> Difference:
    """Return a difference as that of the first set minus the second, where another slice gave the two the other way."""
    if (found.difference < 0) == (mean < 0):
        return found
    return replace(found, difference=mean, interval=Interval(-found.interval.high, -found.interval.low))


def compare_contrasts(
    slices: Sequence[SliceRows],
    test: GoldRows,
    predicted: Sequence[Ids],
    members: Mapping[str, Sequence[int]],
    primary: str,
) -> dict[str, list[SliceContrast]]:
    """Return for each system the contrasts of `CONTRASTS` that the test file has; Holm's correction is over them.

    The metric is the primary one; where one of the two slices lacks a class, so that means over classes cannot be
    compared, it is accuracy.

    Args:
        slices: The slices.
        test: The test file.
        predicted: What each run predicts, shape (rows,).
        members: Name of each system -> which runs are its own.
        primary: One of `PRIMARY_METRICS`.
    """
    by_key = {(each.attribute, each.value): each.rows for each in slices}
    asked = [
        (attribute, (first, second), (by_key[attribute, first], by_key[attribute, second]))
        for attribute, first, second in CONTRASTS
        if (attribute, first) in by_key and (attribute, second) in by_key
    ]
    found: dict[str, list[SliceContrast]] = {}
    for name, numbers in members.items():
        own = [predicted[number] for number in numbers]
        right = np.stack([run == test.gold for run in own], axis=1)
        metrics = [primary if _have_all_classes(test, rows) else "accuracy" for *_, rows in asked]
        tested = [
            None
            if _abstains(predicted, numbers)
            else _measured(
                test.units, rows, right, _confusion_counts(test.gold, own), statistic_of(metric, test.classes)
            )
            for (*_, rows), metric in zip(asked, metrics, strict=True)
        ]
        # Few, and of a metric of their own: the variance between runs is that of each alone.
        alone = [(each.mean, *each.tested(each.runs - 1)) for each in tested if each is not None]
        after = iter(corrected([Difference(*each, each[-1]) for each in alone]))
        found[name] = [
            SliceContrast(
                attribute=attribute, values=values, metric=metric, tested=None if each is None else next(after)
            )
            for (attribute, values, _), metric, each in zip(asked, metrics, tested, strict=True)
        ]
    return found


def _abstains(predicted: Sequence[Ids], numbers: Sequence[int]) -> bool:
    """Tell whether a run leaves rows out: which ones, and so what its slices hold, is then its own choice."""
    return any((predicted[number] == LEFT_OUT).any() for number in numbers)


def _measured(
    units: Ids,
    sides: tuple[Ids, Ids],
    right: NDArray[np.bool_],
    counts_of: Callable[[Ids, Ids, int], NDArray[np.number]],
    statistic: Callable[[NDArray[np.number]], Floats],
) -> Variances | None:
    """Return the difference of a score between two sets of rows and its variances, None where it is not tested.

    Args:
        units: The resampling unit of each row of the test file.
        sides: The places of the rows of either set.
        right: Whether each run is right on each row of the test file, shape (rows, runs).
        counts_of: Takes rows, their units from 0 on and the number of units; returns counts by unit and run.
        statistic: Their score.
    """
    fewest = min(len(np.unique(units[rows])) for rows in sides)
    if fewest < FEWEST_UNITS or not _enough_answers(sides, right):
        return None
    numbered = np.unique(units[np.concatenate(sides)], return_inverse=True)[1]
    n_units = int(numbered.max()) + 1
    first, second = (
        counts_of(rows, own, n_units) for rows, own in zip(sides, np.split(numbered, [len(sides[0])]), strict=True)
    )
    points = statistic(first.sum(axis=0)) - statistic(second.sum(axis=0))
    return Variances.of(points, left_out(first, statistic) - left_out(second, statistic), fewest)


def _enough_answers(sides: tuple[Ids, Ids], right: NDArray[np.bool_]) -> bool:
    runs = right.shape[1]
    hits = [int(right[rows].sum()) for rows in sides]
    misses = [len(rows) * runs - own for rows, own in zip(sides, hits, strict=True)]
    return min(map(len, sides)) >= FEWEST_ROWS and min(*hits, *misses) >= FEWEST_ANSWERS * runs


def _have_all_classes(test: GoldRows, sides: tuple[Ids, Ids]) -> bool:
    return all(all(test.counts(rows).values()) for rows in sides)


def _accuracy_counts(right: NDArray[np.bool_]) -> Callable[[Ids, Ids, int], NDArray[np.number]]:
    def counts(rows: Ids, units: Ids, n_units: int) -> NDArray[np.number]:
        """Return rows that are right and rows, shape (units, runs, 2)."""
        hits = [np.bincount(units, run, minlength=n_units) for run in right[rows].T]
        return np.stack([np.stack(hits, axis=1), _rows_by(units, n_units, right.shape[1])], axis=2)

    return counts


def _rows_by(units: Ids, n_units: int, runs: int) -> NDArray[np.number]:
    return np.repeat(np.bincount(units, minlength=n_units)[:, None], runs, axis=1)


def _accuracy(counts: NDArray[np.number]) -> Floats:
    return np.asarray(counts[..., 0] / counts[..., 1])


def _confusion_counts(gold: Ids, predicted: Sequence[Ids]) -> Callable[[Ids, Ids, int], NDArray[np.number]]:
    def counts(rows: Ids, units: Ids, n_units: int) -> NDArray[np.number]:
        """Return confusion matrices, shape (units, runs, 3, 3)."""
        return confusions_by_run(units, n_units, gold[rows], [run[rows] for run in predicted])

    return counts


def statistic_of(name: str, classes: Classes) -> Callable[[NDArray[np.number]], Floats]:
    """Return the function that takes confusion matrices, shape (..., 3, 3), and returns one of `PRIMARY_METRICS`."""
    return lambda counts: np.asarray(getattr(scores_of_confusions(counts, classes), name))
