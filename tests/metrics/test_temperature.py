from __future__ import annotations

import numpy as np
import pytest
import scipy.special

from stancelab.metrics.temperature import confidence_thresholds, fit_temperature, negative_log_likelihood, softmax


def test_softmax_is_scipys() -> None:
    logits = np.random.default_rng(0).normal(size=(10_000, 3)) * 20
    logits[:100, 1] = -np.inf
    assert (softmax(logits) == scipy.special.softmax(logits, axis=1)).all()
    assert softmax(np.empty((0, 3))).shape == (0, 3)


def test_nll_of_a_hand_computed_case() -> None:
    logits = np.log(np.array([[0.7, 0.2, 0.1], [0.25, 0.5, 0.25]]))
    assert negative_log_likelihood(logits, np.array([0, 1])) == pytest.approx(-(np.log(0.7) + np.log(0.5)) / 2)


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.5])
def test_it_finds_the_temperature_the_labels_were_drawn_with(temperature: float) -> None:
    rng = np.random.default_rng(0)
    logits = rng.normal(size=(20_000, 3)) * 2
    probabilities = softmax(logits / temperature)
    labels = (probabilities.cumsum(axis=1) > rng.random((20_000, 1))).argmax(axis=1)
    assert fit_temperature(logits, labels) == pytest.approx(temperature, rel=0.05)


@pytest.mark.parametrize("rows", [3, 30, 300])
def test_a_few_right_predictions_do_not_make_it_sure(rows: int) -> None:
    labels = np.arange(rows) % 3
    logits = np.eye(3)[labels] * 5
    confidence = softmax(logits / fit_temperature(logits, labels)).max()
    assert confidence == pytest.approx((rows + 1) / (rows + 3), abs=1e-3)


def test_a_class_that_was_never_seen_stays_impossible() -> None:
    logits = np.array([[1.0, 0.0, -np.inf], [0.0, 1.0, -np.inf], [1.0, 0.0, -np.inf]])
    assert 0 < fit_temperature(logits, np.array([0, 1, 2])) < 100
    assert fit_temperature(logits[2:], np.array([2])) == 1.0


def rows_of(confidence: list[float], right: list[bool]) -> tuple[np.ndarray, np.ndarray]:
    probabilities = np.array([[c, (1 - c) / 2, (1 - c) / 2] for c in confidence])
    return probabilities, np.array([0 if each else 1 for each in right])


def test_a_threshold_answers_as_many_rows_as_the_stated_accuracy_allows() -> None:
    # The 40 most confident are right, of the next 10 eight are, of the last 50 half.
    probabilities, labels = rows_of(
        [0.9] * 40 + [0.8] * 10 + [0.6] * 50, [True] * 48 + [False] * 2 + [True, False] * 25
    )
    assert confidence_thresholds(probabilities, labels) == {
        "accuracy_80": 0.8, "accuracy_85": 0.8, "accuracy_90": 0.8, "accuracy_95": 0.8,
    }  # fmt: skip
    # 48 of 50 is 96%; 73 of all 100 is below any stated accuracy. One more error of the ten is 94%.
    labels[47] = 1
    assert confidence_thresholds(probabilities, labels)["accuracy_95"] == 0.9


def test_no_threshold_where_none_is_reached_or_too_few_rows_would_be_answered() -> None:
    probabilities, labels = rows_of([0.9] * 29 + [0.5] * 71, [True] * 29 + [False] * 71)
    assert set(confidence_thresholds(probabilities, labels).values()) == {None}


def test_rows_of_equal_confidence_are_answered_together() -> None:
    probabilities, labels = rows_of([0.7] * 60, [True] * 50 + [False] * 10)
    assert confidence_thresholds(probabilities, labels)["accuracy_80"] == pytest.approx(0.7)
    assert confidence_thresholds(probabilities, labels)["accuracy_85"] is None
