"""Training rows as encoded texts with labels and, where there is a teacher, its probabilities."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import torch
from torch.utils.data import Dataset

from stancelab.schema import STANCE_ID, STANCES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from stancelab.encoding import Builder, EncodedText
    from stancelab.schema import Example

#: The label of a row whose stance is not known. transformers leaves out -100 where it counts the rows of an update.
NO_LABEL: Final = len(STANCES)


@dataclass(frozen=True)
class TrainingText:
    """One encoded text.

    Attributes:
        text: The text, with the places of its rows.
        labels: The stance ids of the rows, `NO_LABEL` where not known, shape (rows,).
        soft: The teacher's probabilities, NaN where it gives none, shape (rows, stances).
        corpus: The corpus the text is from.
    """

    text: EncodedText
    labels: NDArray[np.int64]
    soft: NDArray[np.float64]
    corpus: str


class TrainingTexts(Dataset[TrainingText]):
    """The encoded texts of training rows.

    Args:
        builder: Builds the input.
        examples: The rows; those without a stance are learned from the teacher alone.
        soft: The teacher's probabilities of the rows, shape (len(examples), stances), NaN where it gives none; None
            without a teacher.
    """

    def __init__(self, builder: Builder, examples: Sequence[Example], soft: NDArray[np.float64] | None = None) -> None:
        labels = np.array([STANCE_ID.get(example.stance or "", NO_LABEL) for example in examples])
        if soft is None:
            soft = np.full((len(examples), len(STANCES)), np.nan)
        self.texts = [
            TrainingText(text, labels[rows], soft[rows], examples[rows[0]].corpus)
            for text in builder.encode(examples)
            for rows in [list(text.rows)]
        ]
        self.labels = labels
        #: The corpora of the rows; a text that several have is of its first row's.
        self.corpora_of_rows = {example.corpus for example in examples}

    def __len__(self) -> int:
        return len(self.texts)

    def __getitem__(self, index: int) -> TrainingText:
        return self.texts[index]

    @property
    def lengths(self) -> list[int]:
        """The length of each text in tokens."""
        return [len(each.text) for each in self.texts]

    @property
    def corpora(self) -> list[str]:
        """The corpus of each text."""
        return [each.corpus for each in self.texts]


def twice(inputs: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Return a batch of the network's inputs followed by itself: each text is read twice, with other dropout.

    Args:
        inputs: What `Collator` makes, without labels and soft labels.
    """
    both = {name: torch.cat([values, values]) for name, values in inputs.items()}
    if "pair_text" in inputs:
        both["pair_text"] = torch.cat([inputs["pair_text"], inputs["pair_text"] + len(inputs["attention_mask"])])
    return both


class Collator:
    """Makes the batch of some texts: the network's inputs, `labels` of shape (rows,), `soft` of shape (rows, stances).

    Args:
        builder: Builds the input.
    """

    def __init__(self, builder: Builder) -> None:
        self.builder = builder

    def __call__(self, items: Sequence[TrainingText]) -> dict[str, torch.Tensor]:
        """Return the batch as tensors."""
        inputs = self.builder.collate([item.text for item in items])
        return {
            **{name: torch.from_numpy(values) for name, values in inputs.items()},
            "labels": torch.from_numpy(np.concatenate([item.labels for item in items])),
            "soft": torch.from_numpy(np.concatenate([item.soft for item in items])).float(),
        }
