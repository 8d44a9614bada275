from __future__ import annotations

import numpy as np
import pytest

from stancelab.evaluation.calibration import expected_calibration_error, reliability_bins


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
