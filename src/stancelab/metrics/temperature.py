"""Temperature scaling and confidence thresholds, fitted on validation rows after training."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from stancelab.metrics.classes import Classes

#: The range of temperatures that are tried.
TEMPERATURE_RANGE = (0.005, 200.0)
#: The accuracies for which there is a confidence threshold.
STATED_ACCURACIES = (0.8, 0.85, 0.9, 0.95)
#: Fewest answered rows of a threshold: with fewer, their accuracy is too uncertain.
FEWEST_ANSWERED = 30


def softmax(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the probabilities of logits of shape (n, classes); those of a class with minus infinity are 0.

    The formula of `scipy.special.softmax`, without its import: a second of each prediction's start.
    """
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    probabilities: NDArray[np.float64] = powers / powers.sum(axis=1, keepdims=True)
    return probabilities


def within_classes(logits: NDArray[np.float64], classes: Classes) -> NDArray[np.float64]:
    """Return logits, shape (n, stances), with minus infinity for stances that are no classes of the task.

    A network has an output for each stance, also for one that no training row has: that output was only ever pushed
    down, and its small probability says nothing. It is left out before the softmax, so that it is 0.
    """
    absent = np.ones(logits.shape[1], dtype=bool)
    absent[list(classes)] = False
    return np.where(absent, -np.inf, logits)


def negative_log_likelihood(logits: NDArray[np.float64], labels: NDArray[np.int64], temperature: float = 1.0) -> float:
    """Return the mean negative log-likelihood, in nats, of `labels` (n,) under `logits` (n, classes) / temperature."""
    from scipy.special import logsumexp

    scaled = logits / temperature
    chosen = scaled[np.arange(len(labels)), labels]
    return float(np.mean(logsumexp(scaled, axis=1) - chosen))


def fit_temperature(logits: NDArray[np.float64], labels: NDArray[np.int64]) -> float:
    """Return the temperature that makes labels most likely (Guo et al., 2017), with smoothed labels.

    A few rows that are all predicted rightly would be likeliest at a temperature of zero. As in Platt scaling (Platt,
    1999), each label therefore counts as (n + 1) / (n + classes) of a row and every other class as 1 / (n + classes):
    that changes nothing with hundreds of rows, and keeps probabilities away from 0 and 1 with six.

    Args:
        logits: Shape (n, classes); minus infinity for a class that the training rows lack. Rows whose own class is
            such a one are left out: no temperature makes them likely.
        labels: Shape (n,), the columns of the true classes.

    Returns:
        The temperature; 1 where no row is left.
    """
    from scipy.optimize import minimize_scalar
    from scipy.special import log_softmax

    possible = np.isfinite(logits[np.arange(len(labels)), labels])
    if not possible.any():
        return 1.0
    logits, labels = logits[possible], labels[possible]
    classes = np.isfinite(logits).sum(axis=1, keepdims=True)
    wanted = np.isfinite(logits) / (len(labels) + classes)
    wanted[np.arange(len(labels)), labels] += len(labels) / (len(labels) + classes[:, 0])

    def loss(log_temperature: float) -> float:
        logs = log_softmax(logits / np.exp(log_temperature), axis=1)
        return float(-(wanted * np.where(np.isfinite(logs), logs, 0.0)).sum(axis=1).mean())

    low, high = np.log(TEMPERATURE_RANGE)
    return float(np.exp(minimize_scalar(loss, bounds=(low, high), method="bounded").x))


def confidence_thresholds(probabilities: NDArray[np.float64], labels: NDArray[np.int64]) -> dict[str, float | None]:
    """Return for each stated accuracy the confidence from which predictions reach it on these rows.

    Of all thresholds that reach the accuracy it is the one that answers most rows (selective classification, El-Yaniv
    and Wiener, 2010). It is an estimate from these rows and no guarantee: other rows may fall a little short of it.

    Args:
        probabilities: Calibrated probabilities of validation rows, shape (n, classes).
        labels: Shape (n,), the columns of the true classes.

    Returns:
        Name, such as "accuracy_90" -> confidence; None where no threshold that answers enough rows reaches it.
    """
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == labels
    order = np.argsort(-confidence, kind="stable")
    answered = np.arange(1, len(labels) + 1)
    accuracy = np.cumsum(right[order]) / answered
    # Rows of equal confidence are answered together: a threshold ends where the next confidence is lower.
    ends = np.append(np.diff(confidence[order]) < 0, True) & (answered >= FEWEST_ANSWERED)
    thresholds: dict[str, float | None] = {}
    for stated in STATED_ACCURACIES:
        reached = np.flatnonzero(ends & (accuracy >= stated))
        found = float(confidence[order][reached[-1]]) if len(reached) else None
        thresholds[f"accuracy_{stated:.0%}".removesuffix("%")] = found
    return thresholds
