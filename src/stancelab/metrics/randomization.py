"""Approximate randomization: the p-value of the difference of two runs on the same resampling units.

Under the null hypothesis the predictions of two systems are exchangeable, so those of each unit are swapped with
probability 1/2, and the p-value is the share of rounds whose difference is at least the observed one (Noreen, 1989;
Yeh, COLING 2000). Where all ways to swap are no more than the rounds, each of them is taken once, and the p-value is
exact.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from stancelab.metrics.classes import ALL_CLASSES
from stancelab.metrics.classification import scores_of_confusions

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from stancelab.metrics.classes import Classes
    from stancelab.metrics.classification import Floats

#: Swaps held in memory at once; as 4-byte floats they take 64 MB.
SWAPS_AT_ONCE: Final = 16_000_000
#: Differences smaller than this are rounding errors.
_EQUAL: Final = 1e-12


def randomization(
    counts: NDArray[np.number],
    pairs: Sequence[tuple[int, int]],
    metric: str,
    rounds: int,
    seed: int,
    swaps_at_once: int = SWAPS_AT_ONCE,
    classes: Classes = ALL_CLASSES,
) -> list[float]:
    """Return for each pair of runs the p-value of approximate randomization, two-sided.

    The rounds of all pairs share their swaps. The observed difference counts as one of the rounds (Phipson and Smyth,
    2010), so that no p-value is 0. Where there are no more ways to swap than rounds, each is taken once; what was
    observed is one of them, and the p-value is exact.

    Args:
        counts: Confusion matrices by resampling unit and run, shape (units, runs, 3, 3).
        pairs: Which runs to compare.
        metric: One of `PRIMARY_METRICS`.
        rounds: Number of rounds.
        seed: Seed of the swaps.
        swaps_at_once: Swaps held in memory at once.
        classes: The ids of the task's classes.
    """
    if not pairs:
        return []
    units, shape = len(counts), counts.shape[1:]
    # Whole numbers this small are exact in single precision, which is twice as fast.
    flat = counts.reshape(units, -1).astype(np.float32)
    totals = counts.sum(axis=0).astype(np.float64)
    observed = [_distance(totals[a], totals[b], metric, classes) for a, b in pairs]
    at_least = np.zeros(len(pairs), dtype=np.int64)
    for swaps in _swaps(units, rounds, seed, max(1, swaps_at_once // units)):
        swapped = (swaps @ flat).reshape(len(swaps), *shape).astype(np.float64)
        for place, (a, b) in enumerate(pairs):
            moved = swapped[:, b] - swapped[:, a]
            distance = _distance(totals[a] + moved, totals[b] - moved, metric, classes)
            at_least[place] += int((distance >= observed[place] - _EQUAL).sum())
    if is_exact(units, rounds):
        return [float(count / 2**units) for count in at_least]
    return [float((1 + count) / (1 + rounds)) for count in at_least]


def mean_randomization(
    sums: Floats,
    pairs: Sequence[tuple[int, int]],
    rounds: int,
    seed: int,
    swaps_at_once: int = SWAPS_AT_ONCE,
) -> list[float]:
    """Return for each pair of runs the p-value of approximate randomization of the difference of two means.

    As `randomization`, for a mean over rows, such as a loss: swapping a unit changes the sign of its difference.

    Args:
        sums: Sums over the rows of a unit, by resampling unit and run, shape (units, runs).
        pairs: Which runs to compare.
        rounds: Number of rounds.
        seed: Seed of the swaps.
        swaps_at_once: Swaps held in memory at once.
    """
    if not pairs:
        return []
    units = len(sums)
    differences = np.stack([sums[:, a] - sums[:, b] for a, b in pairs], axis=1)
    observed = np.abs(differences.sum(axis=0))
    # Rounding errors are as large as the sums are, which a total of many rows may be.
    equal = _EQUAL * np.maximum(np.abs(differences).sum(axis=0), 1.0)
    at_least = np.zeros(len(pairs), dtype=np.int64)
    for swaps in _swaps(units, rounds, seed, max(1, swaps_at_once // units)):
        signed = np.abs(differences.sum(axis=0) - 2 * (swaps.astype(np.float64) @ differences))
        at_least += (signed >= observed - equal).sum(axis=0)
    if is_exact(units, rounds):
        return [float(count / 2**units) for count in at_least]
    return [float((1 + count) / (1 + rounds)) for count in at_least]


def is_exact(units: int, rounds: int) -> bool:
    """Tell whether approximate randomization takes every way to swap some units instead of random ones."""
    return units < 63 and 2**units <= rounds


def smallest_p(units: int, rounds: int) -> float:
    """Return the smallest p-value that approximate randomization can give.

    With few units it is 2 / 2 ** units: no swap and the swap of all give the observed difference.
    """
    return 2.0 ** (1 - units) if is_exact(units, rounds) else max(1 / (rounds + 1), 2.0 ** (1 - units))


def _swaps(units: int, rounds: int, seed: int, chunk: int) -> Iterator[NDArray[np.float32]]:
    """Yield which units are swapped in each round, shapes (rounds of a chunk, units): all ways, or random ones."""
    random, exact = np.random.default_rng(seed), is_exact(units, rounds)
    total = 2**units if exact else rounds
    for start in range(0, total, chunk):
        size = min(chunk, total - start)
        if exact:
            ways = np.arange(start, start + size)[:, None] >> np.arange(units)
            yield (ways & 1).astype(np.float32)
        else:
            yield random.integers(2, size=(size, units), dtype=np.uint8).astype(np.float32)


def _distance(first: Floats, second: Floats, metric: str, classes: Classes) -> Floats:
    one, other = (getattr(scores_of_confusions(each, classes), metric) for each in (first, second))
    return np.asarray(np.abs(one - other))
