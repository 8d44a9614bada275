"""What every backend does, and the order in which rows are computed."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Final

import numpy as np
from tqdm.auto import tqdm

from stancelab.encoding import Cut
from stancelab.schema import STANCES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from stancelab.encoding import Builder, EncodedText
    from stancelab.schema import Example


#: The rows of a batch are at most so many times its texts: each row takes memory in the head.
MOST_ROWS_PER_TEXT: Final = 8


class Backend(ABC):
    """Computes the logits of a checkpoint.

    Args:
        batch_size: Texts in a batch; with the sequence head every row is a text of its own.
        progress: Whether to show a progress bar where standard error is a terminal.

    Attributes:
        name: What it is called in settings.
        device: What it computes on, such as "cpu"; "" where that is not known.
        cut: What the encoder could not see of the examples of the last call of `logits`.
    """

    name: str = ""
    device: str = ""

    def __init__(self, *, batch_size: int = 32, progress: bool = False) -> None:
        self.batch_size = batch_size
        self.progress = progress
        self.cut = Cut()

    @abstractmethod
    def logits(self, examples: Sequence[Example]) -> NDArray[np.float64]:
        """Return the logits in fp32 precision, shape (len(examples), labels), in the order of the examples.

        The columns are in the order of the checkpoint's labels.
        """


class NetworkBackend(Backend):
    """Builds inputs as in training and runs a network over them, batch by batch.

    Args:
        builder: Builds the input.
        batch_size: Texts in a batch.
        progress: Whether to show a progress bar where standard error is a terminal.
    """

    def __init__(self, builder: Builder, *, batch_size: int = 32, progress: bool = False) -> None:
        super().__init__(batch_size=batch_size, progress=progress)
        self.builder = builder

    @abstractmethod
    def compute(self, inputs: Mapping[str, NDArray[np.int64]]) -> NDArray[np.float32]:
        """Return the logits of a batch's rows, shape (rows, labels), from what the builder's `collate` returns."""

    def logits(self, examples: Sequence[Example]) -> NDArray[np.float64]:
        """Return the logits, shape (len(examples), labels), in the order of the examples."""
        texts = self.builder.encode(examples)
        self.cut = self.builder.cut_of(examples, texts)
        return self.logits_of(texts)

    def logits_of(self, texts: Sequence[EncodedText]) -> NDArray[np.float64]:
        """Return the logits of the rows of encoded texts, shape (rows, labels), in the order of the rows.

        Args:
            texts: The encoded texts; together they hold each row from 0 on once.
        """
        rows = sum(len(text.rows) for text in texts)
        logits = np.zeros((rows, len(STANCES)), dtype=np.float64)
        off = None if self.progress else True  # None draws it on a terminal alone
        with tqdm(total=rows, unit="row", disable=off) as bar:
            for batch in batches_by_length(texts, self.batch_size):
                own = [row for text in batch for row in text.rows]
                logits[own] = self.compute(self.builder.collate(batch))
                bar.update(len(own))
        return logits


def batches_by_length(texts: Sequence[EncodedText], batch_size: int) -> Iterator[list[EncodedText]]:
    """Yield batches of texts, the longest first, so that a batch's texts need little padding.

    Args:
        texts: The encoded texts.
        batch_size: Texts in a batch at most; texts with many rows come fewer at a time.
    """
    batch: list[EncodedText] = []
    rows = 0
    for text in sorted(texts, key=len, reverse=True):
        if batch and (len(batch) == batch_size or rows + len(text.rows) > MOST_ROWS_PER_TEXT * batch_size):
            yield batch
            batch, rows = [], 0
        batch.append(text)
        rows += len(text.rows)
    if batch:
        yield batch
