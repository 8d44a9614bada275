"""Estimates within one system: a mean over its runs, with the variance between units and that between runs.

Two systems on the same rows are what `significance` compares. Here is one system alone: its score on some rows, or the
difference between its scores on two sets of rows, such as a slice and the rest of the file. The units are resampling
units, documents or sentences with all of their rows.

The variance between units is that of the delete-one-unit jackknife, also called CR3 (MacKinnon, Nielsen and Webb,
"Leverage, influence, and the jackknife in clustered regression models", Stata Journal 2023): of the cluster variances
it is the one that stays near its level with few units of unequal size. Leaving a unit out takes its rows from both sets
of a difference, so that what they share is in the variance. The variance between runs is added as a component, as in
the multi-bootstrap (Sellam et al., "The MultiBERTs", ICLR 2022): errors that runs share count as variance of the rows,
the others as variance between runs. Where a few runs lie closer together than their own errors let expect, which is
chance, the variance of those errors takes the place of theirs. The estimate is compared with Student's t with
Satterthwaite's (1946) degrees of freedom. `scripts/simulate_slices.py` measures false positives and coverage.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from stancelab.metrics.bootstrap import LEVEL, Interval
from stancelab.metrics.intervals import FEWEST_UNITS
from stancelab.metrics.significance import holm

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from stancelab.metrics.classification import Floats

#: A variance smaller than this is a rounding error.
_NO_VARIANCE: Final = 1e-24


@dataclass(frozen=True, slots=True)
class Difference:
    """The difference between a system's scores on two sets of rows, a mean over its runs.

    Attributes:
        difference: The score on the one set minus that on the other.
        interval: Its 95% interval, not corrected.
        p: Two-sided p-value, not corrected.
        p_holm: The same after Holm's correction over the family that it is of.
    """

    difference: float
    interval: Interval
    p: float
    p_holm: float


def left_out(counts: NDArray[np.number], statistic: Callable[[NDArray[np.number]], Floats]) -> Floats:
    """Return how a statistic changes when each unit is left out.

    Args:
        counts: By unit and run, shape (units, runs, ...), such as confusion matrices.
        statistic: Of sums of them over units: shape (..., runs, ...) -> (..., runs).

    Returns:
        Shape (units, runs).
    """
    total = counts.sum(axis=0)
    return np.asarray(statistic(total - counts) - statistic(total), dtype=np.float64)


def estimate(points: Floats, changes: Floats, units: int) -> tuple[Interval, float]:
    """Return the 95% interval of a mean over runs, and the two-sided p-value of its being 0.

    Args:
        points: The statistic of each run, shape (runs,).
        changes: How it changes when each unit is left out, shape (units, runs); 0 where a unit has no part in it.
        units: On how many units it rests: of a difference, those of the set that has fewer.
    """
    from scipy.stats import t as student

    runs, mean = len(points), float(points.mean())
    of_units, own = (each * (units - 1) / units for each in _variances(changes))
    of_runs = float(points.var(ddof=1)) / runs if runs > 1 else 0.0
    if of_runs < own:
        of_units, of_runs = of_units + own, 0.0
    variance = of_units + of_runs
    if variance <= _NO_VARIANCE:
        return Interval(mean, mean), 1.0 if mean**2 <= _NO_VARIANCE else 0.0
    freedom = variance**2 / (of_units**2 / (units - 1) + of_runs**2 / max(runs - 1, 1))
    error = float(np.sqrt(variance))
    margin = float(student.ppf((1 + LEVEL) / 2, freedom)) * error
    return Interval(mean - margin, mean + margin), float(2 * student.sf(abs(mean) / error, freedom))


def corrected(found: Sequence[Difference]) -> list[Difference]:
    """Return the differences of one family with Holm's correction, in the order given."""
    p_values = holm([each.p for each in found]) if found else []
    return [replace(each, p_holm=p) for each, p in zip(found, p_values, strict=True)]


def mean_share(hits: NDArray[np.bool_], units: NDArray[np.int64]) -> tuple[float | None, Interval | None]:
    """Return the share of items, such as rows, that are hits: the mean over runs, and its 95% interval.

    Args:
        hits: Shape (items, runs).
        units: The resampling unit of each item, any numbers.

    Returns:
        The share, None where there are no items, and its interval, None where there are too few units or all items are
        alike, so that nothing varies.
    """
    if not len(hits):
        return None, None
    share = float(hits.mean())
    numbered = np.unique(units, return_inverse=True)[1]
    n_units = int(numbered.max()) + 1
    if n_units < FEWEST_UNITS or share in (0.0, 1.0):
        return share, None
    of_hits = np.stack([np.bincount(numbered, run, minlength=n_units) for run in hits.T], axis=1)
    of_items = np.broadcast_to(np.bincount(numbered, minlength=n_units)[:, None], of_hits.shape)
    changes = left_out(np.stack([of_hits, of_items], axis=2), lambda sums: np.asarray(sums[..., 0] / sums[..., 1]))
    return share, within_unit(estimate(hits.mean(axis=0), changes, n_units)[0])


def within_unit(interval: Interval) -> Interval:
    """Return the part of an interval that a share can have: 0 to 1."""
    return Interval(max(0.0, interval.low), min(1.0, interval.high))


def _variances(changes: Floats) -> tuple[float, float]:
    """Return the variance of the mean that comes from what runs share, and that from their own errors on the rows.

    The first is their mean covariance, of one run its variance. The second is a part of the variance between runs, and
    is to count once.
    """
    runs = changes.shape[1]
    alone = float((changes**2).sum())
    if runs == 1:
        return alone, 0.0
    together = float((changes.sum(axis=1) ** 2).sum())
    shared = float(max(0.0, (together - alone) / (runs * (runs - 1))))
    return shared, float(max(0.0, together / runs**2 - shared))
