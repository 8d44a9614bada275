"""Intervals and p-values are those of scipy's t-tests where these apply: one row a unit, or runs alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from stancelab.metrics.bootstrap import Interval
from stancelab.metrics.jackknife import Difference, Variances, corrected, differences, estimate, left_out, mean_share


def mean(sums: np.ndarray) -> np.ndarray:
    return np.asarray(sums[..., 0] / sums[..., 1])


@pytest.fixture
def values() -> np.ndarray:
    return np.random.default_rng(5).normal(0.3, 1.0, 20)


def counts_of(*runs: np.ndarray) -> np.ndarray:
    return np.stack([np.stack([run, np.ones_like(run)], axis=1) for run in runs], axis=1)


def test_a_unit_that_is_left_out_takes_its_rows_along() -> None:
    # Of units with 1 of 2, 3 of 4 and 0 of 2 rows right, 4 of 8 in all.
    changes = left_out(np.array([[[1, 2]], [[3, 4]], [[0, 2]]]), mean)
    assert changes.ravel() == pytest.approx([3 / 6 - 0.5, 1 / 4 - 0.5, 4 / 6 - 0.5])


def test_one_run_with_one_row_a_unit_is_the_t_test_of_a_mean(values) -> None:
    interval, p = estimate(np.array([values.mean()]), left_out(counts_of(values), mean), 20)
    expected = stats.ttest_1samp(values, 0)
    assert p == pytest.approx(expected.pvalue)
    assert interval == pytest.approx(tuple(expected.confidence_interval()))


def test_runs_that_answer_alike_add_no_variance(values) -> None:
    interval, p = estimate(np.repeat(values.mean(), 3), left_out(counts_of(values, values, values), mean), 20)
    expected = stats.ttest_1samp(values, 0)
    assert (interval, p) == (pytest.approx(tuple(expected.confidence_interval())), pytest.approx(expected.pvalue))


def test_runs_that_units_do_not_change_are_the_t_test_of_their_scores() -> None:
    scores = np.array([0.6, 0.8, 0.85])
    interval, p = estimate(scores, np.zeros((15, 3)), 15)
    expected = stats.ttest_1samp(scores, 0)
    assert (interval, p) == (pytest.approx(tuple(expected.confidence_interval())), pytest.approx(expected.pvalue))


def test_both_variances_and_the_degrees_of_freedom_of_their_sum() -> None:
    # The covariance of the two runs over twelve units, with the factor 11 / 12 of the jackknife.
    changes = np.column_stack([np.full(12, 0.01), np.full(12, 0.02)])
    of_units = 12 * 0.01 * 0.02 * 11 / 12
    of_runs = np.var([0.5, 0.6], ddof=1) / 2
    freedom = (of_units + of_runs) ** 2 / (of_units**2 / 11 + of_runs**2 / 1)
    interval, p = estimate(np.array([0.5, 0.6]), changes, 12)
    error = (of_units + of_runs) ** 0.5
    assert interval == pytest.approx(stats.t.interval(0.95, freedom, 0.55, error))
    assert p == pytest.approx(2 * stats.t.sf(0.55 / error, freedom))


def test_runs_closer_than_their_own_errors_take_the_variance_of_these(values) -> None:
    # Two runs of the same mean that share nothing: the variance is that of their mean over the units.
    other = 2 * values.mean() - values
    changes = left_out(counts_of(values, np.roll(other, 1)), mean)
    interval, p = estimate(np.repeat(values.mean(), 2), changes, 20)
    both = (values + np.roll(other, 1)) / 2
    expected = stats.ttest_1samp(both, 0)
    assert (interval, p) == (pytest.approx(tuple(expected.confidence_interval())), pytest.approx(expected.pvalue))


def test_without_any_variance_there_is_nothing_to_doubt() -> None:
    assert estimate(np.array([0.25]), np.zeros((12, 1)), 12) == (Interval(0.25, 0.25), 0.0)
    assert estimate(np.array([0.0]), np.zeros((12, 1)), 12) == (Interval(0.0, 0.0), 1.0)


def test_a_share_has_an_interval_of_ten_units_on_and_stays_a_share() -> None:
    hits = np.array([True] * 9 + [False])[:, None]
    share, interval = mean_share(hits, np.arange(10))
    low, high = stats.ttest_1samp(hits.ravel().astype(float), 0).confidence_interval()
    assert high > 1
    assert (share, interval) == (0.9, pytest.approx((low, 1.0)))
    assert mean_share(hits, np.array([0, *range(9)])) == (0.9, None)
    assert mean_share(hits[:0], np.arange(0)) == (None, None)
    assert mean_share(hits[:9], np.arange(9)) == (1.0, None)


def test_holm_corrects_a_family_in_the_order_given() -> None:
    family = [Difference(0.1, Interval(0, 1), p, p) for p in (0.04, 0.01, 0.03)]
    assert [each.p_holm for each in corrected(family)] == pytest.approx([0.06, 0.03, 0.06])
    assert [each.p for each in corrected(family)] == [0.04, 0.01, 0.03]
    assert corrected([]) == []


def test_a_variance_between_runs_is_moderated_by_the_other_differences_of_the_system() -> None:
    close = Variances(mean=0.1, runs=3, units=40, of_units=1e-4, own=2e-5, of_runs=3e-5)
    far = replace(close, of_runs=9e-4)
    farther = replace(close, of_runs=1.5e-3)
    found = differences([close, far, farther])[0]
    # Beyond their errors runs of the other two are apart by 3 * 8.8e-4 and 3 * 14.8e-4: 4 degrees of freedom beside 2.
    of_runs = (4 * (2e-5 + (8.8e-4 + 14.8e-4) / 2) + 2 * 3e-5) / 6
    variance = 1e-4 + of_runs
    freedom = variance**2 / (1e-4**2 / 39 + of_runs**2 / 6)
    assert found.p == pytest.approx(2 * stats.t.sf(0.1 / variance**0.5, freedom))
    assert found.interval == pytest.approx(stats.t.interval(0.95, freedom, 0.1, variance**0.5))


def test_what_is_known_of_one_other_difference_counts_by_its_degrees_of_freedom() -> None:
    one = Variances(mean=0.1, runs=2, units=40, of_units=0.0, own=0.0, of_runs=1e-3)
    found = differences([one, replace(one, of_runs=3e-3)])[0]
    assert found.p == pytest.approx(2 * stats.t.sf(0.1 / 2e-3**0.5, 2))


def test_a_difference_alone_and_one_run_are_not_moderated() -> None:
    alone = Variances(mean=0.1, runs=3, units=40, of_units=1e-4, own=2e-5, of_runs=1e-4)
    (found,) = differences([alone])
    assert (found.interval, found.p) == alone.tested(2)
    single = Variances(mean=0.1, runs=1, units=40, of_units=1e-3, own=0.0, of_runs=0.0)
    first, second = differences([single, replace(single, mean=0.2)])
    assert first.p == pytest.approx(2 * stats.t.sf(0.1 / 1e-3**0.5, 39))
    assert second.p_holm == pytest.approx(2 * second.p)
    assert differences([]) == []
