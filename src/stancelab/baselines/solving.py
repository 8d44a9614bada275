"""Fits a linear classifier and says how its solver ended: iterations, convergence, and whether it moved at all.

A solver that starts at zero stops there where the gradient is below its tolerance from the start, as with features of
many small values. Its classifier then gives every row the same answer, without a warning by scikit-learn.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Self

    from numpy.typing import NDArray

    from stancelab.baselines.classifiers import Classifier, Family

#: A fit that did not move is repeated with tolerances that are finer by these factors.
FINER: Final = (1.0, 1e-2, 1e-4, 1e-6)


@dataclass(frozen=True)
class Solved:
    """A fitted classifier, and how its solver ended.

    Attributes:
        classifier: The classifier.
        iterations: The solver's iterations; those of the longest fit where there is one for each class.
        converged: Whether it ended by its tolerance, not by its limit.
        moved: Whether any coefficient differs from 0; where none does, all rows have one answer.
    """

    classifier: Classifier
    iterations: int
    converged: bool
    moved: bool

    @property
    def classes_(self) -> NDArray[np.int64]:
        """The classes in train."""
        return self.classifier.classes_

    def decision_function(self, features: Any) -> NDArray[np.floating[Any]]:
        """Return the decision values, shape (n, classes), or (n,) where there are two classes."""
        return self.classifier.decision_function(features)


@dataclass(frozen=True)
class Fits:
    """How the solvers of several fits ended.

    Attributes:
        models: How many classifiers were fitted; rows of a single stance need none.
        iterations: The most iterations of one of them.
        not_converged: How many ended by their limit of iterations.
        unmoved: How many have no coefficient other than 0, with the finest tolerance too: their features do not tell
            the stances apart.
    """

    models: int = 0
    iterations: int = 0
    not_converged: int = 0
    unmoved: int = 0

    @classmethod
    def of(cls, classifiers: Iterable[Solved | int]) -> Self:
        """Count some fits; a stance in place of a classifier is none."""
        solved = [each for each in classifiers if isinstance(each, Solved)]
        return cls(
            models=len(solved),
            iterations=max((each.iterations for each in solved), default=0),
            not_converged=sum(not each.converged for each in solved),
            unmoved=sum(not each.moved for each in solved),
        )

    @classmethod
    def all_of(cls, several: Iterable[Fits]) -> Self:
        """Return the counts of several together."""
        found = list(several)
        return cls(
            models=sum(each.models for each in found),
            iterations=max((each.iterations for each in found), default=0),
            not_converged=sum(each.not_converged for each in found),
            unmoved=sum(each.unmoved for each in found),
        )

    def describe(self) -> dict[str, int]:
        """Return the counts for the report."""
        return {
            "fitted": self.models,
            "most_iterations": self.iterations,
            "not_converged": self.not_converged,
            "all_coefficients_zero": self.unmoved,
        }

    def problems(self) -> list[str]:
        """Return what is wrong with the fits, in words; an empty list means that nothing is."""
        lines = []
        if self.not_converged:
            lines.append(f"{self.not_converged} of {self.models} fits reached the limit of iterations")
        if self.unmoved:
            lines.append(
                f"{self.unmoved} of {self.models} fits have no coefficient other than 0 and one answer for all rows: "
                "their features do not tell the stances apart"
            )
        return lines


def solve(
    family: Family, c: float, class_weight: str | None, seed: int, features: Any, labels: NDArray[np.int64]
) -> Solved:
    """Return a classifier that is fitted to rows of two or three stances.

    Where no coefficient moved, the fit is repeated with finer tolerances: with the finest one, zeros are the solution.

    Args:
        family: The kind of classifier.
        c: Inverse strength of the regularization.
        class_weight: "balanced" or None.
        seed: The solver's seed.
        features: Shape (n, columns).
        labels: Stance ids, shape (n,).
    """
    for factor in FINER:
        solved = _solve(family.make(c, class_weight, seed, factor * family.tolerance), features, labels)
        if solved.moved:
            break
    return solved


def _solve(classifier: Classifier, features: Any, labels: NDArray[np.int64]) -> Solved:
    from sklearn.exceptions import ConvergenceWarning

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        classifier.fit(features, labels)
    unfinished = [each for each in caught if issubclass(each.category, ConvergenceWarning)]
    for each in caught:
        if each not in unfinished:
            warnings.warn_explicit(each.message, each.category, each.filename, each.lineno)
    model: Any = classifier
    model = model.steps[-1][1] if hasattr(model, "steps") else model  # a pipeline ends with its classifier
    return Solved(
        classifier,
        iterations=int(np.max(model.n_iter_)),
        converged=not unfinished,
        moved=bool(np.any(model.coef_)),
    )
