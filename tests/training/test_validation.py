"""What the validation rows give after training."""

from __future__ import annotations

import logging

import numpy as np
import pytest

from stancelab.metrics.classes import class_ids
from stancelab.schema import STANCES, Example
from stancelab.training.validation import FittedOnDev, dev_scores, fit_on_dev


def test_the_dev_score_of_several_corpora_is_their_mean() -> None:
    gold = np.array([0, 1, 2, 0, 0, 0, 0])
    logits = np.eye(3)[[0, 1, 2, 1, 1, 1, 0]] * 3
    found = dev_scores(logits, gold, ["a", "a", "a", "b", "b", "b", "b"], 2.0, "accuracy")
    assert (found.corpora["a"].accuracy, found.corpora["b"].accuracy) == (1.0, 0.25)
    assert (found.corpora["a"].rows, found.corpora["b"].rows) == (3, 4)
    assert found.score == pytest.approx((1 + 0.25) / 2)
    assert found.nll_after < found.nll_before


@pytest.mark.parametrize(("sign", "message"), [(1, "makes no mistake"), (-1, "does no better than chance")])
def test_a_temperature_at_the_end_of_its_range_is_explained(
    sign: int, message: str, caplog: pytest.LogCaptureFixture
) -> None:
    labels = np.arange(3000) % 3
    examples = [Example(id=str(n), text="a", target="b", stance=STANCES[label]) for n, label in enumerate(labels)]
    with caplog.at_level(logging.WARNING):
        fit_on_dev(sign * np.eye(3)[labels] * 1e-2, examples, "macro_f1")
    assert message in caplog.text


def test_few_rows_are_said_to_be_few(caplog: pytest.LogCaptureFixture) -> None:
    examples = [Example(id=str(n), text="a", target="b", stance=STANCES[n % 3]) for n in range(6)]
    with caplog.at_level(logging.WARNING):
        fit_on_dev(np.eye(3)[[0, 1, 2, 0, 1, 0]], examples, "macro_f1")
    assert "only 6 validation rows" in caplog.text


def test_thresholds_come_with_what_they_answer_and_documents_count_together() -> None:
    confident = np.arange(600) < 400
    labels = np.where(np.arange(600) % 10 == 0, 1, 0)  # one of ten is wrong, always in the same documents
    logits = np.array([[4.0 if each else 0.5, 0.0, 0.0] for each in confident])

    def fitted(documents: int) -> FittedOnDev:
        examples = [
            Example(id=str(n), text=str(n), target="b", stance=STANCES[label], document=str(n % documents))
            for n, label in enumerate(labels)
        ]
        return fit_on_dev(logits, examples, "macro_f1")

    apart, together, few = fitted(599), fitted(20), fitted(9)
    assert apart.thresholds["guaranteed_85"] == apart.thresholds["accuracy_85"]
    assert apart.coverage["guaranteed_85"] == 1.0
    assert together.thresholds["accuracy_85"] == apart.thresholds["accuracy_85"]
    assert together.thresholds["guaranteed_85"] is None
    assert "guaranteed_85" not in together.coverage
    assert few.thresholds["guaranteed_80"] is None


def test_the_classes_of_a_task_of_two_are_fitted_alone() -> None:
    """The third output does not matter, however high it is."""
    random = np.random.default_rng(1)
    labels = random.choice([0, 2], 200)
    right = random.random(200) < 0.9
    logits = np.eye(3)[np.where(right, labels, 2 - labels)] * 3 + np.array([0, 9, 0])
    examples = [Example(id=str(n), text=str(n), target="b", stance=STANCES[label]) for n, label in enumerate(labels)]
    two = class_ids(["against", "favor"])
    fitted = fit_on_dev(logits, examples, "macro_f1", two)
    assert fitted.scores.score == pytest.approx(right.mean(), abs=0.02)
    assert fitted.scores.corpora[""].macro_f1 == fitted.scores.corpora[""].f_avg
    assert fitted.scores.nll_after < 0.5
    assert fitted == fit_on_dev(logits - np.array([0, 99, 0]), examples, "macro_f1", two)
    perfect = dev_scores(np.eye(3)[labels], labels, [""] * 200, 1.0, "macro_f1", two)
    assert perfect.score == 1.0
