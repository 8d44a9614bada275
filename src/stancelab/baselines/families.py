"""The kinds of linear classifiers that baselines are made of, and the values of C that are tried for each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
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
        make: Returns an unfitted classifier, given C, the class weights ("balanced" or None) and the seed.
        grid: The values of C.
    """

    make: Callable[[float, str | None, int], Classifier]
    grid: tuple[float, ...]


def linear_svm(c: float, class_weight: str | None, seed: int) -> Classifier:
    """Return a linear support vector machine (LIBLINEAR; Fan et al., 2008), one class against the rest."""
    from sklearn.svm import LinearSVC

    classifier: Classifier = LinearSVC(C=c, class_weight=class_weight, random_state=seed, tol=1e-3, max_iter=2000)
    return classifier


def sparse_logreg(c: float, class_weight: str | None, seed: int) -> Classifier:
    """Return logistic regression for many sparse columns: LIBLINEAR's dual solver, one class against the rest."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.multiclass import OneVsRestClassifier

    one = LogisticRegression(
        C=c, class_weight=class_weight, random_state=seed, solver="liblinear", dual=True, tol=1e-2, max_iter=1000
    )
    classifier: Classifier = OneVsRestClassifier(one)
    return classifier


def dense_logreg(c: float, class_weight: str | None, seed: int) -> Classifier:
    """Return multinomial logistic regression for dense columns, each scaled to mean 0 and variance 1."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    model = LogisticRegression(C=c, class_weight=class_weight, random_state=seed, tol=1e-3, max_iter=500)
    classifier: Classifier = make_pipeline(StandardScaler(), model)
    return classifier


LINEAR_SVM: Final = Family(linear_svm, (0.03, 0.1, 0.3, 1.0))
SPARSE_LOGREG: Final = Family(sparse_logreg, (0.3, 1.0, 3.0, 10.0))
DENSE_LOGREG: Final = Family(dense_logreg, (0.01, 0.1, 1.0))
#: More than a thousand columns of an encoder overfit a few thousand rows unless regularized strongly.
EMBEDDING_LOGREG: Final = Family(dense_logreg, (0.0003, 0.001, 0.003, 0.01))
