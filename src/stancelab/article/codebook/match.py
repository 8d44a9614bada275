"""Where a text names the entries of a codebook."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from stancelab.article.codebook.compounds import joined
from stancelab.article.codebook.names import CITY, DEMONYM, EXCEPTION, Found, Names
from stancelab.article.codebook.national import NationalBodies
from stancelab.article.codebook.offices import end_of_office
from stancelab.article.codebook.persons import is_person
from stancelab.article.codebook.places import is_in_us_state, is_place
from stancelab.article.types import Mention
from stancelab.schema import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stancelab.article.codebook.entries import Codebook

#: What parts paragraphs: an empty line. No name goes over it.
_PARAGRAPH_END: Final = re.compile(r"\r?\n[^\S\n]*\r?\n\s*")
#: What may stand between a state and its body: "Russian State Duma", "Germany's Bundestag".
_BETWEEN: Final = re.compile(r"(?:['\u2019]s?)?\s+")


class _Place(NamedTuple):
    """A mention in a paragraph, counted in its characters."""

    start: int
    end: int
    entry: str
    target_only: bool


class Matcher:
    """Finds the mentions of a codebook's entries; made once for many texts.

    The rules are those of docs/codebook.md.
    """

    def __init__(self, codebook: Codebook) -> None:
        """Put all names into one automaton.

        Raises:
            MissingPackageError: pyahocorasick is not installed.
        """
        self.codebook = codebook
        self._names = Names(codebook.entries.values())
        self._bodies = NationalBodies(codebook)

    def mentions(self, text: str) -> list[Mention]:
        """Return the mentions in a text, in their order; none overlap."""
        found = [mention for start, end in _paragraphs(text) for mention in self._of_paragraph(text[start:end], start)]
        return self._bodies.settled(text, found)

    def _of_paragraph(self, paragraph: str, offset: int) -> Iterator[Mention]:
        for place in self._merged(paragraph, self._places(paragraph)):
            entry = self.codebook.entries[place.entry]
            source = entry.source and not place.target_only
            if source or entry.target:
                span = Span(offset + place.start, offset + place.end)
                yield Mention(entry=entry.name, span=span, source=source, target=entry.target)

    def _places(self, paragraph: str) -> Iterator[_Place]:
        kept = joined(paragraph, self._names.find(paragraph))
        for number, (found, is_stance) in enumerate(kept):
            limit = kept[number + 1][0].start if number + 1 < len(kept) else len(paragraph)
            place = self._place(paragraph, found, is_stance, limit)
            if place is not None:
                yield place

    def _place(self, paragraph: str, found: Found, is_stance: bool, limit: int) -> _Place | None:
        """Return the mention of a name, whose office, if any, ends before a limit; None where it is no mention."""
        start, end, name = found
        if name.kind == EXCEPTION or (name.kind == CITY and is_place(paragraph, start, end)):
            return None
        if name.kind != DEMONYM and is_in_us_state(paragraph, end):
            return None
        if self.codebook.entries[name.entry].persons and name.kind != DEMONYM and is_person(paragraph, start, end):
            return None
        if name.kind == DEMONYM and not is_stance:
            office = end_of_office(paragraph, start, end, limit)
            return _Place(start, office or end, name.entry, office is None)
        return _Place(start, end, name.entry, is_stance)

    def _merged(self, paragraph: str, places: Iterator[_Place]) -> Iterator[_Place]:
        """Yield mentions, those of a whole in front of its part as one: "Russian State Duma" is the State Duma."""
        before: _Place | None = None
        for place in places:
            if before is not None and self._is_part(paragraph, before, place):
                place = place._replace(start=before.start)
            elif before is not None:
                yield before
            before = place
        if before is not None:
            yield before

    def _is_part(self, paragraph: str, whole: _Place, part: _Place) -> bool:
        between = _BETWEEN.fullmatch(paragraph, whole.end, part.start)
        return between is not None and whole.entry in self.codebook.standing_for(part.entry)[1:]


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for gap in _PARAGRAPH_END.finditer(text):
        if start < gap.start():
            yield start, gap.start()
        start = gap.end()
    if start < len(text):
        yield start, len(text)
