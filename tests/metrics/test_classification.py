from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import (
    accuracy_score,
    brier_score_loss,
    confusion_matrix,
    f1_score,
    log_loss,
    precision_score,
    recall_score,
)

from stancelab.metrics.classification import (
    confusions_by,
    majority_scores,
    proper_losses,
    proper_scores,
    scores_of,
    scores_of_confusions,
)

LABELS = [0, 1, 2]


def _rows(n: int, seed: int, classes: int = 3) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    return random.integers(0, classes, n), random.integers(0, 3, n)


def _confusion(gold: np.ndarray, predicted: np.ndarray) -> np.ndarray:
    return confusions_by(np.zeros_like(gold), 1, gold, predicted)[0]


def test_a_case_worked_by_hand() -> None:
    # against: 2 hits of 3 gold, 3 predicted; neutral: 1 of 1, 2 predicted; favor: 1 of 2, 1 predicted.
    gold = np.array([0, 0, 0, 1, 2, 2])
    predicted = np.array([0, 0, 1, 1, 2, 0])
    scores = scores_of(gold, predicted)
    assert scores.accuracy == pytest.approx(4 / 6)
    assert scores.precision == pytest.approx([2 / 3, 1 / 2, 1])
    assert scores.recall == pytest.approx([2 / 3, 1, 1 / 2])
    assert scores.f1 == pytest.approx([2 / 3, 2 / 3, 2 / 3])
    assert scores.support.tolist() == [3, 1, 2]
    assert scores.macro_f1 == pytest.approx(2 / 3)
    assert scores.f_avg == pytest.approx(2 / 3)


def test_f_avg_leaves_out_the_f1_of_neutral_but_not_its_rows() -> None:
    gold = np.array([0, 2, 1, 1])
    assert scores_of(gold, np.array([0, 2, 1, 1])).f_avg == 1.0
    # Both neutral rows are taken for favor: favor's precision falls to 1/3, its F1 to 1/2.
    assert scores_of(gold, np.array([0, 2, 2, 2])).f_avg == pytest.approx((1 + 0.5) / 2)


@pytest.mark.parametrize(("n", "classes"), [(500, 3), (40, 3), (5, 3), (60, 2), (20, 1), (1, 3)])
def test_vectorized_scores_equal_those_of_scikit_learn(n: int, classes: int) -> None:
    gold, predicted = _rows(n, seed=n, classes=classes)
    for scores in (scores_of(gold, predicted), scores_of_confusions(_confusion(gold, predicted))):
        assert scores.accuracy == pytest.approx(accuracy_score(gold, predicted))
        both = {"labels": LABELS, "zero_division": 0}
        assert scores.f1 == pytest.approx(f1_score(gold, predicted, average=None, **both))
        assert scores.precision == pytest.approx(precision_score(gold, predicted, average=None, **both))
        assert scores.recall == pytest.approx(recall_score(gold, predicted, average=None, **both))
        assert scores.macro_f1 == pytest.approx(f1_score(gold, predicted, average="macro", **both))
        assert scores.macro_precision == pytest.approx(precision_score(gold, predicted, average="macro", **both))
        assert scores.macro_recall == pytest.approx(recall_score(gold, predicted, average="macro", **both))
        two = f1_score(gold, predicted, labels=[0, 2], average="macro", zero_division=0)
        assert scores.f_avg == pytest.approx(two)


def test_confusions_by_group_equal_those_of_scikit_learn() -> None:
    gold, predicted = _rows(300, seed=1)
    groups = np.random.default_rng(2).integers(0, 7, 300)
    found = confusions_by(groups, 8, gold, predicted)
    assert found.shape == (8, 3, 3)
    for group in range(7):
        rows = groups == group
        assert (found[group] == confusion_matrix(gold[rows], predicted[rows], labels=LABELS)).all()
    assert (found[7] == 0).all()


def test_an_empty_confusion_matrix_scores_zero_and_not_nan() -> None:
    scores = scores_of_confusions(np.zeros((2, 3, 3), dtype=np.int64))
    assert scores.macro_f1.tolist() == [0.0, 0.0]
    assert scores.accuracy.tolist() == [0.0, 0.0]


def test_majority_scores_are_what_a_constant_answer_scores() -> None:
    gold = np.array([0] * 3 + [1] * 5 + [2] * 2)
    constant = np.full(10, 1)
    found = majority_scores(np.bincount(gold))
    assert list(found) == ["macro_f1", "f_avg", "accuracy"]
    assert found["accuracy"] == 0.5
    assert found["macro_f1"] == pytest.approx(f1_score(gold, constant, average="macro", zero_division=0))
    assert found["f_avg"] == 0.0


def test_proper_scores() -> None:
    gold = np.array([0, 2])
    probabilities = np.array([[0.7, 0.2, 0.1], [0.5, 0.25, 0.25]])
    brier, nll = proper_scores(gold, probabilities)
    assert brier == pytest.approx((0.09 + 0.04 + 0.01 + 0.25 + 0.0625 + 0.5625) / 2)
    assert nll == pytest.approx(-(np.log(0.7) + np.log(0.25)) / 2)
    assert brier == pytest.approx(brier_score_loss(gold, probabilities, labels=LABELS, scale_by_half=False))
    assert nll == pytest.approx(log_loss(gold, probabilities, labels=LABELS))


def test_losses_of_any_rows_have_their_proper_scores_as_means() -> None:
    random = np.random.default_rng(8)
    gold, probabilities = random.integers(3, size=50), random.dirichlet(np.ones(3), 50)
    probabilities[7] = np.eye(3)[(gold[7] + 1) % 3]  # sure and wrong
    brier, nll = proper_losses(gold, probabilities)
    for rows in (np.arange(50), np.array([7]), np.arange(3, 20)):
        assert (brier[rows].mean(), nll[rows].mean()) == pytest.approx(proper_scores(gold[rows], probabilities[rows]))


def test_proper_scores_stay_finite_and_quiet_where_a_system_is_sure_and_wrong(recwarn: pytest.WarningsRecorder) -> None:
    rounded = np.array([[1.0, 0.0, 0.0], [0.3333334, 0.3333334, 0.3333334]])
    brier, nll = proper_scores(np.array([1, 1]), rounded)
    assert brier == pytest.approx((2 + 2 / 3) / 2)
    assert np.isfinite(nll)
    assert not recwarn.list
