"""The interval of a system's mean over its runs: both the rows and the seeds are samples.

Two variances are added, as in the multi-bootstrap (Sellam et al., "The MultiBERTs", ICLR 2022): that between resamples
of whole units, and that between seeds. The interval is that of Student's t with the degrees of freedom that
Satterthwaite (1946) gives such sums; with one run it is t with one less than the number of units.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from stancelab.metrics.bootstrap import LEVEL, Interval

if TYPE_CHECKING:
    from stancelab.metrics.classification import Floats

#: Resamples that are enough here: the variance of so many has a relative error of 2%, and no percentiles are taken.
ENOUGH_RESAMPLES: Final = 5000
#: Values smaller than this are rounding errors.
_EQUAL: Final = 1e-12


class RunMean(NamedTuple):
    """A mean over runs.

    Attributes:
        mean: The mean.
        interval: Its 95% interval.
        p: Two-sided p-value of the hypothesis that it is 0; for differences.
    """

    mean: float
    interval: Interval
    p: float


def mean_over_runs(points: Floats, resampled: Floats, units: int) -> RunMean:
    """Return the mean of a score (or of a difference of scores) over runs, with its interval.

    Args:
        points: The score of each run, shape (runs,).
        resampled: The same in each bootstrap resample of whole units, shape (resamples, runs).
        units: How many units there are, two at least.
    """
    from scipy.stats import t as student

    runs, mean = len(points), float(np.mean(points))
    few_units = units / (units - 1)  # a bootstrap divides by the number of units, not by one less
    of_data = float(np.var(resampled.mean(axis=1), ddof=1))
    of_seeds = 0.0
    if runs > 1:
        own = np.var(resampled - resampled.mean(axis=1, keepdims=True), axis=0, ddof=1).sum() / (runs - 1)
        # What runs do not share is in the variance between seeds as well, and counts once.
        of_data = max(0.0, of_data - float(own) / runs)
        of_seeds = float(np.var(points, ddof=1)) / runs
    of_data *= few_units
    variance = of_data + of_seeds
    if variance <= _EQUAL**2:
        return RunMean(mean, Interval(mean, mean), 1.0 if abs(mean) <= _EQUAL else 0.0)
    freedom = variance**2 / (of_data**2 / (units - 1) + of_seeds**2 / max(runs - 1, 1))
    error = variance**0.5
    margin = float(student.ppf((1 + LEVEL) / 2, freedom)) * error
    return RunMean(mean, Interval(mean - margin, mean + margin), float(2 * student.sf(abs(mean) / error, freedom)))
