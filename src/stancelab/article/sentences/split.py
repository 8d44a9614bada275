"""The sentences of a document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stancelab.article.sentences.blocks import blocks_of
from stancelab.article.sentences.boundaries import boundaries
from stancelab.article.types import Sentence
from stancelab.schema import Span

if TYPE_CHECKING:
    from stancelab.article.types import Document


def sentences_of(document: Document) -> list[Sentence]:
    """Return the sentences of a document in order.

    They do not overlap, and together they hold every character of its text that is no blank. A headline is one
    sentence, whatever marks are in it; an item of a list and a cell may hold several.

    Raises:
        MissingPackageError: nupunkt is not installed.
    """
    text = document.text
    found: list[Sentence] = []
    for block in blocks_of(document):
        part = text[block.span.start : block.span.end]
        for span in [Span(0, len(part))] if block.kind == "headline" else boundaries(part):
            place = Span(block.span.start + span.start, block.span.start + span.end)
            found.append(
                Sentence(
                    number=len(found),
                    paragraph=block.paragraph,
                    span=place,
                    text=text[place.start : place.end],
                    kind=block.kind,
                )
            )
    return found
