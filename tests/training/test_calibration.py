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


@pytest.mark.parametrize("rows", [3, 30, 300])
def test_a_few_right_predictions_do_not_make_it_sure(rows: int) -> None:
    labels = np.arange(rows) % 3
    logits = np.eye(3)[labels] * 5
    confidence = softmax(logits / fit_temperature(logits, labels), axis=1).max()
    assert confidence == pytest.approx((rows + 1) / (rows + 3), abs=1e-3)


def test_a_class_that_was_never_seen_stays_impossible() -> None:
    logits = np.array([[1.0, 0.0, -np.inf], [0.0, 1.0, -np.inf], [1.0, 0.0, -np.inf]])
    assert 0 < fit_temperature(logits, np.array([0, 1, 2])) < 100
    assert fit_temperature(logits[2:], np.array([2])) == 1.0
