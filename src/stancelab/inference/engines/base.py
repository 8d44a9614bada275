"""What answers batches of examples, wherever it computes them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, NamedTuple

from stancelab.inference.classifier import named_threshold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from stancelab.checkpoint import CheckpointInfo
    from stancelab.encoding import Cut
    from stancelab.schema import Example


class Answer(NamedTuple):
    """What a checkpoint says of a batch of examples.

    Attributes:
        probabilities: Calibrated probabilities, shape (examples, 3), columns in the order of `STANCES`.
        cut: What the encoder could not see of the examples.
    """

    probabilities: NDArray[np.float64]
    cut: Cut


class Engine(ABC):
    """Answers batches of examples with a checkpoint.

    Attributes:
        info: What the checkpoint says of itself.
    """

    info: CheckpointInfo

    @abstractmethod
    def answers(self, batches: Iterable[Sequence[Example]]) -> Iterator[Answer]:
        """Yield the answers in the order of the batches; some batches may be taken ahead of the answers."""

    @abstractmethod
    def description(self) -> dict[str, Any]:
        """Return what computed, and where, for a manifest."""

    def threshold(self, name: str) -> float:
        """Return a confidence threshold of the checkpoint by its name.

        Raises:
            ConfigError: The checkpoint knows no such threshold, or none was reached on dev.
        """
        return named_threshold(self.info.thresholds, name)
