"""How far would a score move with other test rows? Percentile bootstrap over whole documents or sentences.

Rows of one document share its actors and its author, rows of one sentence even its words, so they are not independent:
drawing single rows would give intervals that are too narrow. Each draw takes as many documents as the test file has,
with replacement, and with each all of its rows (a cluster bootstrap; Efron and Tibshirani, 1993, chapters 8 and 13).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from stancelab.metrics.classification import Floats

#: The share of draws that an interval holds.
LEVEL: Final = 0.95

#: Weights held in memory at once: 32 MB as doubles, and as much again while they are drawn.
_WEIGHTS_AT_ONCE: Final = 4_000_000


class Interval(NamedTuple):
    """A range from `low` to `high`, both in the unit of the score."""

    low: float
    high: float


def resample_counts(counts: NDArray[np.number], draws: int, seed: int) -> Floats:
    """Return the counts of bootstrap draws of whole groups.

    Counts of a draw are sums over groups, each weighted by how often it was drawn, so that all draws are one matrix
    product, taken in chunks of bounded memory. What stands in one array is drawn together: with several systems in the
    trailing axes, each draw holds the same groups for all of them.

    Args:
        counts: Counts by group, shape (groups, ...), such as confusion matrices by document.
        draws: How many draws to take.
        seed: Seed of the draws.

    Returns:
        Shape (draws, ...).
    """
    groups = len(counts)
    flat = counts.reshape(groups, -1).astype(np.float64)
    drawn = np.empty((draws, flat.shape[1]))
    random = np.random.default_rng(seed)
    chunk = max(1, _WEIGHTS_AT_ONCE // groups)
    for start in range(0, draws, chunk):
        size = min(chunk, draws - start)
        picks = random.integers(groups, size=(size, groups))
        picks += np.arange(size)[:, None] * groups
        weights = np.bincount(picks.ravel(), minlength=size * groups).reshape(size, groups)
        drawn[start : start + size] = weights.astype(np.float64) @ flat
    return drawn.reshape(draws, *counts.shape[1:])


def percentile_interval(samples: Floats, level: float = LEVEL) -> Interval:
    """Return the range that holds the middle `level` of the samples, shape (draws,)."""
    tail = (1 - level) / 2
    low, high = np.quantile(samples, [tail, 1 - tail])
    return Interval(float(low), float(high))
