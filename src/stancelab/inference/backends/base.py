"""What every backend does, and the order in which rows are computed."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from stancelab.schema import Example


class Backend(ABC):
    """Computes the logits of a checkpoint.

    Args:
        batch_size: Rows in a batch.
        progress: Whether to show a progress bar.
    """

    def __init__(self, *, batch_size: int = 32, progress: bool = False) -> None:
        self.batch_size = batch_size
        self.progress = progress

    @abstractmethod
    def logits(self, examples: Sequence[Example]) -> NDArray[np.float64]:
        """Return the logits in fp32 precision, shape (len(examples), labels), in the order of the examples.

        The columns are in the order of the checkpoint's labels.
        """


def batches_by_length(lengths: Sequence[int], batch_size: int) -> Iterator[list[int]]:
    """Yield the positions of the rows of each batch, the longest first, so that a batch's rows need little padding.

    Args:
        lengths: Each row's length in tokens.
        batch_size: Rows in a batch.
    """
    order = sorted(range(len(lengths)), key=lambda row: -lengths[row])
    for start in range(0, len(order), batch_size):
        yield order[start : start + batch_size]
