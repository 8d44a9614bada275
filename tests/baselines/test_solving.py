"""How solvers end: a fit that stops where it starts is repeated, and every fit says how it ended."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from stancelab.baselines.classifiers import (
    DENSE_LOGREG,
    EMBEDDING_LOGREG,
    LINEAR_LOGREG,
    LINEAR_SVM,
    NAIVE_BAYES_LOGREG,
    NAIVE_BAYES_SVM,
    Family,
    PresentColumns,
    linear_logreg,
)
from stancelab.baselines.solving import Fits, Solved, solve

FAMILIES = (NAIVE_BAYES_SVM, NAIVE_BAYES_LOGREG, LINEAR_SVM, LINEAR_LOGREG, DENSE_LOGREG, EMBEDDING_LOGREG)


def small_values(rows: int = 1200, columns: int = 4000) -> tuple[csr_matrix, np.ndarray]:
    """Rows of length 1 with forty of four thousand columns each, as n-grams give them; no column says much."""
    random = np.random.default_rng(0)
    labels = np.arange(rows) % 2
    dense = np.zeros((rows, columns), dtype=np.float64)
    for row, label in enumerate(labels):
        own = random.choice(columns // 2, 22, replace=False) + label * columns // 2
        other = random.choice(columns // 2, 18, replace=False) + (1 - label) * columns // 2
        dense[row, np.concatenate([own, other])] = 40**-0.5
    return csr_matrix(dense), labels


def converged(features: csr_matrix, labels: np.ndarray, c: float) -> np.ndarray:
    """Return the decision values at the minimum of |w|^2 / 2 + C sum log(1 + exp(-y (x w + b))), found by SciPy."""
    dense, signs = features.toarray(), 2.0 * labels - 1

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        margins = signs * (dense @ w[:-1] + w[-1])
        slopes = -c * signs / (1 + np.exp(margins))
        return (
            w[:-1] @ w[:-1] / 2 + c * np.logaddexp(0, -margins).sum(),
            np.append(w[:-1] + dense.T @ slopes, slopes.sum()),
        )

    found = minimize(loss, np.zeros(dense.shape[1] + 1), jac=True, method="L-BFGS-B", options={"gtol": 1e-8})
    return np.asarray(dense @ found.x[:-1] + found.x[-1])


def test_a_fit_that_stops_where_it_starts_is_repeated() -> None:
    features, labels = small_values()
    coarse = linear_logreg(3.0, None, 0, 1e-3)
    coarse.fit(features, labels)
    assert coarse.decision_function(features).tolist() == [0.0] * 1200  # every row has p = 0.5
    found = solve(replace(LINEAR_LOGREG, tolerance=1e-3), 3.0, None, 0, features, labels)
    assert found.moved
    assert found.converged
    assert ((found.decision_function(features) > 0) == (labels == 1)).mean() > 0.9
    fine = solve(LINEAR_LOGREG, 3.0, None, 0, features, labels)
    np.testing.assert_allclose(fine.decision_function(features), converged(features, labels, 3.0), atol=0.02)


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_moves_and_converges_on_small_values(family: Family) -> None:
    features, labels = small_values()
    given = features.toarray() if family in (DENSE_LOGREG, EMBEDDING_LOGREG) else features
    for c in family.grid:
        found = solve(family, c, "balanced", 0, given, labels)
        assert (found.moved, found.converged) == (True, True)
        assert found.iterations >= 1


def test_features_that_say_nothing_have_zeros_as_their_solution() -> None:
    features, labels = csr_matrix(np.ones((6, 2))), np.array([0, 1, 0, 1, 0, 1])
    found = solve(LINEAR_LOGREG, 1.0, "balanced", 0, features, labels)
    assert (found.moved, found.converged) == (False, True)
    assert Fits.of([found]).problems() == [
        "1 of 1 fits have no coefficient other than 0 and one answer for all rows: their features do not tell the "
        "stances apart"
    ]


def test_a_limit_of_iterations_is_told() -> None:
    features, labels = small_values()

    def hurried(c: float, class_weight: str | None, seed: int, tolerance: float):
        made = linear_logreg(c, class_weight, seed, tolerance)
        assert isinstance(made, PresentColumns)
        made.classifier.set_params(max_iter=2)
        return made

    found = solve(Family(hurried, (10.0,), 1e-9), 10.0, None, 0, features, labels)
    assert (found.iterations, found.converged, found.moved) == (2, False, True)
    assert Fits.of([found, 1]).problems() == ["1 of 1 fits reached the limit of iterations"]


def test_counts_of_several_fits() -> None:
    def ended(iterations: int, *, converged: bool = True, moved: bool = True) -> Solved:
        return Solved(linear_logreg(1.0, None, 0, 1e-5), iterations, converged, moved)

    first, second = Fits.of([ended(3), ended(9, converged=False)]), Fits.of([2, ended(5, moved=False)])
    assert Fits.all_of([first, second, Fits()]) == Fits(models=3, iterations=9, not_converged=1, unmoved=1)
    assert first.describe() == {
        "fitted": 2, "most_iterations": 9, "not_converged": 1, "all_coefficients_zero": 0
    }  # fmt: skip
    assert Fits().problems() == []
