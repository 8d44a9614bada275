"""Temperature scaling: one number, fitted on dev, that makes the probabilities honest without changing a prediction."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import logsumexp

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Outside this range the fit says more about a tiny validation split than about the model.
TEMPERATURE_RANGE = (0.05, 20.0)


def negative_log_likelihood(logits: NDArray[np.float64], labels: NDArray[np.int64], temperature: float = 1.0) -> float:
    """Return the mean negative log-likelihood, in nats, of `labels` (n,) under `logits` (n, classes) / temperature."""
    scaled = logits / temperature
    chosen = scaled[np.arange(len(labels)), labels]
    return float(np.mean(logsumexp(scaled, axis=1) - chosen))


def fit_temperature(logits: NDArray[np.float64], labels: NDArray[np.int64]) -> float:
    """Return the temperature that minimizes the negative log-likelihood of `labels` (Guo et al., 2017).

    Args:
        logits: Shape (n, classes).
        labels: Shape (n,), the columns of the true classes.
    """
    low, high = np.log(TEMPERATURE_RANGE)
    fit = minimize_scalar(
        lambda log_t: negative_log_likelihood(logits, labels, float(np.exp(log_t))),
        bounds=(low, high),
        method="bounded",
    )
    return float(np.exp(fit.x))
