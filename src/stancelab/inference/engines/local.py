"""Answers by a checkpoint in this process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stancelab.inference.classifier import StanceClassifier
from stancelab.inference.engines.base import Answer, Engine

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from stancelab.aliases import Aliases
    from stancelab.schema import Example


class LocalEngine(Engine):
    """Computes one batch after the other, each when its answer is asked for.

    Args:
        classifier: The checkpoint.
    """

    def __init__(self, classifier: StanceClassifier) -> None:
        self.info = classifier.info
        self._classifier = classifier

    def answers(self, batches: Iterable[Sequence[Example]]) -> Iterator[Answer]:
        """Yield the answers in the order of the batches."""
        for examples in batches:
            yield Answer(self._classifier.predict_proba(examples), self._classifier.cut)

    def description(self) -> dict[str, Any]:
        """Return the backend and its device."""
        return {"backend": self._classifier.backend.name, "device": self._classifier.backend.device}


def load_classifier(
    checkpoint: str, aliases: Aliases, *, backend: str, device: str | None, batch_size: int, batch_tokens: int
) -> StanceClassifier:
    """Load a checkpoint as tables are predicted with it.

    Args:
        checkpoint: Its folder, or its name on the hub.
        aliases: Other names of targets and sources, besides those that it knows.
        backend: What computes, by its name.
        device: Such as "cpu" or "cuda"; None takes a GPU where there is one.
        batch_size: Texts in a batch at most.
        batch_tokens: Tokens in a batch at most, with padding.

    Raises:
        StancelabError: As `StanceClassifier.from_pretrained`.
    """
    classifier = StanceClassifier.from_pretrained(checkpoint, backend=backend, device=device, batch_size=batch_size)
    classifier.backend.batch_tokens = batch_tokens
    classifier.aliases = classifier.aliases.merged(aliases)
    return classifier
