"""Do probabilities mean what they say? Reliability bins and the expected calibration error."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from stancelab.evaluation.metrics import Floats, Ids


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """The predictions whose confidence lies in `(lower, upper]`.

    Attributes:
        lower: Lower edge, not included (except 0).
        upper: Upper edge, included.
        count: How many predictions lie in it.
        confidence: Their mean confidence, None where there are none.
        accuracy: The share of them that is right, None where there are none.
    """

    lower: float
    upper: float
    count: int
    confidence: float | None
    accuracy: float | None


def reliability_bins(gold: Ids, probabilities: Floats, bins: int) -> list[ReliabilityBin]:
    """Sort predictions by confidence, the probability of the predicted stance, into bins of equal width from 0 to 1.

    Args:
        gold: Gold stance ids, shape (n,).
        probabilities: Shape (n, 3).
        bins: Number of bins.
    """
    confidence = probabilities.max(axis=1)
    correct = probabilities.argmax(axis=1) == gold
    edges = np.linspace(0.0, 1.0, bins + 1)
    # side="left" puts an edge into the bin below it; rounding may lift a confidence just over 1.
    index = np.clip(np.searchsorted(edges, confidence, side="left") - 1, 0, bins - 1)
    counts = np.bincount(index, minlength=bins)
    confidences = np.bincount(index, weights=confidence, minlength=bins)
    hits = np.bincount(index, weights=correct, minlength=bins)
    return [
        ReliabilityBin(
            lower=float(edges[i]),
            upper=float(edges[i + 1]),
            count=int(counts[i]),
            confidence=float(confidences[i] / counts[i]) if counts[i] else None,
            accuracy=float(hits[i] / counts[i]) if counts[i] else None,
        )
        for i in range(bins)
    ]


def expected_calibration_error(bins: list[ReliabilityBin]) -> float:
    """Return the mean distance of accuracy from confidence, each bin weighted by its predictions (Guo et al., 2017)."""
    total = sum(each.count for each in bins)
    gaps = (
        each.count * abs(each.accuracy - each.confidence)
        for each in bins
        if each.accuracy is not None and each.confidence is not None
    )
    return sum(gaps) / total
