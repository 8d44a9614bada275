from __future__ import annotations

import numpy as np
import pytest
from scipy.special import softmax

from stancelab.metrics.calibration import (
    adaptive_bins,
    adaptive_error,
    before_temperature,
    classwise_errors,
    expected_calibration_error,
    reliability_bins,
    risk_coverage,
)


def _top(confidence: list[float], right: list[bool]) -> tuple[np.ndarray, np.ndarray]:
    """Rows that predict `against` with the given confidence; a wrong row's gold stance is `favor`."""
    probabilities = np.array([[c, (1 - c) / 2, (1 - c) / 2] for c in confidence])
    return np.array([0 if each else 2 for each in right]), probabilities


def test_bins_and_error_worked_by_hand() -> None:
    gold, probabilities = _top([0.45, 0.55, 0.9, 0.9, 0.9, 0.9], [True, False, True, True, True, False])
    bins = reliability_bins(gold, probabilities, bins=5)
    assert [each.count for each in bins] == [0, 0, 2, 0, 4]
    assert (bins[2].confidence, bins[2].accuracy) == (pytest.approx(0.5), 0.5)
    assert (bins[4].confidence, bins[4].accuracy) == (pytest.approx(0.9), 0.75)
    assert (bins[0].confidence, bins[0].accuracy) == (None, None)
    assert expected_calibration_error(bins) == pytest.approx(4 / 6 * 0.15)


def test_an_upper_edge_belongs_to_its_bin_and_rounding_over_one_to_the_last() -> None:
    gold, probabilities = _top([0.6, 1.0], [True, True])
    probabilities[1, 0] += 1e-12
    bins = reliability_bins(gold, probabilities, bins=5)
    assert [each.count for each in bins] == [0, 0, 1, 0, 1]
    assert (bins[2].lower, bins[2].upper) == (pytest.approx(0.4), pytest.approx(0.6))


def test_a_calibrated_system_has_a_small_error_and_an_overconfident_one_a_large_one() -> None:
    random = np.random.default_rng(5)
    confidence = random.uniform(0.4, 1, 20_000)
    right = random.random(20_000) < confidence
    gold, probabilities = _top(confidence.tolist(), right.tolist())
    assert expected_calibration_error(reliability_bins(gold, probabilities, 15)) < 0.02
    sure = np.tile([0.98, 0.01, 0.01], (20_000, 1))
    assert expected_calibration_error(reliability_bins(gold, sure, 15)) == pytest.approx(0.98 - right.mean())


def test_bins_of_equal_count_keep_equal_values_together() -> None:
    stated = np.array([0.1, 0.2, 0.2, 0.2, 0.7, 0.9])
    bins = adaptive_bins(stated, np.array([0, 0, 1, 0, 1, 1.0]), 3)
    assert [(each.count, each.lower, each.upper) for each in bins] == [(4, 0.1, 0.2), (2, 0.7, 0.9)]
    assert bins[0].accuracy == 0.25
    assert expected_calibration_error(bins) == pytest.approx(4 / 6 * (0.25 - 0.7 / 4) + 2 / 6 * 0.2)
    assert [each.count for each in adaptive_bins(np.linspace(0.1, 0.9, 90), np.ones(90), 15)] == [6] * 15


def test_adaptive_error_sees_what_one_full_bin_hides() -> None:
    # All in the bin from 0.9 to 1: half are always right at 0.91, half right in 80% of cases at 0.99.
    gold, probabilities = _top([0.91] * 50 + [0.99] * 50, [True] * 50 + [True] * 40 + [False] * 10)
    assert expected_calibration_error(reliability_bins(gold, probabilities, 10)) == pytest.approx(0.05)
    assert adaptive_error(gold, probabilities, 2) == pytest.approx((0.09 + 0.19) / 2)


def test_classwise_errors_find_the_class_that_is_promised_too_often() -> None:
    gold = np.array([0] * 40 + [1] * 60)
    probabilities = np.tile([0.4, 0.4, 0.2], (100, 1))
    found = classwise_errors(gold, probabilities, 5)
    assert found == {"against": pytest.approx(0), "neutral": pytest.approx(0.2), "favor": pytest.approx(0.2)}


def test_probabilities_before_the_temperature_are_those_of_the_logits() -> None:
    logits = np.random.default_rng(1).normal(0, 3, (50, 3))
    found = before_temperature(softmax(logits / 2.5, axis=1), 2.5)
    assert found == pytest.approx(softmax(logits, axis=1))
    assert before_temperature(np.array([[1.0, 0.0, 0.0]]), 0.5) == pytest.approx(np.array([[1.0, 0.0, 0.0]]))


def test_risk_and_coverage_by_hand() -> None:
    gold, probabilities = _top([0.9, 0.8, 0.7, 0.6], [True, True, False, True])
    curve = risk_coverage(gold, probabilities)
    assert curve.coverage == [0.25, 0.5, 0.75, 1.0]
    assert curve.risk == pytest.approx([0, 0, 1 / 3, 1 / 4])
    assert curve.area == pytest.approx((1 / 3 + 1 / 4) / 4)


def test_the_order_of_rows_of_equal_confidence_does_not_matter() -> None:
    gold, probabilities = _top([0.8] * 6, [True, False, True, True, False, True])
    assert risk_coverage(gold, probabilities).risk == pytest.approx([1 / 3] * 6)
    assert risk_coverage(gold[::-1], probabilities).area == pytest.approx(1 / 3)
    many = np.random.default_rng(0)
    gold, probabilities = _top(many.uniform(0.4, 1, 5000).tolist(), (many.random(5000) < 0.7).tolist())
    curve = risk_coverage(gold, probabilities)
    assert len(curve.coverage) == 100
    assert curve.coverage[-1] == 1
    assert curve.risk[-1] == pytest.approx((probabilities.argmax(axis=1) != gold).mean())
