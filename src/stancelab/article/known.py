"""Answers by question: an article that many outlets print is answered once."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from typing import TYPE_CHECKING, Final

import msgspec

if TYPE_CHECKING:
    from stancelab.schema import Example

#: So many answers are kept.
MOST: Final = 100_000
#: The probabilities of an answer, in the order of `STANCES`.
Answer = tuple[float, float, float]


def key_of(question: Example) -> bytes:
    """Return the hash of what a classifier is told of a question: sentence, source, target, and where they stand."""
    told = (question.text, question.source, question.target, question.source_span, question.target_span)
    return hashlib.blake2b(msgspec.json.encode(told), digest_size=16).digest()


class Known:
    """The answers to the questions that were asked last.

    Args:
        most: How many are kept.
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._answers: OrderedDict[bytes, Answer] = OrderedDict()

    def get(self, key: bytes) -> Answer | None:
        """Return the answer to a question, None where it is not known."""
        found = self._answers.get(key)
        if found is not None:
            self._answers.move_to_end(key)
        return found

    def add(self, key: bytes, answer: Answer) -> None:
        """Keep an answer; the one that was not asked for longest goes."""
        self._answers[key] = answer
        self._answers.move_to_end(key)
        if len(self._answers) > self._most:
            self._answers.popitem(last=False)
