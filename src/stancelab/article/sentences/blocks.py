"""Stretches of a document that no sentence crosses: paragraphs, items of lists, headlines, cells.

A file that tells its parts (HTML, DOCX, Markdown) has them in `Document.kinds`. Of plain text they are found by its
lines: an empty line ends a paragraph; so does every line break of a paragraph that has a line longer than any that is
wrapped; lines that begin with bullets or with numbers in order are items.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from stancelab.schema import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from stancelab.article.types import Document, SentenceKind

#: A line that is longer was not wrapped by hand or by a program of mail: each line is a paragraph then.
_LONGEST_WRAPPED: Final = 150
#: A line of wrapped text is at least this share of the longest one where the next word did not fit.
_FULL: Final = 0.7
_HEADLINE_MOST: Final = 150
_HEADLINE_LINES: Final = 2
_EMPTY_LINE: Final = re.compile(r"\r?\n[^\S\n]*(?:\n[^\S\n]*)*\n|\r[^\S\r\n]*\r|\f")
_LINE_END: Final = re.compile(r"\r\n|\n|\r")
_BULLET: Final = re.compile(r"\s*[-*+•‣◦▪·–]\s+(?=\S)")
_NUMBER: Final = re.compile(r"\s*(?P<open>\()?(?P<number>\d{1,3}|[a-z])(?P<close>[.)])\s+(?=\S)")
_ENDS: Final = re.compile(r"[.!?…:;,][\"'”’)\]»]*\s*$")
_CAPITAL: Final = re.compile(r"\s*[\"'“‘(]?[A-Z0-9]")


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of a document's text.

    Attributes:
        span: Where it stands, without blanks around it.
        kind: What it is.
        paragraph: The place of its paragraph in the document, from 0; each item, headline and cell is one of its own.
    """

    span: Span
    kind: SentenceKind
    paragraph: int


def blocks_of(document: Document) -> list[Block]:
    """Return the blocks of a document in order; together they hold every character that is no blank."""
    text = document.text
    told = list(_told(document))
    found: list[tuple[Span, SentenceKind]] = []
    place = 0
    for span, kind in [*told, (Span(len(text), len(text)), "sentence")]:
        found += _plain_blocks(text, Span(place, span.start))
        found.append((span, kind))
        place = span.end
    parts = [(stripped(text, span), kind) for span, kind in found]
    parts = [(span, kind) for span, kind in parts if span.start < span.end]
    if not told:
        parts = [(span, _with_headline(text, span, kind, is_last=span.end == parts[-1][0].end)) for span, kind in parts]
    return [Block(span, kind, number) for number, (span, kind) in enumerate(parts)]


def stripped(text: str, span: Span) -> Span:
    """Return a span without the blanks at its ends."""
    part = text[span.start : span.end]
    start = span.start + len(part) - len(part.lstrip())
    return Span(start, max(start, span.end - (len(part) - len(part.rstrip()))))


def _told(document: Document) -> Iterator[tuple[Span, SentenceKind]]:
    """Yield the stretches whose kind the document tells, in order and without what another one holds already."""
    place = 0
    for span, kind in sorted(document.kinds):
        start, end = max(span.start, place), min(span.end, len(document.text))
        if start < end:
            yield Span(start, end), kind
            place = end


def _plain_blocks(text: str, span: Span) -> Iterator[tuple[Span, SentenceKind]]:
    for paragraph in _cut(text, span, _EMPTY_LINE):
        lines = list(_cut(text, paragraph, _LINE_END))
        starts = _items(text, lines)
        longest = max((line.end - line.start for line in lines), default=0)
        begin, kind = paragraph.start, "sentence"
        for index, line in enumerate(lines):
            is_item = index in starts
            if index and (is_item or _ends_block(text, lines, index - 1, longest)):
                yield Span(begin, line.start), kind  # type: ignore[misc]
                begin, kind = line.start, "sentence"
            if is_item:
                kind = "item"
        yield Span(begin, paragraph.end), kind  # type: ignore[misc]


def _cut(text: str, span: Span, mark: re.Pattern[str]) -> Iterator[Span]:
    """Yield what lies between the marks in a stretch, leaving out what is blank."""
    place = span.start
    for match in mark.finditer(text, span.start, span.end):
        if text[place : match.start()].strip():
            yield Span(place, match.start())
        place = match.end()
    if text[place : span.end].strip():
        yield Span(place, span.end)


def _items(text: str, lines: Sequence[Span]) -> set[int]:
    """Return which lines begin an item: bullets, of which there are two or one opens the paragraph; numbers in order.

    One dash or number in the middle of a paragraph is more often a wrapped line.
    """
    bullets = {index for index, line in enumerate(lines) if _BULLET.match(text, line.start, line.end)}
    if len(bullets) == 1 and bullets != {0}:
        bullets = set()
    numbers = {index: key for index, line in enumerate(lines) if (key := _number(text, line))}
    places = {key: index for index, key in numbers.items()}
    in_order = {
        index
        for index, (form, number) in numbers.items()
        if (form, number + 1) in places or (form, number - 1) in places or len(lines) == 1
    }
    return bullets | in_order


def _number(text: str, line: Span) -> tuple[str, int] | None:
    match = _NUMBER.match(text, line.start, line.end)
    if match is None:
        return None
    number = match["number"]
    form = f"{match['open'] or ''}{'1' if number.isdecimal() else 'a'}{match['close']}"
    return form, int(number) if number.isdecimal() else ord(number)


def _ends_block(text: str, lines: Sequence[Span], index: int, longest: int) -> bool:
    """Tell whether the break behind a line ends a paragraph, or only wraps it.

    A line that is shorter than wrapping makes it, ends without a mark and stands before a capital is a headline, a
    byline or a heading.
    """
    if longest > _LONGEST_WRAPPED:
        return True
    line, following = lines[index], lines[index + 1]
    words = text[following.start : following.end].split()
    fits = line.end - line.start + 1 + len(words[0]) <= _FULL * longest
    ends = _ENDS.search(text[line.start : line.end])
    return fits and not ends and _CAPITAL.match(text, following.start, following.end) is not None


def _with_headline(text: str, span: Span, kind: SentenceKind, *, is_last: bool) -> SentenceKind:
    part = text[span.start : span.end]
    is_short = len(part) <= _HEADLINE_MOST and len(part.splitlines()) <= _HEADLINE_LINES
    if kind == "sentence" and is_short and not is_last and not _ENDS.search(part):
        return "headline"
    return kind
