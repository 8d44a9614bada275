"""The mean of any quantity over a system's runs, with its interval and its p-value.

The variances between units and between seeds, and their degrees of freedom, are those of `intervals`. That has the
intervals of scores; here are differences of losses and shares of errors, which have a test as well and no bounds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from stancelab.metrics.bootstrap import Interval
from stancelab.metrics.intervals import components, error_and_freedom, spread_of, t_interval, t_tail

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
    spread = spread_of(points, resampled, units)
    spreads = [] if spread is None else [(spread, 1 / len(points))]
    mean = float(np.mean(points))
    error, freedom = error_and_freedom(components(resampled.mean(axis=1), units, spreads))
    if not error:
        return RunMean(mean, Interval(mean, mean), 1.0 if abs(mean) <= _EQUAL else 0.0)
    return RunMean(mean, t_interval(mean, error, freedom), 2 * t_tail(abs(mean) / error, freedom))
