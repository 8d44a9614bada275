"""What may be said of a system's probabilities: are they miscalibrated, did the temperature help, are others better.

An expected calibration error is compared with its noise floor. Whether one system's probabilities are better than
another's, or better after temperature scaling than before, rests on NLL and Brier score: both are means over rows, so
that their differences have intervals, and both are lowest for the true probabilities (proper scoring rules; Gneiting
and Raftery, 2007). Between two systems they reward accuracy as well; under a temperature the answers stay, and what
changes is the calibration alone. Two systems are compared as by any other score (`metrics.significance`): single runs
by swaps, several with the variance between seeds, which a system with one run borrows.
"""

from __future__ import annotations

from dataclasses import fields
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from stancelab.metrics.bootstrap import resample_counts
from stancelab.metrics.calibration import before_temperature
from stancelab.metrics.calibration_noise import CalibrationNoise, calibration_noise
from stancelab.metrics.classification import proper_losses
from stancelab.metrics.intervals import FEWEST_UNITS, CrossedUnits, fewest_units
from stancelab.metrics.randomization import mean_randomization
from stancelab.metrics.run_means import ENOUGH_RESAMPLES, RunMean, mean_over_runs
from stancelab.metrics.significance import Runs, compare_points
from stancelab.results import LossComparison, LossDifference

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from stancelab.evaluation.gold_rows import GoldRows
    from stancelab.evaluation.resampling import Compared
    from stancelab.evaluation.settings import EvaluationSettings
    from stancelab.metrics.classification import Floats, Ids
    from stancelab.metrics.intervals import Units
    from stancelab.metrics.significance import Comparison
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
            metric: _difference(mean_over_runs(points[:, place], resampled[:, :, place], test.n_units), test.n_units)
            for place, metric in enumerate(LOSSES)
        }
    return found


def compare_losses(
    test: GoldRows, runs: Sequence[Floats], compared: Compared, settings: EvaluationSettings
) -> list[LossComparison]:
    """Return the differences in NLL and Brier score between all pairs of systems, tested as scores are.

    `resampling.correct` corrects the p-values over all test files.

    Args:
        test: The test file.
        runs: The probabilities of each run, shape (rows, 3).
        compared: The systems that have probabilities, the one that ranks highest first.
        settings: Resamples, rounds, seed, and whether seeds are paired.
    """
    if test.n_units < 2 or len(compared.members) < 2:
        return []
    losses = _losses(test, runs, compared)
    sums, means = _sums(losses, test.units), losses.mean(axis=2)
    resampled, units = _resampled(losses, test, settings)
    if fewest_units(units) < 2:
        return []
    found = []
    for place, metric in enumerate(LOSSES):
        own = sums[:, :, place]
        pairs = compare_points(
            Runs(
                own,
                resampled[..., place],
                compared.members,
                compared.seeds,
                compared.baselines,
                None if isinstance(units, int) else units,
            ),
            means[:, place],
            partial(_swapped, own, settings),
            paired_seeds=settings.paired_seeds,
        )
        found += [LossComparison(metric=metric, **_fields(pair)) for pair in pairs]
    return sorted(found, key=lambda each: _place(each, compared.members))


def _losses(test: GoldRows, runs: Sequence[Floats], compared: Compared) -> Floats:
    """Return losses by run, loss and row, shape (runs, 2, rows); 0 for runs that are not compared."""
    losses = np.zeros((len(runs), len(LOSSES), len(test.gold)))
    for number in (number for own in compared.members.values() for number in own):
        losses[number] = proper_losses(test.gold, runs[number])
    return losses


def _swapped(sums: Floats, settings: EvaluationSettings, places: Sequence[tuple[int, int]]) -> list[float]:
    return mean_randomization(sums, places, settings.randomization_rounds, settings.seed)


def _fields(pair: Comparison) -> dict[str, Any]:
    return {each.name: getattr(pair, each.name) for each in fields(pair)}


def _place(pair: LossComparison, members: Mapping[str, Sequence[int]]) -> tuple[int, int, int]:
    names = list(members)
    return names.index(pair.systems[0]), names.index(pair.systems[1]), LOSSES.index(pair.metric)


def _sums(losses: Floats, groups: Ids) -> Floats:
    """Return the sums of losses by group of rows, run and loss, shape (groups, runs, 2).

    Args:
        losses: By run, loss and row, shape (runs, 2, rows).
        groups: The group of each row, shape (rows,).
    """
    number = int(groups.max()) + 1
    sums = [[np.bincount(groups, weights=each, minlength=number) for each in run] for run in losses]
    return np.moveaxis(np.array(sums), 2, 0)


def _means(losses: Floats, test: GoldRows, settings: EvaluationSettings) -> tuple[Floats, Floats]:
    """Return the mean losses of runs, shape (runs, 2), and of resamples of documents, shape (resamples, runs, 2).

    Args:
        losses: By run, loss and row, shape (runs, 2, rows).
        test: The test file.
        settings: Resamples and seed.
    """
    return losses.mean(axis=2), _resampled_means(losses, test.units, settings, settings.seed)


def _resampled(losses: Floats, test: GoldRows, settings: EvaluationSettings) -> tuple[Floats, Units]:
    """Return the mean losses of resamples and how many units there are, as `intervals.data_variance` takes them."""
    of_documents = _resampled_means(losses, test.units, settings, settings.seed)
    if not test.is_crossed:
        return of_documents, test.n_units
    others = [test.target_groups, test.cells]
    further = [
        _resampled_means(losses, groups, settings, [settings.seed, place]) for place, groups in enumerate(others)
    ]
    return np.stack([of_documents, *further]), CrossedUnits(test.n_units, *(int(each.max()) + 1 for each in others))


def _resampled_means(losses: Floats, groups: Ids, settings: EvaluationSettings, seed: int | Sequence[int]) -> Floats:
    """Return the mean losses of resamples of whole groups of rows, shape (resamples, runs, 2)."""
    sums = _sums(losses, groups)
    by_group = np.column_stack([sums.reshape(len(sums), -1), np.bincount(groups)])
    drawn = resample_counts(by_group, min(settings.bootstrap_resamples, ENOUGH_RESAMPLES), seed)
    return (drawn[:, :-1] / drawn[:, -1:]).reshape(len(drawn), *sums.shape[1:])


def _difference(found: RunMean, units: int) -> LossDifference:
    interval = found.interval if units >= FEWEST_UNITS else None
    return LossDifference(difference=found.mean, interval=interval, p=found.p)
