"""The readings that the page keeps in memory for a while; nothing of them is written to disk."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stancelab.serve.problems import Problem

if TYPE_CHECKING:
    from stancelab.article.codebook import Codebook
    from stancelab.article.results import Reading
    from stancelab.article.types import Document
    from stancelab.serve.forms import ArticleForm


@dataclass(frozen=True)
class KeptReading:
    """A reading, and what it was made of.

    Attributes:
        reading: The reading.
        codebook: The codebook.
        document: The article, with the headlines and words in bold that its file has told.
        form: The form that reads the article again, with the codebook to be edited where that is none of the server's.
        is_shared: Whether the codebook was proposed from two articles that are compared.
    """

    reading: Reading
    codebook: Codebook
    document: Document
    form: ArticleForm
    is_shared: bool = False


class Kept:
    """Readings by ids that nobody can guess; the oldest go where there are too many.

    Args:
        most: How many are kept.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._readings: OrderedDict[str, KeptReading] = OrderedDict()
        self._lock = threading.Lock()

    def add(self, reading: KeptReading) -> str:
        """Keep a reading and return its id."""
        key = secrets.token_urlsafe(16)
        with self._lock:
            self._readings[key] = reading
            while len(self._readings) > self._most:
                self._readings.popitem(last=False)
        return key

    def get(self, key: str) -> Reading:
        """Return a reading.

        Raises:
            Problem: 404, it is not kept.
        """
        return self.whole(key).reading

    def whole(self, key: str) -> KeptReading:
        """Return a reading with what it was made of.

        Raises:
            Problem: 404, it is not kept.
        """
        with self._lock:
            found = self._readings.get(key)
            if found is None:
                raise Problem(
                    404,
                    f"reading: this one is not kept any more ({self._most:,} are, serve.kept); read the article again",
                )
            self._readings.move_to_end(key)
            return found

    def find(self, key: str) -> KeptReading | None:
        """Return a reading with what it was made of, None where it is not kept."""
        with self._lock:
            return self._readings.get(key)

    def forget(self, key: str) -> None:
        """Drop a reading, if it is there."""
        with self._lock:
            self._readings.pop(key, None)

    def __len__(self) -> int:
        return len(self._readings)
