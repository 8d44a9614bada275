"""What slices of a test file hold, every metric of each system on each of them, and which of them differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stancelab.evaluation.slice_tests import compare_with_others, statistic_of
from stancelab.metrics.calibration import expected_calibration_error, reliability_bins, risk_coverage
from stancelab.metrics.classification import confusions_by_run, predicted_ids, proper_losses, scores_of_confusions
from stancelab.metrics.intervals import FEWEST_UNITS
from stancelab.metrics.jackknife import estimate, left_out, within_unit
from stancelab.metrics.names import CLASSIFICATION_METRICS, PRIMARY_METRICS, PROBABILITY_METRICS
from stancelab.results import Scores, Slice, SliceScores
from stancelab.schema import STANCES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from stancelab.evaluation.gold_rows import GoldRows
    from stancelab.evaluation.settings import EvaluationSettings
    from stancelab.evaluation.slices import SliceRows
    from stancelab.metrics.bootstrap import Interval
    from stancelab.metrics.classes import Classes
    from stancelab.metrics.classification import Floats, Ids


def describe_slices(slices: Sequence[SliceRows], test: GoldRows) -> list[Slice]:
    """Return what each slice is and holds, as metrics.json has it."""
    return [
        Slice(
            attribute=each.attribute,
            value=each.value,
            rows=len(each.rows),
            units=len(np.unique(test.units[each.rows])),
            classes=test.counts(each.rows),
        )
        for each in slices
    ]


def score_slices(
    slices: Sequence[SliceRows],
    test: GoldRows,
    runs: Sequence[Floats],
    members: Mapping[str, Sequence[int]],
    labels_only: Sequence[bool],
    settings: EvaluationSettings,
) -> dict[str, list[SliceScores]]:
    """Return for each system its scores on each slice, means over its runs, with 95% intervals.

    Args:
        slices: The slices.
        test: The test file.
        runs: The probabilities of each run, shape (rows, 3).
        members: Name of each system -> which runs are its own.
        labels_only: For each run whether its probabilities stand for labels alone and are not scored.
        settings: Bins of confidence.
    """
    predicted = [predicted_ids(run) for run in runs]
    losses = [None if labels else proper_losses(test.gold, run) for run, labels in zip(runs, labels_only, strict=True)]
    tested = compare_with_others(slices, test, predicted, members)
    scored: dict[str, list[SliceScores]] = {name: [] for name in members}
    for place, each in enumerate(slices):
        counts = _confusions(each.rows, test, predicted)
        points = scores_of_confusions(counts.sum(axis=0), test.classes)
        of_probabilities = [
            None if own_losses is None else _probability_scores(each.rows, test.gold, run, own_losses, settings.bins)
            for run, own_losses in zip(runs, losses, strict=True)
        ]
        answered = counts.sum(axis=(0, 2, 3))
        for name, numbers in members.items():
            own = [number for number in numbers if answered[number]]
            means = {metric: float(getattr(points, metric)[own].mean()) for metric in CLASSIFICATION_METRICS if own}
            means |= _mean_over([of_probabilities[number] for number in own]) if own else {}
            scored[name].append(
                SliceScores(
                    scores=Scores(**means) if own else None,
                    intervals=_intervals(counts[:, own], test.classes),
                    others=tested[name][place],
                    answered=_answered(counts[:, list(numbers)], len(each.rows), test.classes),
                )
            )
    return scored


def _confusions(rows: Ids, test: GoldRows, predicted: Sequence[Ids]) -> Ids:
    """Return the confusion matrices of some rows by unit and run, shape (units, runs, 3, 3)."""
    units = np.unique(test.units[rows], return_inverse=True)[1]
    n_units = int(units.max()) + 1
    return confusions_by_run(units, n_units, test.gold[rows], [run[rows] for run in predicted])


def _answered(counts: Ids, rows: int, classes: Classes) -> dict[str, float] | None:
    """Return by class how many rows are answered, means over runs; None where all runs answer all rows.

    Args:
        counts: Confusion matrices by unit and run, shape (units, runs, 3, 4).
        rows: How many rows there are.
        classes: The ids of the task's classes.
    """
    by_run = counts.sum(axis=(0, 3))
    if (by_run.sum(axis=1) == rows).all():
        return None
    return {STANCES[each]: float(by_run[:, each].mean()) for each in classes}


def _intervals(counts: Ids, classes: Classes) -> dict[str, Interval]:
    """Return by metric the interval of the mean over runs; none where there are too few units or nothing varies."""
    counts = counts[counts.any(axis=(1, 2, 3))]  # a unit of which no row is answered tells nothing
    if len(counts) < FEWEST_UNITS:
        return {}
    found = {}
    for metric in PRIMARY_METRICS:
        statistic = statistic_of(metric, classes)
        points, changes = statistic(counts.sum(axis=0)), left_out(counts, statistic)
        interval = within_unit(estimate(points, changes, len(counts))[0])
        # Where nothing varies, as where all answers are right, the variance is not 0 but not known.
        if interval.low < interval.high:
            found[metric] = interval
    return found


def _probability_scores(
    rows: Ids, gold: Ids, run: Floats, losses: tuple[Floats, Floats], bins: int
) -> tuple[float, ...]:
    """Return the scores of the probabilities of some rows, in the order of `PROBABILITY_METRICS`."""
    brier, nll = losses
    return (
        float(brier[rows].mean()),
        float(nll[rows].mean()),
        expected_calibration_error(reliability_bins(gold[rows], run[rows], bins)),
        risk_coverage(gold[rows], run[rows]).area,
    )


def _mean_over(runs: Sequence[tuple[float, ...] | None]) -> dict[str, float]:
    """Return the means over runs by metric, none where a run gives labels alone."""
    known = [run for run in runs if run is not None]
    if len(known) < len(runs):
        return {}
    return dict(zip(PROBABILITY_METRICS, np.mean(known, axis=0).tolist(), strict=True))
