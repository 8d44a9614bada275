from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import ttest_1samp

from stancelab.metrics.bootstrap import resample_counts
from stancelab.metrics.run_means import mean_over_runs


def test_one_run_of_single_rows_is_a_t_test_of_rows() -> None:
    rows = np.random.default_rng(1).normal(0.2, 1.0, 60)
    resampled = resample_counts(rows[:, None], 40_000, 5) / 60
    found = mean_over_runs(np.array([rows.mean()]), resampled, 60)
    expected = ttest_1samp(rows, 0)
    assert found.p == pytest.approx(expected.pvalue, rel=0.05)
    low, high = expected.confidence_interval(0.95)
    assert found.interval == pytest.approx((low, high), abs=0.01)


def test_rows_without_chance_leave_a_t_test_of_seeds() -> None:
    points = np.array([0.5, 0.6, 0.8])
    found = mean_over_runs(points, np.tile(points, (100, 1)), 1000)
    expected = ttest_1samp(points, 0)
    assert found.mean == pytest.approx(19 / 30)
    assert found.p == pytest.approx(expected.pvalue)
    assert found.interval == pytest.approx(tuple(expected.confidence_interval(0.95)))


def test_what_runs_do_not_share_counts_once() -> None:
    # Errors of the runs are independent: the variance between seeds holds all of it, and that of the rows adds none.
    random = np.random.default_rng(2)
    resampled = 0.5 + random.normal(0, 0.1, (20_000, 4))
    points = np.array([0.4, 0.5, 0.5, 0.6])
    low, high = mean_over_runs(points, resampled, 500).interval
    expected = ttest_1samp(points, 0).confidence_interval(0.95)
    assert (low, high) == pytest.approx(tuple(expected), abs=0.002)


def test_no_variance_at_all() -> None:
    assert mean_over_runs(np.zeros(2), np.zeros((10, 2)), 5).p == 1.0
    assert mean_over_runs(np.ones(2), np.ones((10, 2)), 5) == (1.0, (1.0, 1.0), 0.0)
