"""The characters that two offsets of a row mean, as its table counts them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stancelab.offsets import Reading
from stancelab.schema import Span

if TYPE_CHECKING:
    from collections.abc import Iterable

    from stancelab.offsets import OffsetVotes


def counted_span(
    text: str, names: Iterable[str], start: int, end: int, reading: Reading, votes: OffsetVotes | None = None
) -> Span | None:
    """Return the characters that two offsets mean, None where they are outside the text or inside a character.

    As characters of Python they are returned as they are: what is wrong with them is said where the row is checked.

    Args:
        text: The text.
        names: What is mentioned there, by all its names.
        start: The first offset.
        end: The second one.
        reading: How they are counted.
        votes: Takes note of how they seem to be counted.
    """
    if votes is not None:
        votes.add(text, list(names), start, end, reading)
    span = reading.span(text, start, end)
    return Span(start, end) if span is None and reading == Reading() else span
