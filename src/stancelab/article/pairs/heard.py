"""A source that is heard in a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stancelab.article.types import SourceKind
    from stancelab.schema import Span


@dataclass(frozen=True, slots=True)
class Heard:
    """A source in a sentence.

    Attributes:
        sentence: The number of the sentence.
        entry: The entry.
        span: The words that stand for it, in the document's text; None where none do.
        how: How it is known.
        reports: Whether the words are the subject of a verb of speech or attitude.
    """

    sentence: int
    entry: str
    span: Span | None
    how: SourceKind
    reports: bool = False
