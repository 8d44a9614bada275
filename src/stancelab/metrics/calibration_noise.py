"""How large the expected calibration error of perfectly calibrated answers is: its noise floor.

The error is a mean of absolute values, so that it is never 0 on a sample, however well calibrated the answers are: with
1,000 rows it is several points. The floor is what the same confidences give where each of them is right on average. Such
answers are made from the real ones by a wild bootstrap (Liu, 1988; Cameron, Gelbach and Miller, 2008): the residuals,
right or wrong minus the confidence, keep or change their signs, all of one document or sentence together. So the floor
holds where rows of one unit are right and wrong together, which independent draws from the probabilities leave out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from stancelab.metrics.bootstrap import Interval, percentile_interval
from stancelab.metrics.calibration import bin_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stancelab.metrics.classification import Floats, Ids

#: Rounds of the wild bootstrap.
ROUNDS: Final = 2000


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
    rows, n_units = len(gold), int(units.max()) + 1
    signs = np.random.default_rng(seed).integers(0, 2, size=(rounds, n_units), dtype=np.int8).astype(np.float32)
    signs = 2 * signs - 1
    made, found = np.zeros(rounds), 0.0
    for probabilities in runs:
        confidence = probabilities.max(axis=1)
        residual = (probabilities.argmax(axis=1) == gold) - confidence
        cells = units * bins + bin_of(confidence, bins)
        sums = np.bincount(cells, weights=residual, minlength=n_units * bins).reshape(n_units, bins)
        found += float(np.abs(sums.sum(axis=0)).sum()) / rows / len(runs)
        made += np.abs(signs @ sums.astype(np.float32)).sum(axis=1) / rows / len(runs)
    at_least = int((made >= found - 1e-9).sum())
    return CalibrationNoise(float(made.mean()), percentile_interval(made), (1 + at_least) / (1 + rounds))
