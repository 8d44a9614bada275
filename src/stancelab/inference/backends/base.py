"""What every backend does, and the order in which rows are computed."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Final

from stancelab.encoding import Cut

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from stancelab.encoding import EncodedText
    from stancelab.schema import Example


#: The rows of a batch are at most so many times its texts: each row takes memory in the head.
MOST_ROWS_PER_TEXT: Final = 8


class Backend(ABC):
    """Computes the logits of a checkpoint.

    Args:
        batch_size: Texts in a batch; with the sequence head every row is a text of its own.
        progress: Whether to show a progress bar where standard error is a terminal.

    Attributes:
        cut: What the encoder could not see of the examples of the last call of `logits`.
        device: What it computes on, such as "cpu"; "" where that is not known.
    """

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
