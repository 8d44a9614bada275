from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import beta, binomtest
from scipy.stats import t as student

from stancelab.metrics.guarantees import guaranteed_thresholds, intraclass_correlation, lower_bound


def rows_of(confidence: list[float], right: list[bool]) -> tuple[np.ndarray, np.ndarray]:
    probabilities = np.array([[c, (1 - c) / 2, (1 - c) / 2] for c in confidence])
    return probabilities, np.array([0 if each else 1 for each in right])


@pytest.mark.parametrize("wrong", [0, 3, 40])
def test_the_bound_of_independent_rows_is_that_of_clopper_and_pearson(wrong: int) -> None:
    right = np.arange(100) >= wrong
    exact = binomtest(100 - wrong, 100).proportion_ci(0.9, "exact").low  # two-sided 90% is one-sided 95%
    assert lower_bound(right, np.arange(100), 0.0) == pytest.approx(exact)


def test_rows_that_are_right_together_count_as_one() -> None:
    right = np.repeat(np.arange(50) >= 5, 2)
    units = np.repeat(np.arange(50), 2)
    # Each row twice: the variance of the mean is pq / 49 where that of 100 independent rows is pq / 99.
    effective = 100 * 49 / 99 * (student.ppf(0.95, 99) / student.ppf(0.95, 49)) ** 2
    assert lower_bound(right, units, 1.0) == pytest.approx(beta.ppf(0.05, 0.9 * effective, 0.1 * effective + 1))
    assert lower_bound(right, units, 1.0) < lower_bound(right, np.arange(100), 0.0) - 0.01


def test_without_errors_the_correlation_of_all_rows_stands_for_the_variance() -> None:
    right, units = np.ones(100, dtype=bool), np.repeat(np.arange(50), 2)
    effective = 100 / 1.5 * (student.ppf(0.95, 99) / student.ppf(0.95, 49)) ** 2  # 1 + (2 - 1) * 0.5
    assert lower_bound(right, units, 0.5) == pytest.approx(beta.ppf(0.05, effective, 1))


def test_the_intraclass_correlation() -> None:
    units = np.repeat(np.arange(4), 2)
    assert intraclass_correlation(np.array([1, 1, 0, 0, 1, 1, 0, 0], dtype=bool), units) == 1.0
    assert intraclass_correlation(np.array([1, 0, 1, 0, 1, 0, 1, 0], dtype=bool), units) == 0.0
    # Hits 2, 2, 1, 0 of 2: mean squares 2 (0.375² + 0.375² + 0.125² + 0.625²) / 3 = 11/24 and (0.5) / 4 = 1/8.
    found = intraclass_correlation(np.array([1, 1, 1, 1, 1, 0, 0, 0], dtype=bool), units)
    assert found == pytest.approx((11 / 24 - 1 / 8) / (11 / 24 + 1 / 8))
    assert intraclass_correlation(np.ones(8, dtype=bool), units) == 0.0


def test_the_last_threshold_that_passes_is_taken() -> None:
    # Clopper-Pearson bounds: 300 of 300 is 99.0%; 390 of 400 95.8%; 450 of 500 87.5%; 520 of 600 84.1%.
    right = [True] * 300 + [True, False] * 10 + [True] * 80 + [True] * 60 + [False] * 40 + [True] * 70 + [False] * 30
    probabilities, labels = rows_of([0.99] * 300 + [0.9] * 100 + [0.8] * 100 + [0.5] * 100, right)
    found = guaranteed_thresholds(probabilities, labels, np.arange(600))
    assert found == {
        "guaranteed_80": pytest.approx(0.5), "guaranteed_85": pytest.approx(0.8), "guaranteed_90": pytest.approx(0.9),
        "guaranteed_95": pytest.approx(0.9),
    }  # fmt: skip


def test_what_fails_first_is_not_passed_by_a_later_one() -> None:
    # By the confidences the test begins with the 200 rows of 0.99, of which 90% are right; all 400 are 95% right.
    probabilities, labels = rows_of([0.99] * 200 + [0.6] * 200, [False] * 20 + [True] * 180 + [True] * 200)
    assert guaranteed_thresholds(probabilities, labels, np.arange(400))["guaranteed_90"] is None
    assert guaranteed_thresholds(probabilities, labels, np.arange(400))["guaranteed_80"] == pytest.approx(0.6)


def test_few_units_or_rows_guarantee_nothing() -> None:
    probabilities, labels = rows_of([0.99] * 400, [True] * 400)
    assert set(guaranteed_thresholds(probabilities, labels, np.arange(400) % 9).values()) == {None}
    assert guaranteed_thresholds(probabilities, labels, np.arange(400) % 10)["guaranteed_95"] == pytest.approx(0.99)
    assert set(guaranteed_thresholds(probabilities[:20], labels[:20], np.arange(20)).values()) == {None}
