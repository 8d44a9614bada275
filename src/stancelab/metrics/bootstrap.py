"""Bootstrap over resampling units: documents or sentences with all of their rows.

Rows of one document share its actors and its author, rows of one sentence even its words, so they are not independent,
and resampling single rows would give intervals that are too narrow. Each resample takes as many units as the test file
has, with replacement, and with each all of its rows (a cluster bootstrap; Efron and Tibshirani, "An Introduction to the
Bootstrap", 1993, chapters 8 and 13). `intervals.py` makes intervals of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from stancelab.metrics.classification import Floats

#: The confidence level of intervals.
LEVEL: Final = 0.95

#: Weights held in memory at once: 32 MB as doubles, and as much again while they are sampled.
WEIGHTS_AT_ONCE: Final = 4_000_000


class Interval(NamedTuple):
    """A range from `low` to `high`, both in the unit of the score."""

    low: float
    high: float


def resample_counts(
    counts: NDArray[np.number], resamples: int, seed: int | Sequence[int], weights_at_once: int = WEIGHTS_AT_ONCE
) -> Floats:
    """Return the counts of bootstrap resamples of whole units.

    The counts of a resample are sums over units, each weighted by how often it was sampled, so that all resamples are
    one matrix product, taken in chunks of bounded memory. One array is resampled together: with several systems in the
    trailing axes, a resample holds the same units for all of them.

    Args:
        counts: Counts by resampling unit, shape (units, ...), such as confusion matrices by document.
        resamples: Number of resamples.
        seed: Seed of the resamples.
        weights_at_once: Weights held in memory at once; the result does not depend on it.

    Returns:
        Shape (resamples, ...).
    """
    units = len(counts)
    flat = counts.reshape(units, -1).astype(np.float64)
    resampled = np.empty((resamples, flat.shape[1]))
    random = np.random.default_rng(seed)
    chunk = max(1, weights_at_once // units)
    for start in range(0, resamples, chunk):
        size = min(chunk, resamples - start)
        picks = random.integers(units, size=(size, units))
        picks += np.arange(size)[:, None] * units
        weights = np.bincount(picks.ravel(), minlength=size * units).reshape(size, units)
        resampled[start : start + size] = weights.astype(np.float64) @ flat
    return resampled.reshape(resamples, *counts.shape[1:])


def percentile_interval(samples: Floats, level: float = LEVEL) -> Interval:
    """Return the range that holds the middle `level` of the samples, shape (resamples,)."""
    tail = (1 - level) / 2
    low, high = np.quantile(samples, [tail, 1 - tail])
    return Interval(float(low), float(high))
