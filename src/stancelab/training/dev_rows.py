"""The validation rows of a training, and the metric on them by which the best checkpoint is chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from stancelab.inference.backends.torch import TorchBackend
from stancelab.metrics.classes import ALL_CLASSES
from stancelab.metrics.classification import scores_of
from stancelab.metrics.temperature import within_classes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from stancelab.encoding import Builder, EncodedText
    from stancelab.metrics.classes import Classes
    from stancelab.schema import Example


class DevRows:
    """The validation rows, encoded once.

    Args:
        builder: Builds their input.
        examples: The rows.
        metric: One of `PRIMARY_METRICS`.
        batch_size: Texts in a batch.
        classes: The ids of the task's classes.
    """

    def __init__(
        self,
        builder: Builder,
        examples: Sequence[Example],
        metric: str,
        batch_size: int,
        classes: Classes = ALL_CLASSES,
    ) -> None:
        self.builder = builder
        self.metric = metric
        self.batch_size = batch_size
        self.classes = classes
        self.texts: list[EncodedText] = builder.encode(examples)
        self.gold = np.array([example.stance_id for example in examples])
        self.corpora = [example.corpus for example in examples]

    def measure(self, model: Any) -> dict[str, float]:
        """Return the dev metric of a network by its name."""
        logits = TorchBackend(model, self.builder, batch_size=self.batch_size).logits_of(self.texts)
        return {self.metric: dev_metric(self.metric, self.corpora, self.gold, logits, self.classes)}


def dev_metric(
    name: str,
    corpora: Sequence[str],
    gold: NDArray[np.int64],
    logits: NDArray[np.float64],
    classes: Classes = ALL_CLASSES,
) -> float:
    """Return what the best checkpoint is chosen by.

    Args:
        name: One of `PRIMARY_METRICS`.
        corpora: The corpus of each validation row; with several corpora the metric is their unweighted mean, so that
            a large one does not decide alone.
        gold: Gold stance ids, shape (n,).
        logits: Shape (n, stances).
        classes: The ids of the task's classes, of which the highest is the answer.
    """
    corpus, predicted = np.asarray(corpora), within_classes(logits, classes).argmax(axis=1)
    here = [corpus == one for one in sorted(set(corpora))]
    values = [scores_of(gold[rows], predicted[rows], classes).value(name) for rows in here]
    return float(np.mean(values))
