"""Differences between ways of training, from the folds of one or several cross-validations."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stancelab.metrics.bootstrap import Interval

if TYPE_CHECKING:
    from collections.abc import Sequence


def corrected_t(differences: Sequence[float], test_to_train: float) -> tuple[Interval, float]:
    """Return a 95% interval and a two-sided p-value of a mean difference over folds.

    The folds share most of their training rows, so that their differences are not independent and the variance of
    their mean is not that of one divided by their number. Nadeau and Bengio (2003) add the ratio of test to training
    rows: (1 / n + test / train) times the variance between folds, against Student's t with n - 1 degrees of freedom;
    Bouckaert and Frank (2004) do the same over the folds of repeated cross-validations.

    Args:
        differences: One for each fold, at least two.
        test_to_train: Test rows of a fold divided by its training rows.
    """
    from scipy import stats

    found = np.asarray(differences, dtype=np.float64)
    mean, freedom = float(found.mean()), len(found) - 1
    error = float(np.sqrt((1 / len(found) + test_to_train) * found.var(ddof=1)))
    if error == 0:
        return Interval(mean, mean), float(mean == 0)
    half = error * float(stats.t.ppf(0.975, freedom))
    return Interval(mean - half, mean + half), float(2 * stats.t.sf(abs(mean) / error, freedom))
