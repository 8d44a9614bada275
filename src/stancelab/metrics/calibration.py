"""Calibration and selective prediction: reliability bins, calibration errors, the risk-coverage curve."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from stancelab.metrics.classes import ALL_CLASSES
from stancelab.schema import STANCES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stancelab.metrics.classes import Classes
    from stancelab.metrics.classification import Floats, Ids

#: Points of a risk-coverage curve that are kept for its figure.
_CURVE_POINTS: Final = 101


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """The predictions whose confidence lies in `(lower, upper]`.

    Attributes:
        lower: Lower edge, not included (except 0); of bins of equal count the smallest confidence in it.
        upper: Upper edge, included; of bins of equal count the largest confidence in it.
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
    return _filled(bin_of(confidence, bins), confidence, correct, edges[:-1], edges[1:])


def bin_of(confidence: Floats, bins: int) -> Ids:
    """Return the bin of equal width from 0 to 1 in which each confidence lies, shape (n,)."""
    edges = np.linspace(0.0, 1.0, bins + 1)
    # side="left" puts an edge into the bin below it; rounding may lift a confidence just over 1.
    return np.asarray(np.clip(np.searchsorted(edges, confidence, side="left") - 1, 0, bins - 1))


def adaptive_bins(stated: Floats, true: Floats, bins: int) -> list[ReliabilityBin]:
    """Sort predictions by their probability into bins of equal count, as adaptive calibration errors do.

    Where most probabilities are high, bins of equal width leave most of them in one bin (Nguyen and O'Connor, EMNLP
    2015; Nixon et al., 2019). Equal values stay in one bin, so that there may be fewer bins than asked for.

    Args:
        stated: Probabilities of an event, shape (n,).
        true: Whether the event is the case, shape (n,), 0 or 1.
        bins: How many bins.
    """
    order = np.sort(stated)
    upper = np.unique(order[np.ceil(np.arange(1, bins + 1) * len(stated) / bins).astype(int) - 1])
    index = np.searchsorted(upper, stated, side="left")
    lower = order[np.concatenate([[0], np.searchsorted(order, upper[:-1], side="right")])]
    return _filled(index, stated, true, lower, upper)


def _filled(index: Ids, stated: Floats, true: Floats, lower: Floats, upper: Floats) -> list[ReliabilityBin]:
    bins = len(upper)
    counts = np.bincount(index, minlength=bins)
    confidences = np.bincount(index, weights=stated, minlength=bins)
    hits = np.bincount(index, weights=true, minlength=bins)
    return [
        ReliabilityBin(
            lower=float(lower[i]),
            upper=float(upper[i]),
            count=int(counts[i]),
            confidence=float(confidences[i] / counts[i]) if counts[i] else None,
            accuracy=float(hits[i] / counts[i]) if counts[i] else None,
        )
        for i in range(bins)
    ]


def expected_calibration_error(bins: Sequence[ReliabilityBin]) -> float:
    """Return the mean distance of accuracy from confidence, each bin weighted by its predictions (Guo et al., 2017)."""
    total = sum(each.count for each in bins)
    gaps = (
        each.count * abs(each.accuracy - each.confidence)
        for each in bins
        if each.accuracy is not None and each.confidence is not None
    )
    return sum(gaps) / total


def adaptive_error(gold: Ids, probabilities: Floats, bins: int) -> float:
    """Return the expected calibration error over bins of equal count."""
    correct = (probabilities.argmax(axis=1) == gold).astype(np.float64)
    return expected_calibration_error(adaptive_bins(probabilities.max(axis=1), correct, bins))


def classwise_errors(gold: Ids, probabilities: Floats, bins: int, classes: Classes = ALL_CLASSES) -> dict[str, float]:
    """Return for each of the task's classes the calibration error of its probability, over bins of equal count.

    The calibration error of the highest probability alone misses, say, that the probability of favor is too high and
    that of neutral too low; the class-wise one does not (Kull et al., NeurIPS 2019).
    """
    return {
        STANCES[i]: expected_calibration_error(adaptive_bins(probabilities[:, i], (gold == i).astype(np.float64), bins))
        for i in classes
    }


def before_temperature(probabilities: Floats, temperature: float) -> Floats:
    """Return the probabilities as they were before the logits were divided by a temperature."""
    logs = np.log(np.maximum(probabilities, np.finfo(np.float64).tiny)) * temperature
    # A probability of 0 is that of a stance that cannot be answered, at any temperature.
    powers: Floats = np.where(probabilities > 0, np.exp(logs - logs.max(axis=1, keepdims=True)), 0.0)
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


@dataclass(frozen=True, slots=True)
class RiskCoverage:
    """A risk-coverage curve: the errors left where only confident predictions are kept (El-Yaniv and Wiener, 2010).

    Attributes:
        coverage: Shares of rows that are answered, the most confident first.
        risk: The share of them that is wrong.
        area: Mean risk over all coverages, the area under the curve; 0 is best.
    """

    coverage: list[float]
    risk: list[float]
    area: float


def risk_coverage(gold: Ids, probabilities: Floats) -> RiskCoverage:
    """Return the risk-coverage curve; rows of equal confidence are answered together, each as wrong as all of them."""
    confidence = probabilities.max(axis=1)
    wrong = (probabilities.argmax(axis=1) != gold).astype(np.float64)
    tied = np.unique(-confidence, return_inverse=True)[1]
    share = np.bincount(tied, weights=wrong) / np.bincount(tied)
    expected = share[np.sort(tied)]
    rows = len(gold)
    risk = np.cumsum(expected) / np.arange(1, rows + 1)
    shown = np.unique(np.ceil(np.linspace(0, 1, min(_CURVE_POINTS, rows + 1))[1:] * rows).astype(int)) - 1
    return RiskCoverage(((shown + 1) / rows).tolist(), risk[shown].tolist(), float(risk.mean()))
