"""The t-test of a difference of means over seeds, with the variance between seeds and that between data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from stancelab.metrics.bootstrap import Interval
from stancelab.metrics.intervals import (
    Spread,
    Units,
    components,
    error_and_freedom,
    spread_of,
    t_interval,
    t_tail,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stancelab.metrics.classification import Floats

#: Differences smaller than this are rounding errors.
_EQUAL: Final = 1e-12


class Tested(NamedTuple):
    """The t-test of a difference of means over seeds.

    Attributes:
        interval: 95% interval of the difference.
        p: Two-sided p-value.
        error: Standard error of the difference.
        freedom: Its degrees of freedom, infinite where the error is 0.
        seeds: The share of the error's square that is variance between seeds.
    """

    interval: Interval
    p: float
    error: float
    freedom: float
    seeds: float


def seeds_and_data(
    points: tuple[Floats, Floats],
    resampled: tuple[Floats, Floats],
    units: Units,
    borrowed: tuple[Sequence[Spread], Sequence[Spread]] = ((), ()),
) -> Tested:
    """Test the difference of two systems' means over seeds; interval and p-value come first.

    The variance of the difference is that between data and, for each system, that between seeds by its number of runs.

    Args:
        points: The score of each run, of the one system and of the other. A system with one run has no variance between
            seeds, unless it is borrowed.
        resampled: The same for each bootstrap resample, shapes (resamples, runs); see `data_variance`.
        units: Number of resampling units.
        borrowed: For each system that has one run the spreads of others whose pooled variance between seeds it is given
            (by degrees of freedom); empty for none.
    """
    difference = float(points[0].mean() - points[1].mean())
    spreads: list[tuple[Spread, float]] = []
    for own_points, own_resampled, lenders in zip(points, resampled, borrowed, strict=True):
        own = spread_of(own_points, own_resampled, units)
        if own is not None:
            spreads.append((own, 1 / len(own_points)))
            continue
        pooled = sum(spread.freedom for spread in lenders)
        spreads += [(spread, spread.freedom / pooled) for spread in lenders]
    parts = components(resampled[0].mean(axis=-1) - resampled[1].mean(axis=-1), units, spreads)
    error, freedom = error_and_freedom(parts)
    if not error:
        return Tested(Interval(difference, difference), 1.0 if abs(difference) <= _EQUAL else 0.0, error, freedom, 0.0)
    p = min(1.0, 2 * t_tail(abs(difference) / error, freedom))
    return Tested(t_interval(difference, error, freedom), p, error, freedom, 1 - parts[0].variance / error**2)
