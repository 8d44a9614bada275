from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import f1_score, recall_score

from stancelab.metrics.calibration import before_temperature, classwise_errors
from stancelab.metrics.chance import guessing_scores
from stancelab.metrics.classes import class_ids, classes_of_counts, task_classes
from stancelab.metrics.classification import majority_scores, scores_of, scores_of_confusions
from stancelab.metrics.names import CLASSIFICATION_METRICS, shown_metrics
from stancelab.metrics.randomization import randomization
from stancelab.metrics.temperature import fit_temperature, softmax, within_classes

TWO = class_ids(["favor", "against"])
GOLD = np.array([0, 0, 0, 2, 2, 2, 2, 2])


def confusion(gold: np.ndarray, predicted: np.ndarray) -> np.ndarray:
    return np.bincount(gold * 3 + predicted, minlength=9).reshape(3, 3)


def test_classes_are_the_stances_of_all_splits() -> None:
    train, test = {"rows": 5, "against": 3, "neutral": 0, "favor": 2}, {"rows": 1, "favor": 1}
    assert classes_of_counts([train, test]) == ["against", "favor"]
    assert classes_of_counts([train, {"rows": 1, "neutral": 1}]) == ["against", "neutral", "favor"]
    assert class_ids(["favor", "against"]) == (0, 2)


@pytest.mark.parametrize("found", [[], ["favor"]])
def test_fewer_than_two_stances_do_not_show_the_task(found) -> None:
    assert task_classes(found) == ["against", "neutral", "favor"]


def test_a_perfect_system_of_two_classes_has_100() -> None:
    for scores in (scores_of(GOLD, GOLD, TWO), scores_of_confusions(confusion(GOLD, GOLD), TWO)):
        assert [scores.value(name) for name in CLASSIFICATION_METRICS] == [1.0] * 5
    assert scores_of(GOLD, GOLD).value("macro_f1") == pytest.approx(2 / 3), "over three classes"


@pytest.mark.parametrize("classes", [(0, 2), (0, 1), (1, 2)])
def test_means_are_those_of_scikit_learn_with_labels(classes) -> None:
    random = np.random.default_rng(1)
    gold, predicted = random.choice(classes, 200), random.integers(3, size=200)
    for scores in (scores_of(gold, predicted, classes), scores_of_confusions(confusion(gold, predicted), classes)):
        assert scores.value("macro_f1") == pytest.approx(f1_score(gold, predicted, labels=classes, average="macro"))
        assert scores.value("macro_recall") == pytest.approx(
            recall_score(gold, predicted, labels=classes, average="macro")
        )
        polar = [each for each in classes if each != 1]
        assert scores.value("f_avg") == pytest.approx(f1_score(gold, predicted, labels=polar, average="macro"))


def test_an_answer_outside_the_classes_is_an_error_and_adds_no_class() -> None:
    predicted = GOLD.copy()
    predicted[0] = 1
    scores = scores_of(GOLD, predicted, TWO)
    assert scores.value("accuracy") == pytest.approx(7 / 8)
    assert scores.value("macro_f1") == pytest.approx((2 * 2 / (3 + 2) + 1) / 2)
    assert f1_score(GOLD, predicted, average="macro") == pytest.approx((2 * 2 / 5 + 0 + 1) / 3), "without labels"


def test_chance_of_two_classes() -> None:
    assert guessing_scores([3, 0, 5], TWO) == pytest.approx({"accuracy": (9 + 25) / 64, "macro_f1": 0.5, "f_avg": 0.5})
    assert guessing_scores([3, 5, 0], (0, 1))["f_avg"] == pytest.approx(3 / 8)
    found = majority_scores(np.array([3, 0, 5]), TWO)
    assert found == pytest.approx({"accuracy": 5 / 8, "macro_f1": 5 / (5 + 8), "f_avg": 5 / (5 + 8)})


def test_logits_of_other_stances_are_left_out() -> None:
    logits = np.array([[1.0, 9.0, 3.0], [2.0, 0.0, 1.0]])
    probabilities = softmax(within_classes(logits, TWO))
    assert probabilities[:, 1].tolist() == [0.0, 0.0]
    assert probabilities.argmax(axis=1).tolist() == [2, 0]
    assert probabilities.sum(axis=1) == pytest.approx(1)
    assert within_classes(logits, (0, 1, 2)).tolist() == logits.tolist()


def test_the_temperature_of_two_classes_is_that_of_two_columns() -> None:
    random = np.random.default_rng(2)
    labels = random.integers(2, size=300)
    two = np.eye(2)[np.where(random.random(300) < 0.8, labels, 1 - labels)] * 4
    three = np.column_stack([two[:, 0], random.normal(5, 1, 300), two[:, 1]])
    assert fit_temperature(within_classes(three, TWO), labels * 2) == pytest.approx(fit_temperature(two, labels))


@pytest.mark.parametrize("temperature", [0.01, 0.5, 3.0])
def test_a_probability_of_0_is_0_at_any_temperature(temperature) -> None:
    now = np.array([[0.7, 0.0, 0.3]])
    before = before_temperature(now, temperature)
    assert before[0, 1] == 0.0
    assert before.sum() == pytest.approx(1)


def test_class_wise_errors_are_of_the_classes() -> None:
    assert list(classwise_errors(GOLD, np.eye(3)[GOLD], 5, TWO)) == ["against", "favor"]


def test_swaps_score_the_classes() -> None:
    """A class that both lack changes no p-value of macro-F1, and `f_avg` is macro-F1."""
    random = np.random.default_rng(3)
    gold = random.choice(TWO, 12)
    runs = [np.where(random.random(12) < share, gold, random.integers(3, size=12)) for share in (0.9, 0.5)]
    counts = np.stack([[confusion(gold[[u]], run[[u]]) for run in runs] for u in range(12)])
    [macro] = randomization(counts, [(0, 1)], "macro_f1", 5000, 1, classes=TWO)
    [average] = randomization(counts, [(0, 1)], "f_avg", 5000, 1, classes=TWO)
    assert macro == average


def test_macro_f1_and_f_avg_stand_once_where_they_are_one() -> None:
    assert shown_metrics("f_avg", ["against", "favor"]) == ["f_avg", "accuracy"]
    assert shown_metrics("accuracy", ["against", "favor"]) == ["accuracy", "macro_f1"]
    assert shown_metrics("macro_f1", ["against", "neutral"]) == ["macro_f1", "f_avg", "accuracy"]
