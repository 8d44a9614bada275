"""What may be said of a system's probabilities: are they miscalibrated, did the temperature help, are others better.

An expected calibration error is compared with its noise floor. Whether one system's probabilities are better than
another's, or better after temperature scaling than before, rests on NLL and Brier score: both are means over rows, so
that their differences have intervals, and both are lowest for the true probabilities (proper scoring rules; Gneiting
and Raftery, 2007). Between two systems they reward accuracy as well; under a temperature the answers stay, and what
changes is the calibration alone.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Final

import numpy as np

from stancelab.metrics.bootstrap import resample_counts
from stancelab.metrics.calibration import before_temperature
from stancelab.metrics.calibration_noise import CalibrationNoise, calibration_noise
from stancelab.metrics.classification import proper_losses
from stancelab.metrics.run_means import ENOUGH_RESAMPLES, RunMean, mean_over_runs
from stancelab.metrics.significance import holm, seeds_and_data
from stancelab.results import LossComparison, LossDifference

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from stancelab.evaluation.gold_rows import GoldRows
    from stancelab.evaluation.settings import EvaluationSettings
    from stancelab.metrics.classification import Floats
    from stancelab.schema import System

#: The losses, in the order of `proper_losses`.
LOSSES: Final = ("brier", "nll")


def noise_floors(
    test: GoldRows, runs: Sequence[Floats], scored: Mapping[str, Sequence[int]], settings: EvaluationSettings
) -> dict[str, CalibrationNoise]:
    """Return the noise floor of each system's calibration error; none where all rows are of one unit.

    Args:
        test: The test file.
        runs: The probabilities of each run, shape (rows, 3).
        scored: Name of each system that has probabilities -> which runs are its own.
        settings: Bins and seed.
    """
    if test.n_units < 2:
        return {}
    return {
        name: calibration_noise(test.gold, [runs[number] for number in own], test.units, settings.bins, settings.seed)
        for name, own in scored.items()
    }


def temperature_effects(
    systems: Sequence[System],
    test: GoldRows,
    runs: Sequence[Floats],
    scored: Mapping[str, Sequence[int]],
    settings: EvaluationSettings,
) -> dict[str, dict[str, LossDifference]]:
    """Return by system how far temperature scaling changes its losses; none where a run's temperature is not known.

    Args:
        systems: The systems, which know their temperatures, one for each run.
        test: The test file.
        runs: The probabilities of each run, shape (rows, 3).
        scored: Name of each system that has probabilities -> which runs are its own.
        settings: Resamples and seed.
    """
    found: dict[str, dict[str, LossDifference]] = {}
    for name, own in scored.items():
        temperatures = [systems[number].temperature for number in own]
        known = [each for each in temperatures if each is not None]
        if len(known) < len(temperatures) or test.n_units < 2:
            continue
        change = np.stack(
            [
                np.subtract(proper_losses(test.gold, run), proper_losses(test.gold, before_temperature(run, each)))
                for run, each in zip((runs[number] for number in own), known, strict=True)
            ]
        )
        points, resampled = _means(change, test, settings)
        found[name] = {
            metric: _difference(mean_over_runs(points[:, place], resampled[:, :, place], test.n_units))
            for place, metric in enumerate(LOSSES)
        }
    return found


def compare_losses(
    test: GoldRows, runs: Sequence[Floats], scored: Mapping[str, Sequence[int]], settings: EvaluationSettings
) -> list[LossComparison]:
    """Return the differences in NLL and Brier score between all pairs of systems, by unit and seed.

    Args:
        test: The test file.
        runs: The probabilities of each run, shape (rows, 3).
        scored: Name of each system that has probabilities, the one that ranks highest first -> which runs are its own.
        settings: Resamples and seed.
    """
    if test.n_units < 2 or len(scored) < 2:
        return []
    points, resampled = _means(np.stack([proper_losses(test.gold, run) for run in runs]), test, settings)
    found = []
    for first, second in itertools.combinations(scored, 2):
        own, other = list(scored[first]), list(scored[second])
        for place, metric in enumerate(LOSSES):
            ours, theirs = points[own, place], points[other, place]
            drawn = resampled[:, own, place], resampled[:, other, place]
            if max(len(own), len(other)) == 1:
                each = _difference(mean_over_runs(ours - theirs, drawn[0] - drawn[1], test.n_units))
            else:
                interval, p = seeds_and_data((ours, theirs), drawn, test.n_units)[:2]
                each = LossDifference(difference=float(ours.mean() - theirs.mean()), interval=interval, p=p)
            found.append(((first, second), metric, each))
    corrected = holm([each.p for *_, each in found])
    return [
        LossComparison(
            systems=pair, metric=metric, difference=each.difference, interval=each.interval, p=each.p, p_holm=p_holm
        )
        for (pair, metric, each), p_holm in zip(found, corrected, strict=True)
    ]


def _means(losses: Floats, test: GoldRows, settings: EvaluationSettings) -> tuple[Floats, Floats]:
    """Return the mean losses of runs, shape (runs, 2), and of resamples, shape (resamples, runs, 2).

    Args:
        losses: By run, loss and row, shape (runs, 2, rows).
        test: The test file.
        settings: Resamples and seed.
    """
    sums = np.stack([[np.bincount(test.units, weights=each, minlength=test.n_units) for each in run] for run in losses])
    rows = np.bincount(test.units, minlength=test.n_units).astype(np.float64)
    by_unit = np.column_stack([sums.reshape(-1, test.n_units).T, rows])
    drawn = resample_counts(by_unit, min(settings.bootstrap_resamples, ENOUGH_RESAMPLES), settings.seed)
    resampled = (drawn[:, :-1] / drawn[:, -1:]).reshape(len(drawn), len(losses), len(LOSSES))
    return losses.mean(axis=2), resampled


def _difference(found: RunMean) -> LossDifference:
    return LossDifference(difference=found.mean, interval=found.interval, p=found.p)
