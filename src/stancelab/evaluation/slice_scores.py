"""How systems score on slices of a test file: every metric that they have on all of its rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from stancelab.metrics.bootstrap import percentile_interval, resample_counts
from stancelab.metrics.calibration import expected_calibration_error, reliability_bins, risk_coverage
from stancelab.metrics.classification import (
    confusions_by,
    proper_losses,
    scores_of_confusions,
)
from stancelab.metrics.names import CLASSIFICATION_METRICS, PRIMARY_METRICS
from stancelab.schema import STANCES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from stancelab.evaluation.settings import EvaluationSettings
    from stancelab.evaluation.slices import Slice
    from stancelab.metrics.classification import Floats, Ids

#: Draws for the intervals of slices: there are many of them, and two digits are enough.
SLICE_DRAWS: Final = 1000
_OF_PROBABILITIES: Final = ("brier", "nll", "ece", "aurc")


def describe_slices(slices: Sequence[Slice], gold: Ids, units: Ids) -> list[dict[str, Any]]:
    """Return what each slice is and holds, as metrics.json has it."""
    return [
        {
            "attribute": each.attribute,
            "value": each.value,
            "rows": len(each.rows),
            "units": len(np.unique(units[each.rows])),
            "classes": dict(zip(STANCES, np.bincount(gold[each.rows], minlength=len(STANCES)).tolist(), strict=True)),
        }
        for each in slices
    ]


def score_slices(
    slices: Sequence[Slice],
    gold: Ids,
    units: Ids,
    runs: Sequence[Floats],
    members: Mapping[str, Sequence[int]],
    labels_only: Sequence[bool],
    settings: EvaluationSettings,
) -> dict[str, list[dict[str, Any]]]:
    """Return for each system its scores on each slice, means over its runs, with 95% intervals.

    Args:
        slices: The slices.
        gold: Gold stance ids, shape (rows,).
        units: What is drawn together: the document or sentence of each row, shape (rows,).
        runs: The probabilities of each run, shape (rows, 3).
        members: Name of each system -> which runs are its seeds.
        labels_only: For each run whether its probabilities stand for labels alone and are not scored.
        settings: Draws, bins and seed.

    Returns:
        By system, for each slice: the metrics by name, those of probabilities None where a run has labels alone; and
        "intervals" of those by which systems can be ranked.
    """
    predicted = [run.argmax(axis=1) for run in runs]
    losses = [proper_losses(gold, run) for run in runs]
    scored: dict[str, list[dict[str, Any]]] = {name: [] for name in members}
    for each in slices:
        own = np.unique(units[each.rows], return_inverse=True)[1]
        counts = np.stack(
            [confusions_by(own, int(own.max()) + 1, gold[each.rows], said[each.rows]) for said in predicted], axis=1
        )
        points = scores_of_confusions(counts.sum(axis=0))
        drawn = scores_of_confusions(resample_counts(counts, min(settings.bootstrap_draws, SLICE_DRAWS), settings.seed))
        honest = [
            None if labels else _honesty(each.rows, gold, run, own_losses, settings.bins)
            for run, own_losses, labels in zip(runs, losses, labels_only, strict=True)
        ]
        for name, numbers in members.items():
            seeds = list(numbers)
            scored[name].append(
                {
                    **{metric: float(getattr(points, metric)[seeds].mean()) for metric in CLASSIFICATION_METRICS},
                    **_means([honest[seed] for seed in seeds]),
                    "intervals": {
                        metric: list(percentile_interval(getattr(drawn, metric)[:, seeds].mean(axis=1)))
                        if len(counts) > 1
                        else None
                        for metric in PRIMARY_METRICS
                    },
                }
            )
    return scored


def _honesty(rows: Ids, gold: Ids, run: Floats, losses: tuple[Floats, Floats], bins: int) -> tuple[float, ...]:
    """Return what scores the probabilities of some rows, in the order of `_OF_PROBABILITIES`."""
    brier, nll = losses
    return (
        float(brier[rows].mean()),
        float(nll[rows].mean()),
        expected_calibration_error(reliability_bins(gold[rows], run[rows], bins)),
        risk_coverage(gold[rows], run[rows]).area,
    )


def _means(runs: Sequence[tuple[float, ...] | None]) -> dict[str, float | None]:
    known = [run for run in runs if run is not None]
    if len(known) < len(runs):
        return dict.fromkeys(_OF_PROBABILITIES)
    return dict(zip(_OF_PROBABILITIES, np.mean(known, axis=0).tolist(), strict=True))
