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
Satterthwaite's (1946) degrees of freedom.

Many differences of one system share what is known of its runs. Three seeds estimate a variance far too low so often
that a correction over many slices finds what is not there, so the variance between runs of each difference is moderated
(Smyth, "Linear Models and Empirical Bayes Methods for Assessing Differential Expression in Microarray Experiments",
Statistical Applications in Genetics and Molecular Biology, 2004): it is a mean of its own and of what the other
differences let expect, weighted by degrees of freedom. `scripts/simulate_slices.py` measures false positives, coverage
and how often a slice that is worse is found.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from stancelab.metrics.bootstrap import Interval
from stancelab.metrics.intervals import FEWEST_UNITS, t_interval, t_tail
from stancelab.metrics.significance import holm

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from stancelab.metrics.classification import Floats

#: By how many degrees of freedom, at most, the other differences of a system count in the variance between runs of one.
#: Chosen by `scripts/simulate_slices.py`: with twice as many, runs that differ more on some slices than on others give
#: too many false positives.
PRIOR_FREEDOM: Final = 4
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


@dataclass(frozen=True, slots=True)
class Variances:
    """A mean over runs and the parts of its variance.

    Attributes:
        mean: The mean.
        runs: Over how many runs.
        units: On how many units it rests: of a difference, those of the set that has fewer.
        of_units: The variance between units that runs share.
        own: That of the runs' own errors on the rows, which is a part of `of_runs`.
        of_runs: The variance between runs, divided by their number; 0 where there is one.
    """

    mean: float
    runs: int
    units: int
    of_units: float
    own: float
    of_runs: float

    @classmethod
    def of(cls, points: Floats, changes: Floats, units: int) -> Variances:
        """Estimate them; for the arguments see `estimate`."""
        runs = len(points)
        of_units, own = (each * (units - 1) / units for each in _shared_and_own(changes))
        of_runs = float(points.var(ddof=1)) / runs if runs > 1 else 0.0
        return cls(float(points.mean()), runs, units, of_units, own, of_runs)

    @property
    def apart(self) -> float:
        """How far runs are apart beyond their own errors on the rows, as a variance of one run; may be below 0."""
        return self.runs * (self.of_runs - self.own)

    def moderated(self, apart: float, freedom: int) -> Variances:
        """Return the same with a variance between runs that rests on other estimates of the system as well.

        Args:
            apart: How far its runs are apart elsewhere, see `apart`.
            freedom: By how many degrees of freedom that counts.
        """
        expected, own_freedom = self.own + apart / self.runs, self.runs - 1
        both = (freedom * expected + own_freedom * self.of_runs) / (freedom + own_freedom)
        return replace(self, of_runs=both)

    def tested(self, freedom: int) -> tuple[Interval, float]:
        """Return the 95% interval of the mean, and the two-sided p-value of its being 0.

        Args:
            freedom: The degrees of freedom of the variance between runs; of no account with one run.
        """
        of_units, of_runs = self.of_units, self.of_runs
        if of_runs < self.own:
            of_units, of_runs = of_units + self.own, 0.0
        variance = of_units + of_runs
        if variance <= _NO_VARIANCE:
            return Interval(self.mean, self.mean), 1.0 if self.mean**2 <= _NO_VARIANCE else 0.0
        both = variance**2 / (of_units**2 / (self.units - 1) + of_runs**2 / max(freedom, 1))
        error = variance**0.5
        return t_interval(self.mean, error, both), 2 * t_tail(abs(self.mean) / error, both)


def estimate(points: Floats, changes: Floats, units: int) -> tuple[Interval, float]:
    """Return the 95% interval of a mean over runs, and the two-sided p-value of its being 0.

    Args:
        points: The statistic of each run, shape (runs,).
        changes: How it changes when each unit is left out, shape (units, runs); 0 where a unit has no part in it.
        units: On how many units it rests: of a difference, those of the set that has fewer.
    """
    return Variances.of(points, changes, units).tested(len(points) - 1)


def differences(family: Sequence[Variances]) -> list[Difference]:
    """Return the differences of one system, with moderated variances between runs, and with Holm's correction.

    Args:
        family: The different ones, all over the same runs.
    """
    total, found = sum(each.apart for each in family), []
    for each in family:
        others, own_freedom = len(family) - 1, each.runs - 1
        freedom = min(PRIOR_FREEDOM, others * own_freedom)
        if freedom:
            apart = max(0.0, (total - each.apart) / others)
            interval, p = each.moderated(apart, freedom).tested(freedom + own_freedom)
        else:
            interval, p = each.tested(own_freedom)
        found.append(Difference(each.mean, interval, p, p))
    return corrected(found)


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


def _shared_and_own(changes: Floats) -> tuple[float, float]:
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
