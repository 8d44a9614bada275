"""How large the expected calibration error of perfectly calibrated answers is: its noise floor.

The error is a mean of absolute values, so that it is never 0 on a sample, however well calibrated the answers are: with
1,000 rows it is several points. The floor is what the same confidences give where each of them is right on average.
Such answers are made from the real ones by a wild bootstrap (Liu, 1988; Cameron, Gelbach and Miller, 2008): the
residuals, right or wrong minus the confidence, keep or change their signs, all of one document or sentence together. So
the floor holds where rows of one unit are right and wrong together, which independent draws from the probabilities
leave out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from stancelab.metrics.bootstrap import Interval, percentile_interval
from stancelab.metrics.calibration import bin_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from stancelab.metrics.classification import Floats, Ids

#: Rounds of the wild bootstrap.
ROUNDS: Final = 2000
#: Signs held in memory at once; as 4-byte floats they take 64 MB.
SIGNS_AT_ONCE: Final = 16_000_000
#: Errors that differ by less are equal: the rounding of 4-byte floats.
_EQUAL: Final = 1e-6


@dataclass(frozen=True, slots=True)
class CalibrationNoise:
    """The expected calibration error that perfectly calibrated answers of the same confidences have.

    Attributes:
        mean: Its mean.
        interval: The range that holds 95% of it.
        p: How often it is at least as large as the one that was found.
    """

    mean: float
    interval: Interval
    p: float


def calibration_noise(
    gold: Ids, runs: Sequence[Floats], units: Ids, bins: int, seed: int, rounds: int = ROUNDS
) -> CalibrationNoise:
    """Return the noise floor of a system's expected calibration error, the mean over its runs.

    Args:
        gold: Gold stance ids, shape (rows,).
        runs: Probabilities of each run, shape (rows, 3).
        units: Shape (rows,), from 0: rows of one document (or sentence) share a number.
        bins: Number of bins of equal width.
        seed: Seed of the signs.
        rounds: Rounds of the wild bootstrap.
    """
    sums, found = _residuals(gold, runs, units, bins)
    random, made = np.random.default_rng(seed), np.empty(rounds)
    chunk = max(1, SIGNS_AT_ONCE // sums.shape[1])
    for start in range(0, rounds, chunk):
        size = min(chunk, rounds - start)
        signs = 2 * random.integers(0, 2, size=(size, sums.shape[1]), dtype=np.int8).astype(np.float32) - 1
        made[start : start + size] = np.mean([np.abs(signs @ own).sum(axis=1) for own in sums], axis=0) / len(gold)
    at_least = int((made >= found - _EQUAL).sum())
    return CalibrationNoise(float(made.mean()), percentile_interval(made), (1 + at_least) / (1 + rounds))


def _residuals(gold: Ids, runs: Sequence[Floats], units: Ids, bins: int) -> tuple[NDArray[np.float32], float]:
    """Return sums of right minus confidence by run, unit and bin, shape (runs, units, bins), and the mean error."""
    n_units, sums = int(units.max()) + 1, []
    for probabilities in runs:
        confidence = probabilities.max(axis=1)
        residual = (probabilities.argmax(axis=1) == gold) - confidence
        cells = units * bins + bin_of(confidence, bins)
        sums.append(np.bincount(cells, weights=residual, minlength=n_units * bins).reshape(n_units, bins))
    stacked = np.stack(sums)
    found = np.abs(stacked.sum(axis=1)).sum(axis=1).mean() / len(gold)
    return stacked.astype(np.float32), float(found)
