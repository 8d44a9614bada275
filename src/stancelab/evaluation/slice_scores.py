"""What slices of a test file hold, and every metric of each system on each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from stancelab.metrics.bootstrap import Interval, percentile_interval, resample_counts
from stancelab.metrics.calibration import expected_calibration_error, reliability_bins, risk_coverage
from stancelab.metrics.classification import ClassScores, confusions_by, proper_losses, scores_of_confusions
from stancelab.metrics.names import CLASSIFICATION_METRICS, PRIMARY_METRICS, PROBABILITY_METRICS
from stancelab.results import Scores, Slice, SliceScores
from stancelab.schema import STANCES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from stancelab.evaluation.gold_rows import GoldRows
    from stancelab.evaluation.settings import EvaluationSettings
    from stancelab.evaluation.slices import SliceRows
    from stancelab.metrics.classification import Floats, Ids

#: Resamples for the intervals of slices: there are many slices, and two digits are enough.
SLICE_RESAMPLES: Final = 1000


def describe_slices(slices: Sequence[SliceRows], test: GoldRows) -> list[Slice]:
    """Return what each slice is and holds, as metrics.json has it."""
    return [
        Slice(
            attribute=each.attribute,
            value=each.value,
            rows=len(each.rows),
            units=len(np.unique(test.units[each.rows])),
            classes=dict(zip(STANCES, np.bincount(test.gold[each.rows], minlength=len(STANCES)).tolist(), strict=True)),
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
        settings: Resamples, bins and seed.
    """
    predicted = [run.argmax(axis=1) for run in runs]
    losses = [proper_losses(test.gold, run) for run in runs]
    scored: dict[str, list[SliceScores]] = {name: [] for name in members}
    for each in slices:
        points, resampled = _point_and_resampled(each.rows, test, predicted, settings)
        of_probabilities = [
            None if labels else _probability_scores(each.rows, test.gold, run, own_losses, settings.bins)
            for run, own_losses, labels in zip(runs, losses, labels_only, strict=True)
        ]
        for name, numbers in members.items():
            own = list(numbers)
            means = {metric: float(getattr(points, metric)[own].mean()) for metric in CLASSIFICATION_METRICS}
            means |= _mean_over([of_probabilities[number] for number in own])
            scored[name].append(SliceScores(scores=Scores(**means), intervals=_intervals(resampled, own)))
    return scored


def _point_and_resampled(
    rows: Ids, test: GoldRows, predicted: Sequence[Ids], settings: EvaluationSettings
) -> tuple[ClassScores, ClassScores | None]:
    """Return the scores of all runs on some rows, shape (runs,), and those of resamples, shape (resamples, runs).

    There are no resamples of rows that are all of one unit.
    """
    gold = test.gold[rows]
    units = np.unique(test.units[rows], return_inverse=True)[1]
    n_units = int(units.max()) + 1
    counts = np.stack([confusions_by(units, n_units, gold, run[rows]) for run in predicted], axis=1)
    points = scores_of_confusions(counts.sum(axis=0))
    if n_units == 1:
        return points, None
    resamples = min(settings.bootstrap_resamples, SLICE_RESAMPLES)
    return points, scores_of_confusions(resample_counts(counts, resamples, settings.seed))


def _intervals(resampled: ClassScores | None, runs: list[int]) -> dict[str, Interval]:
    if resampled is None:
        return {}
    return {metric: percentile_interval(getattr(resampled, metric)[:, runs].mean(axis=1)) for metric in PRIMARY_METRICS}


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
