"""The training loss, and weights of the classes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from torch.nn.functional import cross_entropy, kl_div, log_softmax

from stancelab.schema import STANCES
from stancelab.training.texts import NO_LABEL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stancelab.training.settings import TrainingSettings


class StanceLoss:
    """Cross-entropy with class weights and label smoothing, and the divergence from a teacher where there is one.

    A row that has a label and a teacher's probabilities counts `label_weight` of the former and the rest of the latter;
    a row that has one of them, that alone. The teacher's part is the Kullback-Leibler divergence of probabilities
    softened by a temperature, times its square (Hinton et al., 2015).

    Args:
        training: The settings of the optimization.
        weights: One weight per class, or None.
    """

    def __init__(self, training: TrainingSettings, weights: Sequence[float] | None = None) -> None:
        self.training = training
        self.weights = weights

    def __call__(
        self, logits: torch.Tensor, labels: torch.Tensor, soft: torch.Tensor, rows: torch.Tensor | int | None = None
    ) -> torch.Tensor:
        """Return the mean loss of the rows of an update.

        Args:
            logits: Shape (n, stances).
            labels: Stance ids, `NO_LABEL` where not known, shape (n,).
            soft: The teacher's probabilities, NaN where it gives none, shape (n, stances).
            rows: The rows of the update, over all accumulated batches; by default those of this batch.
        """
        logits = logits.float()
        by_label, by_teacher = self._by_label(logits, labels), self._by_teacher(logits, soft)
        labeled, taught = labels != NO_LABEL, ~soft[:, 0].isnan()
        share = torch.where(taught, torch.where(labeled, self.training.label_weight, 0.0), 1.0)
        total = (share * by_label + (1 - share) * by_teacher).sum()
        return total / (len(labels) if rows is None else rows)

    def _by_label(self, logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        """Return the cross-entropy of each row, 0 where the label is not known."""
        weights = None if self.weights is None else torch.tensor(self.weights, device=logits.device)
        return cross_entropy(
            logits,
            labels,
            weight=weights,
            label_smoothing=self.training.label_smoothing,
            reduction="none",
            ignore_index=NO_LABEL,
        )

    def _by_teacher(self, logits: torch.Tensor, soft: torch.Tensor) -> torch.Tensor:
        """Return the divergence of each row from the teacher, 0 where it gives none."""
        temperature = self.training.teacher_temperature
        taught = ~soft[:, :1].isnan()
        known = torch.where(taught, soft, 1 / len(STANCES)).clamp(min=1e-6)
        teacher = log_softmax(known.log() / temperature, dim=-1)
        student = log_softmax(logits / temperature, dim=-1)
        divergence = kl_div(student, teacher, log_target=True, reduction="none").sum(dim=-1)
        return temperature**2 * divergence * taught[:, 0]


def divergence_of_passes(first: torch.Tensor, second: torch.Tensor, rows: torch.Tensor | int) -> torch.Tensor:
    """Return how far two passes over the same rows differ: the Kullback-Leibler divergence, mean of both directions.

    R-Drop (Liang et al., 2021). Its loss there is the sum over both passes, and here their mean, so that a weight here
    is half of one there.

    Args:
        first: The logits of one pass, shape (n, stances).
        second: Those of the other, with different dropout.
        rows: The rows of the update, over all accumulated batches, by which the sum is divided.
    """
    one, other = log_softmax(first.float(), dim=-1), log_softmax(second.float(), dim=-1)
    both = kl_div(one, other, log_target=True, reduction="sum") + kl_div(other, one, log_target=True, reduction="sum")
    return both / 2 / rows


def balanced_weights(labels: Sequence[int]) -> list[float]:
    """Return weights inverse to the class frequencies, scaled so that the mean weight of a row is 1."""
    counts = np.bincount(labels, minlength=len(STANCES))
    # A class that train lacks weighs nothing: with label smoothing an infinite weight would make the loss NaN.
    present = int((counts > 0).sum())
    weights: list[float] = np.where(counts > 0, len(labels) / (present * np.maximum(counts, 1)), 0.0).tolist()
    return weights
