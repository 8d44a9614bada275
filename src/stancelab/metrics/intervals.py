"""Intervals of means over runs: Student's t with the variance between resampling units and that between seeds.

A percentile interval of a bootstrap over few units is too narrow: it does not correct the bootstrap's variance for the
mean that is estimated from the same units, and does not know how uncertain that variance is. The intervals here are the
estimate plus and minus a quantile of Student's t times the standard error, with one degree of freedom less than there
are units (Cameron, Gelbach and Miller, "Bootstrap-Based Improvements for Inference with Clustered Errors", Review of
Economics and Statistics, 2008, on few clusters), and the bootstrap's variance is multiplied by G / (G - 1) for G units.

Where a system has several runs, the interval is of the mean over trainings, of which the runs are a sample. The
variance is then the sum of that between data and that between seeds, as in the multi-bootstrap (Sellam et al., "The
MultiBERTs", ICLR 2022), and the degrees of freedom are those that Satterthwaite ("An Approximate Distribution of
Estimates of Variance Components", Biometrics Bulletin, 1946) gives such a sum, with the correction for few of them that
`error_and_freedom` explains.

Rows may be clustered both by document and by target. The variance is then that between documents plus that between
targets less that between the cells of both, which the other two count twice (Cameron, Gelbach and Miller, "Robust
Inference with Multiway Clustering", Journal of Business & Economic Statistics, 2011). The pigeonhole bootstrap (Owen,
"The Pigeonhole Bootstrap", Annals of Applied Statistics, 2007) weights each cell by the product of both weights; it
counts errors of single rows up to three times, which does little where documents and targets have many cells, and much
where a document has a handful of rows. `scripts/simulate_comparisons.py` shows both.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from stancelab.metrics.bootstrap import LEVEL, Interval

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stancelab.metrics.classification import Floats

#: With fewer resampling units than this there is no interval.
FEWEST_UNITS: Final = 10
#: A standard error below this is a rounding error.
_NOTHING: Final = 1e-12


class CrossedUnits(NamedTuple):
    """How many documents, targets and pairs of both the rows of a file are of, where both are resampling units."""

    documents: int
    targets: int
    cells: int


#: How many resampling units there are.
Units = int | CrossedUnits


class Component(NamedTuple):
    """A part of a variance.

    Attributes:
        variance: The part.
        freedom: The degrees of freedom of its estimate.
    """

    variance: float
    freedom: float


@dataclass(frozen=True, slots=True)
class Spread:
    """How the scores of single runs of one system vary.

    Attributes:
        variance: Sample variance of the runs' scores.
        freedom: Its degrees of freedom: runs less one.
        of_rows: The part of `variance` that comes from errors on rows that runs do not share. The variance between
            resamples holds it too, and it is to count once.
    """

    variance: float
    freedom: int
    of_rows: float


def fewest_units(units: Units) -> int:
    """Return how many resampling units there are; of documents and targets, the number of the fewer ones."""
    return units if isinstance(units, int) else min(units.documents, units.targets)


def data_variance(resampled: Floats, units: Units) -> Floats:
    """Return the variance that resampling shows, unbiased for few units.

    Args:
        resampled: Values by resample, shape (resamples, ...). With crossed units, shape (3, resamples, ...): resamples
            of documents, of targets, and of the pairs of both.
        units: How many resampling units there are.
    """
    if isinstance(units, int):
        return np.asarray(np.var(resampled, axis=0, ddof=1) * units / max(units - 1, 1))
    documents, targets, cells = (data_variance(own, count) for own, count in zip(resampled, units, strict=True))
    # The difference can fall below each of its parts by chance alone.
    return np.maximum(documents + targets - cells, np.maximum(documents, targets))


def spread_of(points: Floats, resampled: Floats, units: Units) -> Spread | None:
    """Return how the runs of a system vary, None where there is one run.

    Args:
        points: The score of each run, shape (runs,).
        resampled: The same by resample, shape (..., runs); see `data_variance`.
        units: How many resampling units there are.
    """
    runs = len(points)
    if runs == 1:
        return None
    own = data_variance(resampled - resampled.mean(axis=-1, keepdims=True), units).sum() / (runs - 1)
    return Spread(float(np.var(points, ddof=1)), runs - 1, float(own))


def components(resampled: Floats, units: Units, spreads: Sequence[tuple[Spread, float]]) -> list[Component]:
    """Return the components of the variance of an estimate: first that between data, then those between seeds.

    Args:
        resampled: The estimate by resample, shape (resamples,); see `data_variance`.
        units: How many resampling units there are.
        spreads: What runs it is made of: how they vary, and by how much of that variance the estimate does, which is
            1 / n for a mean of n runs.
    """
    shared: dict[Spread, float] = {}
    for spread, share in spreads:
        shared[spread] = shared.get(spread, 0.0) + share
    of_rows = sum(share * spread.of_rows for spread, share in shared.items())
    of_data = max(0.0, float(data_variance(resampled, units)) - of_rows)
    found = [Component(of_data, max(fewest_units(units) - 1, 1))]
    return found + [Component(share * spread.variance, spread.freedom) for spread, share in shared.items()]


def error_and_freedom(parts: Sequence[Component]) -> tuple[float, float]:
    """Return the standard error of a sum of components and its degrees of freedom (Satterthwaite, 1946).

    The formula of the degrees of freedom needs the components themselves, and has estimates. A variance over three
    seeds is too small more often than too large (its median is 0.69 of the true one), so that a component with few
    degrees of freedom is mostly given too little weight, and the sum too many degrees of freedom: up to 7.6% false
    positives at 5% with three seeds, in the simulation. Each estimate is therefore divided by the median of
    chi-squared over its degrees of freedom, for the weights alone; with three seeds by its 40% quantile and with two by
    its 30% quantile, since the median leaves up to 8% and 9.8% false positives there. Components of equal degrees of
    freedom are not changed by it, so that with equal numbers of seeds and certain rows the test is Welch's.

    The degrees of freedom are infinite where the error is 0.
    """
    variance = sum(part.variance for part in parts)
    if variance <= _NOTHING**2:
        return 0.0, float("inf")
    weights = [(part.variance / _low_estimate(part.freedom), part.freedom) for part in parts]
    total = sum(weight for weight, _ in weights)
    return variance**0.5, total**2 / sum(weight**2 / freedom for weight, freedom in weights)


#: The quantile of an estimated variance that its weight in Satterthwaite's formula is corrected by, by its degrees of
#: freedom; the median for all others. Chosen by `scripts/simulate_comparisons.py freedom` and `seeds`.
_LOW: Final[dict[float, float]] = {1: 0.3, 2: 0.4}


def _low_estimate(freedom: float) -> float:
    """Return the quantile of an estimated variance, over the true one, that weights are corrected by."""
    from scipy.special import chdtri

    return float(chdtri(freedom, 1 - _LOW.get(freedom, 0.5))) / freedom


def t_interval(estimate: float, error: float, freedom: float, level: float = LEVEL) -> Interval:
    """Return the estimate plus and minus a quantile of Student's t times its standard error."""
    margin = t_quantile((1 + level) / 2, freedom) * error if error else 0.0
    return Interval(estimate - margin, estimate + margin)


def t_quantile(share: float, freedom: float) -> float:
    """Return the quantile of Student's t."""
    from scipy.special import ndtri, stdtrit

    return float(ndtri(share) if np.isinf(freedom) else stdtrit(freedom, share))


def t_tail(value: float, freedom: float) -> float:
    """Return the probability that Student's t is at least `value`."""
    from scipy.special import ndtr, stdtr

    return float(ndtr(-value) if np.isinf(freedom) else stdtr(freedom, -value))


def mean_interval(
    points: Floats, resampled: Floats, units: Units, bounds: tuple[float, float] = (0.0, 1.0)
) -> Interval | None:
    """Return the 95% interval of the mean over a system's runs; None where there are too few units.

    With one run it is of that run's score on other documents of the same kind (this checkpoint's); with several, of the
    mean score of such trainings on them.

    Args:
        points: The score of each run, shape (runs,).
        resampled: The same by bootstrap resample, shape (resamples, runs); see `data_variance` for crossed units.
        units: How many resampling units there are.
        bounds: The lowest and the highest value that the score can have, at which the interval ends.
    """
    if fewest_units(units) < FEWEST_UNITS:
        return None
    spread = spread_of(points, resampled, units)
    spreads = [] if spread is None else [(spread, 1 / len(points))]
    error, freedom = error_and_freedom(components(resampled.mean(axis=-1), units, spreads))
    low, high = t_interval(float(points.mean()), error, freedom)
    return Interval(max(low, bounds[0]), min(high, bounds[1]))
