"""Choice of C, folds and temperature."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from stancelab.baselines.classifiers import (
    DENSE_LOGREG,
    LINEAR_LOGREG,
    LINEAR_SVM,
    NAIVE_BAYES_LOGREG,
    NAIVE_BAYES_SVM,
    Family,
)
from stancelab.baselines.linear import (
    Part,
    Selection,
    decide,
    fit_classifier,
    fit_linear,
)
from stancelab.metrics.classification import scores_of

if TYPE_CHECKING:
    from collections.abc import Callable

SELECTION = Selection(folds=3, seed=0, metric="macro_f1")


def points(classes: tuple[int, ...] = (0, 1, 2)) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    labels = np.repeat(classes, 20)
    features = np.random.default_rng(0).normal(size=(len(labels), 4)).astype(np.float32)
    features[np.arange(len(labels)), labels] += 2
    return features, labels, np.arange(len(labels)) // 2


def counts(classes: tuple[int, ...] = (0, 1, 2)) -> tuple[csr_matrix, np.ndarray, np.ndarray]:
    """Sparse rows as n-grams give them: each class has eight words of its own that it uses more than the others do."""
    labels = np.repeat(classes, 20)
    share = np.full((len(labels), 24), 0.2)
    for row, label in enumerate(labels):
        share[row, 8 * label : 8 * label + 8] = 0.6
    present = np.random.default_rng(0).random(share.shape) < share
    return csr_matrix(present.astype(np.float32)), labels, np.arange(len(labels)) // 2


FAMILIES = pytest.mark.parametrize(
    ("family", "rows"),
    [
        (NAIVE_BAYES_SVM, counts),
        (NAIVE_BAYES_LOGREG, counts),
        (LINEAR_SVM, counts),
        (LINEAR_LOGREG, counts),
        (DENSE_LOGREG, points),
    ],
)


def test_groups_are_never_split() -> None:
    _, labels, _ = points()
    groups = np.random.default_rng(1).integers(0, 12, size=len(labels))
    folds = Part(np.arange(len(labels)), groups).folds(labels, SELECTION)
    assert len(folds) == 3
    for train, held_out in folds:
        assert not set(groups[train]) & set(groups[held_out])
    assert sorted(np.concatenate([held_out for _, held_out in folds])) == list(range(len(labels)))


def test_fewer_groups_than_folds() -> None:
    labels, groups = np.array([0, 1, 0, 1]), np.array([0, 0, 1, 1])
    assert len(Part(np.arange(4), groups).folds(labels, Selection(5, 0, "macro_f1"))) == 2


@pytest.mark.parametrize(("labels", "groups"), [([0, 1, 2], [0, 0, 0]), ([1, 1, 1], [0, 1, 2])])
def test_no_folds_for_one_text_or_one_stance(labels: list[int], groups: list[int]) -> None:
    assert Part(np.arange(3), np.array(groups)).folds(np.array(labels), SELECTION) == []


@FAMILIES
def test_calibration_keeps_the_classifiers_answer(family: Family, rows: Callable) -> None:
    features, labels, groups = rows()
    model = fit_linear(family, features, labels, groups, SELECTION)
    assert model.choice.c in family.grid
    assert model.choice.score is not None
    assert model.choice.score > 0.7
    found = model.predict_proba(features)
    np.testing.assert_allclose(found.sum(axis=1), 1.0)
    assert (found.argmax(axis=1) == decide(model.classifier, features).argmax(axis=1)).all()


@FAMILIES
@pytest.mark.parametrize("classes", [(0, 1), (0, 2), (1, 2)])
def test_missing_class_has_probability_zero_in_its_place(
    family: Family, rows: Callable, classes: tuple[int, int]
) -> None:
    features, labels, groups = rows(classes)
    found = fit_linear(family, features, labels, groups, SELECTION).predict_proba(features)
    missing = ({0, 1, 2} - set(classes)).pop()
    assert (found[:, missing] == 0).all()
    assert (found.argmax(axis=1) == labels).mean() > 0.8


def test_a_single_class_is_certain() -> None:
    features, labels, groups = counts((1,))
    model = fit_linear(NAIVE_BAYES_SVM, features, labels, groups, SELECTION)
    assert model.choice.score is None
    assert model.predict_proba(features).tolist() == [[0.0, 1.0, 0.0]] * len(labels)


def test_class_missing_from_a_fold_leaves_the_temperature_finite() -> None:
    features, labels, groups = counts((0, 1))
    labels = labels.copy()
    labels[0] = 2
    model = fit_linear(NAIVE_BAYES_SVM, features, labels, groups, SELECTION)
    assert np.isfinite(model.choice.temperature)
    assert np.isfinite(model.predict_proba(features)).all()


def test_accuracy_weighs_rows_other_metrics_classes() -> None:
    assert Selection(5, 0, "accuracy").class_weight is None
    assert Selection(5, 0, "macro_f1").class_weight == "balanced"
    assert Selection(5, 0, "f_avg").class_weight == "balanced"


def test_scores() -> None:
    gold, predicted = np.array([0, 0, 1, 2]), np.array([0, 1, 1, 1])
    assert scores_of(gold, predicted).value("accuracy") == 0.5
    assert scores_of(gold, predicted).value("f_avg") == pytest.approx((2 / 3 + 0) / 2)
    assert scores_of(gold, predicted).value("macro_f1") == pytest.approx((2 / 3 + 0.5 + 0) / 3)


def test_decisions_of_two_classes_lie_in_their_columns() -> None:
    features, labels, _ = counts((0, 2))
    classifier = fit_classifier(NAIVE_BAYES_SVM, 1.0, features, labels, SELECTION)
    values = decide(classifier, features)
    np.testing.assert_allclose(values[:, 0], -values[:, 2])
    assert np.isneginf(values[:, 1]).all()
