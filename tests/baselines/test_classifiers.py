"""The linear classifiers by themselves: naive Bayes weights, scaling of columns, and how strong C is."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from stancelab.baselines.classifiers import (
    DENSE_LOGREG,
    EMBEDDING_LOGREG,
    LINEAR_LOGREG,
    LINEAR_SVM,
    NAIVE_BAYES_LOGREG,
    NAIVE_BAYES_SVM,
    Family,
    NaiveBayesLinear,
)

FAMILIES = (NAIVE_BAYES_SVM, NAIVE_BAYES_LOGREG, LINEAR_SVM, LINEAR_LOGREG, DENSE_LOGREG, EMBEDDING_LOGREG)


class SumOfColumns:
    coef_ = np.ones((1, 2))
    intercept_ = np.array([0.5])
    n_iter_ = np.array([1])

    def fit(self, features: csr_matrix, of_class: np.ndarray) -> SumOfColumns:
        return self


def points(classes: int) -> tuple[np.ndarray, np.ndarray]:
    """Thirty rows of each class, around places of their own."""
    labels = np.repeat(np.arange(classes), 30)
    features = np.random.default_rng(0).normal(size=(len(labels), 4))
    features[np.arange(len(labels)), labels] += 2
    return features, labels


def columns_of(family: Family, features: np.ndarray) -> np.ndarray | csr_matrix:
    """Return features as the family takes them: dense, or sparse and without negative values."""
    return features if family in (DENSE_LOGREG, EMBEDDING_LOGREG) else csr_matrix(np.maximum(features, 0))


def test_naive_bayes_weights() -> None:
    features, labels = csr_matrix(np.array([[0.5, 1], [1, 0], [0, 1]], dtype=np.float32)), np.array([0, 0, 2])
    values = NaiveBayesLinear(SumOfColumns).fit(features, labels).decision_function(features)
    # Presence counts, plus one: class 2 has (1, 2) of 3, class 0 has (3, 2) of 5.
    first, second = np.log(9 / 5), np.log(5 / 3)
    np.testing.assert_allclose(values - 0.5, [first / 2 + second, first, second], rtol=1e-6)


def test_naive_bayes_leaves_the_callers_matrix_as_it_is() -> None:
    # The indices of the first row are not sorted, as joining of features may leave them.
    features = csr_matrix((np.array([1.0, 2.0, 3.0]), np.array([1, 0, 0]), np.array([0, 2, 3])), shape=(2, 2))
    NAIVE_BAYES_SVM.make(1.0, None, 0, 1e-2).fit(features, np.array([0, 1]))
    assert (features.indices.tolist(), features.data.tolist()) == ([1, 0, 0], [1.0, 2.0, 3.0])


@pytest.mark.parametrize("family", FAMILIES)
def test_two_classes_have_one_column_and_three_have_three(family: Family) -> None:
    for classes, shape in ((2, (60,)), (3, (90, 3))):
        features, labels = points(classes)
        given = columns_of(family, features)
        classifier = family.make(family.grid[-1], "balanced", 0, family.tolerance)
        classifier.fit(given, labels)
        assert classifier.decision_function(given).shape == shape
        assert classifier.classes_.tolist() == list(range(classes))


@pytest.mark.parametrize("family", FAMILIES)
def test_c_goes_from_strong_to_weak_regularization(family: Family) -> None:
    assert list(family.grid) == sorted(set(family.grid))
    features, labels = points(2)
    given = columns_of(family, features)
    spread = []
    for c in (family.grid[0], family.grid[-1]):
        classifier = family.make(c, None, 0, family.tolerance)
        classifier.fit(given, labels)
        spread.append(classifier.decision_function(given).std())
    assert spread[0] < spread[1]


def test_dense_columns_count_alike_whatever_their_units() -> None:
    features, labels = points(3)
    values = []
    for given in (features, features * [1, 1000, 0.001, 1] + [0, 5, 0, -7]):
        classifier = DENSE_LOGREG.make(0.1, None, 0, 1e-5)
        classifier.fit(given, labels)
        values.append(classifier.decision_function(given))
    np.testing.assert_allclose(values[0], values[1], atol=1e-6)


def test_balanced_weights_raise_the_rare_class() -> None:
    features, labels = points(2)
    few = np.concatenate([np.arange(30), np.arange(30, 33)])
    lifted = []
    for weight in (None, "balanced"):
        classifier = LINEAR_LOGREG.make(1.0, weight, 0, 1e-5)
        classifier.fit(features[few], labels[few])
        lifted.append(classifier.decision_function(features).mean())
    assert lifted[1] > lifted[0]


def test_columns_that_do_not_occur_change_nothing() -> None:
    random = np.random.default_rng(0)
    labels = random.integers(0, 3, 60)
    dense = (random.random((60, 400)) < 0.05) * random.random((60, 400))
    dense[:, 0] += labels
    dense[:, 100:] = 0
    asked = csr_matrix(random.random((20, 400)))
    found = LINEAR_LOGREG.make(3.0, "balanced", 0, 1e-5).fit(csr_matrix(dense), labels)
    plain = LogisticRegression(C=3.0, class_weight="balanced", random_state=0, tol=1e-5, max_iter=1000)
    expected = plain.fit(csr_matrix(dense), labels).decision_function(asked)
    np.testing.assert_allclose(found.decision_function(asked), expected, atol=1e-3)
    assert found.coef_.shape[1] <= 100
