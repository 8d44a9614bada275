"""The training loss, and weights of the classes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch.nn.functional import cross_entropy

from stancelab.schema import STANCES

if TYPE_CHECKING:
    from collections.abc import Sequence


class StanceLoss:
    """Cross-entropy with class weights and label smoothing, averaged over all rows of an update.

    Args:
        weights: One weight per class, or None.
        smoothing: Probability mass spread over all classes.
    """

    def __init__(self, weights: Sequence[float] | None, smoothing: float) -> None:
        self.weights = weights
        self.smoothing = smoothing

    def __call__(self, outputs: Any, labels: torch.Tensor, num_items_in_batch: Any = None) -> torch.Tensor:
        """Return the loss; `num_items_in_batch` is the number of rows in the update, over all accumulated batches."""
        logits = outputs["logits"].float()
        weights = None if self.weights is None else torch.tensor(self.weights, device=logits.device)
        total = cross_entropy(logits, labels, weight=weights, label_smoothing=self.smoothing, reduction="sum")
        return total / (len(labels) if num_items_in_batch is None else num_items_in_batch)


def balanced_weights(labels: Sequence[int]) -> list[float]:
    """Return weights inverse to the class frequencies, scaled so that the mean weight of a row is 1."""
    counts = np.bincount(labels, minlength=len(STANCES))
    # A class that train lacks weighs nothing: with label smoothing an infinite weight would make the loss NaN.
    weights: list[float] = np.where(counts > 0, len(labels) / (len(STANCES) * np.maximum(counts, 1)), 0.0).tolist()
    return weights
