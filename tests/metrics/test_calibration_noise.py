from __future__ import annotations

import numpy as np
import pytest

from stancelab.metrics.calibration import expected_calibration_error, reliability_bins
from stancelab.metrics.calibration_noise import calibration_noise


def answers(rows: int, confidence: float, right: int) -> tuple[np.ndarray, np.ndarray]:
    """The first `right` rows are right, all with the same confidence."""
    rest = (1 - confidence) / 2
    return np.where(np.arange(rows) < right, 0, 1), np.tile([confidence, rest, rest], (rows, 1))


def test_the_floor_of_one_bin_is_the_mean_of_a_binomial_deviation() -> None:
    # 400 rows of confidence 0.8, 320 right: the error is 0, its floor E|X - 0.8| of a mean with deviation 0.02.
    gold, probabilities = answers(400, 0.8, 320)
    found = calibration_noise(gold, [probabilities], np.arange(400), 15, 13, rounds=20_000)
    assert found.mean == pytest.approx(0.02 * np.sqrt(2 / np.pi), rel=0.03)
    assert found.interval.high == pytest.approx(0.02 * 2.24, rel=0.05)  # |N| is below 2.24 in 97.5% of cases
    assert found.p == 1.0


def test_rows_of_one_unit_are_right_and_wrong_together() -> None:
    gold, probabilities = answers(400, 0.8, 320)
    alone = calibration_noise(gold, [probabilities], np.arange(400), 15, 13)
    together = calibration_noise(gold, [probabilities], np.arange(400) // 16, 15, 13)
    assert together.mean == pytest.approx(4 * alone.mean, rel=0.1)  # 25 units of 16 rows


def test_what_is_too_sure_is_found() -> None:
    gold, probabilities = answers(400, 0.9, 320)
    found = calibration_noise(gold, [probabilities], np.arange(400), 15, 13, rounds=999)
    assert expected_calibration_error(reliability_bins(gold, probabilities, 15)) == pytest.approx(0.1)
    assert found.p == pytest.approx(1 / 1000)
    # The mean over two runs, of which one is exact: (0.1 + 0) / 2. Residuals have mean squares of 0.17 and 0.16, the
    # two move together, and a normal value exceeds 0.05 / 0.0203 to either side in 1.4% of cases.
    both = calibration_noise(gold, [probabilities, answers(400, 0.8, 320)[1]], np.arange(400), 15, 13, rounds=20_000)
    assert both.p == pytest.approx(0.014, abs=0.003)


def test_the_memory_of_the_signs_does_not_change_them(monkeypatch: pytest.MonkeyPatch) -> None:
    gold, probabilities = answers(60, 0.8, 40)
    whole = calibration_noise(gold, [probabilities], np.arange(60), 15, 13, rounds=50)
    monkeypatch.setattr("stancelab.metrics.calibration_noise.SIGNS_AT_ONCE", 60 * 7)
    assert calibration_noise(gold, [probabilities], np.arange(60), 15, 13, rounds=50) == whole
