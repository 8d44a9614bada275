"""Where a document quotes: stretches between quotation marks, with those that paragraphs open anew joined.

Double marks, straight and curly, guillemets, and single curly or straight marks where no double ones are open. An
apostrophe is no mark. A quotation that its paragraph leaves open goes on in the next one if that opens with a mark; if
not, it ends with its paragraph.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from stancelab.schema import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Opening mark -> closing mark.
_PAIRS: Final = {'"': '"', "“": "”", "«": "»", "‘": "’", "'": "'"}
_SINGLE: Final = "‘'"
_MARK: Final = re.compile("[\"“”«»‘'„]")
_SINGLE_MARK: Final = re.compile("[‘’']")
#: Characters of a quotation in single marks, which are looked for no further.
_LONGEST_SINGLE: Final = 2_000
_PARAGRAPH: Final = re.compile(r"\n[^\S\n]*\n\s*")
#: What follows a closing single mark, and what may stand before one.
_AFTER: Final = re.compile(r"[\s.,;:!?)\]—–-]|$")
_BEFORE_CLOSING: Final = ".,!?…—"
#: A quotation with fewer words, unless it is a sentence ("Never," he said), is a quoted word or name.
_FEWEST_WORDS: Final = 4


@dataclass(frozen=True, slots=True)
class Quotation:
    """What one speaker says in one go.

    Attributes:
        spans: Its stretches in the document's text with their marks, one for each paragraph.
        is_speech: Whether it is long enough, or ends as a sentence does; else it quotes a word or a name.
        is_turn: Whether it is a turn of an interview, which has no marks.
    """

    spans: tuple[Span, ...]
    is_speech: bool
    is_turn: bool = False

    @property
    def start(self) -> int:
        """Where it begins."""
        return self.spans[0].start

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.spans[-1].end


def quotations_of(text: str) -> list[Quotation]:
    """Return the quotations of a document's text, in order."""
    found: list[Quotation] = []
    going_on: list[Span] = []
    mark = ""
    for start, end in _paragraphs(text):
        position = start
        if going_on:
            if text.startswith(mark, start):
                position, going_on, closed = _close(text, start, end, mark, going_on)
                if not closed:
                    continue
            found.append(_quotation(text, going_on))
            going_on = []
        while (opening := _opening(text, position, end)) is not None:
            mark = text[opening]
            position, stretch, closed = _close(text, opening, end, mark, [])
            if not closed:
                going_on = stretch
                break
            found.append(_quotation(text, stretch))
    if going_on:
        found.append(_quotation(text, going_on))
    return found


def _paragraphs(text: str) -> list[Span]:
    found, start = [], 0
    for gap in _PARAGRAPH.finditer(text):
        found.append(Span(start, gap.start()))
        start = gap.end()
    return [*found, Span(start, len(text))]


def _opening(text: str, start: int, end: int) -> int | None:
    """Return the next mark that opens a quotation: after a blank or bracket, before something that is no blank."""
    for mark in _MARK.finditer(text, start, end):
        place = mark.start()
        before = text[place - 1] if place else " "
        after = text[place + 1] if place + 1 < end else " "
        if text[place] not in _PAIRS or after.isspace():
            continue
        if text[place] in "“«" or before.isspace() or before in "([—–-":
            # A single mark that nothing closes is an apostrophe ("'tis", "the '90s").
            if text[place] in _SINGLE and _closing(text, place, end) is None:
                continue
            return place
    return None


def _closing(text: str, opening: int, end: int) -> int | None:
    """Return where the mark that was opened is closed."""
    closer = _PAIRS[text[opening]]
    if text[opening] not in _SINGLE:
        place = text.find(closer, opening + 1, end)
        return None if place < 0 else place
    fallback = None
    for found in _SINGLE_MARK.finditer(text, opening + 2, min(end, opening + _LONGEST_SINGLE)):
        place = found.start()
        if fallback is not None and text[place - 1].isspace():
            # The next one opens, so that this one was closed before.
            return fallback
        if text[place] != closer or not _AFTER.match(text, place + 1):
            continue
        sure = text[place - 1] in _BEFORE_CLOSING or text[place + 1 : place + 2] in (",", ".", ";", "!", "?")
        # After an "s" it may be a possessive ("the ministers' plan").
        if sure or text[place - 1] != "s":
            return place
        fallback = place if fallback is None else fallback
    return fallback


def _close(text: str, opening: int, end: int, mark: str, before: list[Span]) -> tuple[int, list[Span], bool]:
    """Return where reading goes on, the stretches of the quotation, and whether its end is in this paragraph."""
    place = _closing(text, opening, end)
    # A single mark that opens a paragraph anew may have no end there; `_opening` asks for one elsewhere.
    if place is None:
        return end, [*before, Span(opening, end)], False
    return place + 1, [*before, Span(opening, place + 1)], True


def _quotation(text: str, spans: list[Span]) -> Quotation:
    words = sum(len(text[start:end].split()) for start, end in spans)
    last = text[spans[-1].start : spans[-1].end].rstrip("\"”»’' \n")
    before = text[spans[0].start - 1 :: -1].lstrip()[:1] if spans[0].start else ""
    sentence = last.endswith((".", "!", "?", ",", "…")) and before in ("", ":", ".", "!", "?", ",")
    return Quotation(tuple(spans), len(spans) > 1 or words >= _FEWEST_WORDS or sentence)


def with_turns(quotations: Sequence[Quotation], turns: Sequence[Quotation]) -> list[Quotation]:
    """Return the turns of an interview and the quotations outside of them, in order."""
    spans = [span for turn in turns for span in turn.spans]

    def is_outside(quotation: Quotation) -> bool:
        return all(quotation.end <= span.start or span.end <= quotation.start for span in spans)

    return sorted([*turns, *filter(is_outside, quotations)], key=lambda one: (one.start, one.end))
