"""Temperature scaling: one number, fitted on dev, that makes the probabilities honest without changing a prediction."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, logsumexp

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Outside this range the fit says more about the rows than about the model.
TEMPERATURE_RANGE = (0.005, 200.0)


def negative_log_likelihood(logits: NDArray[np.float64], labels: NDArray[np.int64], temperature: float = 1.0) -> float:
    """Return the mean negative log-likelihood, in nats, of `labels` (n,) under `logits` (n, classes) / temperature."""
    scaled = logits / temperature
    chosen = scaled[np.arange(len(labels)), labels]
    return float(np.mean(logsumexp(scaled, axis=1) - chosen))


def fit_temperature(logits: NDArray[np.float64], labels: NDArray[np.int64]) -> float:
    """Return the temperature that makes labels most likely (Guo et al., 2017), held back where there are few of them.

    A few rows that are all predicted rightly would be likeliest at a temperature of zero. As in Platt scaling (Platt,
    1999), each label therefore counts as (n + 1) / (n + classes) of a row and every other class as 1 / (n + classes):
    with hundreds of rows that changes nothing, with six it keeps the probabilities modest.

    Args:
        logits: Shape (n, classes); minus infinity for a class that the model has never seen. Rows whose own class is
            such a one are left out: no temperature makes them likely.
        labels: Shape (n,), the columns of the true classes.

    Returns:
        The temperature; 1 where no row is left.
    """
    possible = np.isfinite(logits[np.arange(len(labels)), labels])
    if not possible.any():
        return 1.0
    logits, labels = logits[possible], labels[possible]
    wanted = np.isfinite(logits) / (len(labels) + logits.shape[1])
    wanted[np.arange(len(labels)), labels] += len(labels) / (len(labels) + logits.shape[1])

    def loss(log_temperature: float) -> float:
        logs = log_softmax(logits / np.exp(log_temperature), axis=1)
        return float(-(wanted * np.where(np.isfinite(logs), logs, 0.0)).sum(axis=1).mean())

    low, high = np.log(TEMPERATURE_RANGE)
    return float(np.exp(minimize_scalar(loss, bounds=(low, high), method="bounded").x))
