"""Intervals are those of scipy where the estimate is a mean, and cover as often as they say."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from stancelab.metrics.intervals import (
    Component,
    CrossedUnits,
    Spread,
    components,
    data_variance,
    error_and_freedom,
    mean_interval,
)


def resampled_mean(values: np.ndarray, resamples: int = 100_000) -> np.ndarray:
    """Return the mean of each bootstrap resample of some units, shape (resamples, 1)."""
    random = np.random.default_rng(1)
    units = len(values)
    return (random.multinomial(units, [1 / units] * units, size=resamples) / units @ values)[:, None]


def test_one_run_is_students_t_over_its_units() -> None:
    values = np.random.default_rng(2).normal(0.6, 0.1, 12)
    found = mean_interval(values.mean(keepdims=True), resampled_mean(values), 12)
    expected = stats.ttest_1samp(values, 0).confidence_interval(0.95)
    assert found == pytest.approx(tuple(expected), abs=0.002)


def test_several_runs_on_certain_rows_are_students_t_over_the_seeds() -> None:
    seeds = np.array([0.71, 0.74, 0.69])
    found = mean_interval(seeds, np.tile(seeds, (50, 1)), 400)
    assert found == pytest.approx(tuple(stats.ttest_1samp(seeds, 0).confidence_interval(0.95)))


def test_both_variances_count_and_errors_of_single_runs_once() -> None:
    """Resamples of a shared error of variance 4 and errors of each of two runs of variance 2, in ten thousandths."""
    random = np.random.default_rng(3)
    shared, own = random.normal(0, 0.02, (200_000, 1)), random.normal(0, np.sqrt(2e-4), (200_000, 2))
    points = np.array([0.65, 0.75])  # variance 0.005
    found = mean_interval(points, 0.7 + shared + own, 10**9)
    # 4e-4 between data, 0.005 / 2 between seeds; the 2e-4 / 2 of single runs are in the latter.
    variance = 4e-4 + 0.0025
    seeds = 0.0025 / stats.chi2.ppf(0.3, 1)  # two seeds: an estimate is below 0.148 of the true variance in 30%
    freedom = (4e-4 + seeds) ** 2 / seeds**2
    margin = stats.t.ppf(0.975, freedom) * np.sqrt(variance)
    assert found == pytest.approx((max(0.0, 0.7 - margin), min(1.0, 0.7 + margin)), abs=0.01)


@pytest.mark.parametrize("runs", [2, 3, 5])
def test_the_degrees_of_freedom_keep_the_level_where_both_variances_matter(runs: int) -> None:
    """A difference with a known variance of data and three times its error between seeds, 4,000 times."""
    random, found, draws = np.random.default_rng(5), 0, 4_000
    for _ in range(draws):
        seeds = Component(9 * random.chisquare(runs - 1) / (runs - 1), runs - 1)
        error, freedom = error_and_freedom([Component(1.0, 10**6), seeds])
        found += abs(random.normal(0, 10**0.5)) / error > stats.t.ppf(0.975, freedom)
    assert 0.03 < found / draws < 0.07 + 2 * (0.07 * 0.93 / draws) ** 0.5


def test_intervals_end_where_scores_end_and_are_missing_below_ten_units() -> None:
    values = np.array([1.0] * 11 + [0.6])
    found = mean_interval(values.mean(keepdims=True), resampled_mean(values), 12)
    assert found is not None
    assert found.low < 0.97
    assert found.high == 1.0
    assert mean_interval(values[:9].mean(keepdims=True), resampled_mean(values[:9]), 9) is None
    assert mean_interval(np.array([0.5]), np.full((3, 50, 1), 0.5), CrossedUnits(40, 9, 90)) is None


def test_crossed_units_add_documents_and_targets_and_subtract_cells() -> None:
    random = np.random.default_rng(4)
    resampled = np.stack([random.normal(0, error, 200_000) for error in (0.03, 0.02, 0.01)])
    found = data_variance(resampled, CrossedUnits(10, 20, 101))
    assert found == pytest.approx(9e-4 * 10 / 9 + 4e-4 * 20 / 19 - 1e-4 * 101 / 100, rel=0.02)
    # Never less than one way of clustering alone.
    alone = np.stack([resampled[0], resampled[2], resampled[1]])
    assert data_variance(alone, CrossedUnits(1000, 1000, 1000)) == pytest.approx(9e-4, rel=0.02)


def test_a_spread_that_counts_twice_has_its_own_degrees_of_freedom() -> None:
    spread = Spread(0.0003, 2, 0.0)
    parts = components(np.full(10, 0.5), 100, [(spread, 1 / 3), (spread, 1.0)])
    assert error_and_freedom(parts) == (pytest.approx(0.02), pytest.approx(2))
    assert error_and_freedom(components(np.full(10, 0.5), 100, [])) == (0.0, float("inf"))
