from __future__ import annotations

import numpy as np
import pytest
from scipy.special import softmax

from stancelab.training.calibration import fit_temperature, negative_log_likelihood


def test_nll_of_a_hand_computed_case() -> None:
    logits = np.log(np.array([[0.7, 0.2, 0.1], [0.25, 0.5, 0.25]]))
    assert negative_log_likelihood(logits, np.array([0, 1])) == pytest.approx(-(np.log(0.7) + np.log(0.5)) / 2)


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.5])
def test_it_finds_the_temperature_the_labels_were_drawn_with(temperature: float) -> None:
    rng = np.random.default_rng(0)
    logits = rng.normal(size=(20_000, 3)) * 2
    probabilities = softmax(logits / temperature, axis=1)
    labels = (probabilities.cumsum(axis=1) > rng.random((20_000, 1))).argmax(axis=1)
    assert fit_temperature(logits, labels) == pytest.approx(temperature, rel=0.05)


def test_perfect_predictions_do_not_drive_it_to_zero() -> None:
    logits = np.eye(3) * 5
    assert fit_temperature(logits, np.array([0, 1, 2])) >= 0.05
