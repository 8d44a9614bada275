"""The kinds of linear classifiers that baselines are made of, and the values of C that are tried for each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

import numpy as np
from scipy.sparse import csr_matrix, issparse

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray


class Classifier(Protocol):
    """What is asked of a scikit-learn classifier."""

    classes_: NDArray[np.int64]

    def fit(self, features: Any, labels: NDArray[np.int64]) -> Any:
        """Fit to rows."""

    def decision_function(self, features: Any) -> NDArray[np.floating[Any]]:
        """Return the decision values, shape (n, classes), or (n,) where there are two classes."""


@dataclass(frozen=True)
class Family:
    """A kind of linear classifier and the values of C that are tried, from strong to weak regularization.

    Attributes:
        make: Returns an unfitted classifier, given C, the class weights ("balanced" or None), the seed and the
            solver's tolerance.
        grid: The values of C.
        tolerance: What the solver stops by, of its own measure.
    """

    make: Callable[[float, str | None, int, float], Classifier]
    grid: tuple[float, ...]
    tolerance: float


class NaiveBayesLinear:
    """One linear classifier for each class against the rest, on features scaled by their naive Bayes weight.

    A column is multiplied by |log (p / q)|, with p its share among the class' features and q its share among the
    others', both smoothed by one (Wang & Manning, 2012): n-grams that occur alike in both fade before the classifier
    is fitted. Chosen over tf-idf by cross-validation on the train rows of MPQA and NewsMTSC together.

    Attributes:
        classifier: What is fitted.
        classes_: The classes in train.
        coef_: Their coefficients, each column's weight multiplied in, shape (columns, classifiers).
        n_iter_: The iterations of each solver.
    """

    def __init__(self, make: Callable[[], Any]) -> None:
        self._make = make

    def fit(self, features: Any, labels: NDArray[np.int64]) -> NaiveBayesLinear:
        """Fit to a sparse matrix (CSR) without negative values."""
        self.classes_ = np.unique(labels)
        # scikit-learn sorts a matrix in place, and the scaled ones below share their indices: a copy of the caller's.
        features = features.sorted_indices()
        # Two classes need one classifier: that of the second one.
        answered = self.classes_ if len(self.classes_) > 2 else self.classes_[1:]
        self.n_iter_: list[int] = []
        coefficients, intercepts = [], []
        for one in answered:
            weights = _log_count_ratios(features, labels == one)
            scaled = csr_matrix(
                (features.data * weights[features.indices], features.indices, features.indptr), features.shape
            )
            classifier = self._make().fit(scaled, labels == one)
            self.n_iter_.append(int(np.max(classifier.n_iter_)))
            coefficients.append(classifier.coef_[0] * weights)
            intercepts.append(float(classifier.intercept_[0]))
        self.coef_, self._intercepts = np.stack(coefficients, axis=1), np.array(intercepts)
        return self

    def decision_function(self, features: Any) -> NDArray[np.float64]:
        """Return the decision values, shape (n, classes), or (n,) where there are two classes."""
        values = np.asarray(features @ self.coef_ + self._intercepts, dtype=np.float64)
        return values.ravel() if values.shape[1] == 1 else values


class PresentColumns:
    """A classifier that is fitted to the columns that occur in its rows: the coefficients of all others are 0.

    A target of fifty rows has a few thousand of the hundred thousand columns of all targets. A penalty alone moves no
    coefficient from 0, so the classifier is the same as of all columns, and its solver works with a fraction of them.

    Attributes:
        classifier: What is fitted.
        classes_: The classes in train.
        coef_: The coefficients of the columns that occur.
        n_iter_: The iterations of its solver.
    """

    def __init__(self, classifier: Any) -> None:
        self.classifier = classifier

    def fit(self, features: Any, labels: NDArray[np.int64]) -> PresentColumns:
        """Fit to a matrix, sparse (CSR) or dense."""
        self._columns = np.unique(features.indices) if _is_sparse(features) else None
        self.classifier.fit(self._present(features), labels)
        self.classes_, self.coef_ = self.classifier.classes_, self.classifier.coef_
        self.n_iter_ = self.classifier.n_iter_
        return self

    def decision_function(self, features: Any) -> NDArray[np.floating[Any]]:
        """Return the decision values, shape (n, classes), or (n,) where there are two classes."""
        values: NDArray[np.floating[Any]] = self.classifier.decision_function(self._present(features))
        return values

    def _present(self, features: Any) -> Any:
        # scikit-learn wants at least one column.
        return features if self._columns is None or not len(self._columns) else features[:, self._columns]


def _is_sparse(features: Any) -> bool:
    return bool(issparse(features))


def linear_svm(c: float, class_weight: str | None, seed: int, tolerance: float) -> Classifier:
    """Return a linear support vector machine (LIBLINEAR; Fan et al., 2008), one class against the rest."""
    from sklearn.svm import LinearSVC

    classifier: Classifier = LinearSVC(C=c, class_weight=class_weight, random_state=seed, tol=tolerance, max_iter=2000)
    return classifier


def linear_logreg(c: float, class_weight: str | None, seed: int, tolerance: float) -> Classifier:
    """Return logistic regression for sparse columns, multinomial where there are three classes."""
    from sklearn.linear_model import LogisticRegression

    options = {"C": c, "class_weight": class_weight, "random_state": seed, "tol": tolerance, "max_iter": 1000}
    return PresentColumns(LogisticRegression(**options))


def naive_bayes_svm(c: float, class_weight: str | None, seed: int, tolerance: float) -> Classifier:
    """Return linear support vector machines on features with naive Bayes weights."""
    return NaiveBayesLinear(lambda: linear_svm(c, class_weight, seed, tolerance))


def naive_bayes_logreg(c: float, class_weight: str | None, seed: int, tolerance: float) -> Classifier:
    """Return logistic regressions (LIBLINEAR's dual solver) on features with naive Bayes weights."""
    from sklearn.linear_model import LogisticRegression

    options = {"C": c, "class_weight": class_weight, "random_state": seed, "tol": tolerance, "max_iter": 1000}
    return NaiveBayesLinear(lambda: LogisticRegression(solver="liblinear", dual=True, **options))


def dense_logreg(c: float, class_weight: str | None, seed: int, tolerance: float) -> Classifier:
    """Return multinomial logistic regression for dense columns, each scaled to mean 0 and variance 1."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    model = LogisticRegression(C=c, class_weight=class_weight, random_state=seed, tol=tolerance, max_iter=500)
    classifier: Classifier = make_pipeline(StandardScaler(), model)
    return classifier


#: LIBLINEAR's solvers measure how far the dual variables are from their conditions. On 4,000 sentences of the diplomacy
#: corpus (tf-idf and present n-grams) no answer differs from that of a tolerance of 1e-5.
_LIBLINEAR: Final = 1e-2
#: lbfgs measures the largest partial derivative of the mean loss, which with a hundred thousand columns of small values
#: is below 1e-3 at its start already. There 1e-4 changes 1.4% of the answers and 1e-5 none.
_LBFGS: Final = 1e-5

NAIVE_BAYES_SVM: Final = Family(naive_bayes_svm, (0.05, 0.15, 0.5), _LIBLINEAR)
NAIVE_BAYES_LOGREG: Final = Family(naive_bayes_logreg, (0.5, 1.5, 5.0), _LIBLINEAR)
LINEAR_SVM: Final = Family(linear_svm, (0.1, 0.3, 1.0), _LIBLINEAR)
LINEAR_LOGREG: Final = Family(linear_logreg, (1.0, 3.0, 10.0), _LBFGS)
DENSE_LOGREG: Final = Family(dense_logreg, (0.01, 0.1, 1.0), _LBFGS)
#: More than a thousand columns of an encoder overfit a few thousand rows unless regularized strongly.
EMBEDDING_LOGREG: Final = Family(dense_logreg, (0.0003, 0.001, 0.003, 0.01), _LBFGS)


def _log_count_ratios(features: Any, of_class: NDArray[np.bool_]) -> NDArray[np.float32]:
    present = features != 0
    p, q = (np.asarray(present[rows].sum(axis=0)).ravel() + 1.0 for rows in (of_class, ~of_class))
    return np.asarray(np.abs(np.log((p / p.sum()) / (q / q.sum()))), dtype=np.float32)
