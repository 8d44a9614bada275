"""All names of a codebook in one automaton (Aho and Corasick 1975), and where they stand in a paragraph as whole words.

Names are looked for in the folded text of `stancelab.mentions`, in which letter case, Unicode form, width, runs of
blanks and the shape of apostrophes do not count. Then a capital of the name must be a capital in the text; a small
letter matches both, so that "the Kremlin" is found in "THE KREMLIN", "Turkey" not in "turkey", and "US" not in "us".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import regex

from stancelab.article.codebook.words import FUNCTION_WORDS
from stancelab.extras import require
from stancelab.mentions.folding import Folded, fold_with_places
from stancelab.mentions.search import holds_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from stancelab.article.codebook.entries import Entry

#: What a name is to its entry. Of two names of one form, the first kind here is taken.
NAME, CITY, DEMONYM, EXCEPTION = range(4)

#: Addresses, in which a name is no word of the text.
_ADDRESS: Final = re.compile(r"\b(?:https?://|www\.)\S+|[\w.+-]{1,64}@[\w-]+\.[\w.-]+")
_LETTERS: Final = regex.compile(r"\p{L}+")
#: Fewer letters tell nothing of how a line is written.
_FEWEST_LETTERS: Final = 8
#: So far a line is looked at in each direction.
_LINE: Final = 100


@dataclass(frozen=True, slots=True)
class Name:
    """One name of an entry.

    Attributes:
        entry: The name of the entry.
        kind: `NAME`, `CITY`, `DEMONYM` or `EXCEPTION`.
        capitals: The places in the folded name that are capitals.
        is_common: Whether the name in small letters is a common word.
    """

    entry: str
    kind: int
    capitals: tuple[int, ...]
    is_common: bool


class Found(NamedTuple):
    """A name in a paragraph: `start` and `end` in its characters, and the name."""

    start: int
    end: int
    name: Name


class Names:
    """The names of entries, ready to be looked for."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        require("ahocorasick", "read", "reading with a codebook")
        import ahocorasick

        names: dict[str, list[Name]] = {}
        for entry in entries:
            for text, kind in _texts_of(entry):
                folded = fold_with_places.__wrapped__(text)
                capitals = tuple(place for place in range(len(folded.text)) if _is_capital(text, folded, place))
                name = Name(entry.name, kind, capitals, folded.text in FUNCTION_WORDS)
                names.setdefault(folded.text, []).append(name)
        self._automaton = ahocorasick.Automaton()
        for folded_text, several in names.items():
            self._automaton.add_word(folded_text, (len(folded_text), sorted(several, key=lambda name: name.kind)))
        if names:
            self._automaton.make_automaton()
        self._is_empty = not names

    def find(self, paragraph: str) -> list[Found]:
        """Return the names in a paragraph in their order; of those that overlap the longest, else the first."""
        if self._is_empty:
            return []
        taken: list[Found] = []
        covered = bytearray(len(paragraph))
        for found in sorted(self._all(paragraph), key=lambda found: (found.start - found.end, found.start)):
            # Every name that is taken is at least as long: one that overlaps this covers one of its ends.
            if not (covered[found.start] or covered[found.end - 1]):
                covered[found.start : found.end] = b"\1" * (found.end - found.start)
                taken.append(found)
        return sorted(taken)

    def _all(self, paragraph: str) -> Iterator[Found]:
        # The function itself: its cache would hold whole articles.
        places = fold_with_places.__wrapped__(paragraph)
        folded = places.text
        in_address = bytearray(len(paragraph))
        for match in _ADDRESS.finditer(paragraph):
            in_address[match.start() : match.end()] = b"\1" * (match.end() - match.start())
        for last, (length, names) in self._automaton.iter(folded):
            start, end = last + 1 - length, last + 1
            if _is_inside(folded, start, end) or not holds_words(places, start, end):
                continue
            name = next((name for name in names if _fits(name, paragraph, places, start)), None)
            if name is None:
                continue
            found = Found(places.starts[start], places.ends[end - 1], name)
            if not (in_address[found.start] or in_address[found.end - 1]):
                yield found


def _texts_of(entry: Entry) -> Iterator[tuple[str, int]]:
    kinds = ((entry.aliases, NAME), (entry.cities, CITY), (entry.demonyms, DEMONYM), (entry.exceptions, EXCEPTION))
    said = {text for texts, kind in kinds if kind in (CITY, DEMONYM) for text in texts}
    if entry.name not in said:  # "Singapore" is a city too, where the entry says so
        yield entry.name, NAME
    for texts, kind in kinds:
        yield from ((text, kind) for text in texts)


def _is_inside(folded: str, start: int, end: int) -> bool:
    """Return whether a range surely cuts a word; `holds_words` knows all scripts and is slower."""
    after, before = folded[end : end + 1], folded[max(start - 1, 0) : start]
    cuts_end = after.isascii() and after.isalnum() and folded[end - 1].isascii() and folded[end - 1].isalnum()
    return cuts_end or (before.isascii() and before.isalnum() and folded[start].isascii() and folded[start].isalnum())


def _fits(name: Name, paragraph: str, places: Folded, start: int) -> bool:
    if not all(_is_capital(paragraph, places, start + place) for place in name.capitals):
        return False
    return not (name.is_common and _is_in_capitals(paragraph, places.starts[start]))


def _is_capital(text: str, places: Folded, place: int) -> bool:
    character = text[places.starts[place]]
    return character.isupper() or character.istitle()


def _is_in_capitals(paragraph: str, place: int) -> bool:
    """Return whether the line around a place is written in capitals alone, so that "US" may be "us"."""
    before = paragraph[max(place - _LINE, 0) : place].rpartition("\n")[2]
    after = paragraph[place : place + _LINE].partition("\n")[0]
    letters = "".join(_LETTERS.findall(before + after))
    return len(letters) >= _FEWEST_LETTERS and letters.isupper()
