"""Whom "they", "he" and "she" stand for in a quotation: somebody else than its speaker.

A speaker says "I" and "we" of the own side, so that these pronouns are others, whom the sentences before have spoken
of. They are read in turns of an interview too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from stancelab.article.pairs import words
from stancelab.article.pairs.described import descriptions
from stancelab.article.pairs.nouns import TIMES
from stancelab.article.pairs.view import is_office

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from stancelab.article.pairs.heard import Heard
    from stancelab.article.pairs.memory import Memory
    from stancelab.article.pairs.seen import Seen
    from stancelab.article.pairs.view import View

_PERSONS: Final = {"he": "he", "she": "she", "him": "he"}
_SEVERAL: Final = frozenset(["they", "them"])
_PLACES: Final = frozenset(["in", "at", "near", "from"])


class Others:
    """Finds whom pronouns in quotations stand for."""

    def __init__(self, memory: Memory, seen: Seen) -> None:
        self._memory = memory
        self._seen = seen

    def of(self, view: View, heard: Sequence[Heard]) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Yield the places of the pronouns of a sentence's quotations, with the entries that they stand for.

        Args:
            view: The sentence.
            heard: Its sources, among them who speaks in its quotations.
        """
        speakers = {one.entry for one in heard if one.how == "quote"}
        for index, token in enumerate(view.tokens) if speakers else ():
            if not token.spoken or token.lower not in _SEVERAL | _PERSONS.keys():
                continue
            if token.lower == "him" and view.lower(index - 1) in words.PREPOSITIONS:
                continue
            if token.lower in _SEVERAL:
                found = self._several(view, index, speakers)
            else:
                found = self._person(view, index, speakers)
            if found:
                yield index, found

    def _several(self, view: View, index: int, speakers: set[str]) -> tuple[str, ...]:
        """Return those whom "they" stands for: the one actor, or plural thing, of the last sentence that has one."""
        if any(one.noun.plural and one.end <= index and view.tokens[one.start].spoken for one in descriptions(view)):
            # "A mediator cannot hold the scales and push one of them".
            return ()
        before = [one for one in _named_before(view, index) if one not in speakers]
        if before:
            return (before[0],) if len(set(before)) == 1 else ()
        for past in self._seen.latest(view.sentence.number):
            acting = [one for one in past.entries if one not in speakers and one not in past.places]
            fitting = [one for one in acting if not self._seen.is_thing(one) or self._seen.is_plural(one)]
            several = any(noun.plural and not is_office(noun.word) and noun.word not in TIMES for noun in past.others)
            if len(past.subject) > 1 and speakers.isdisjoint(past.subject):
                return past.subject
            if len(fitting) > 1 or several:
                return ()
            if fitting:
                return tuple(fitting)
        return ()

    def _person(self, view: View, index: int, speakers: set[str]) -> tuple[str, ...]:
        """Return the one person of the last sentence that has one besides the speaker."""
        gender = _PERSONS[view.lower(index)]
        number = view.sentence.number
        acting = dict(self._memory.persons(number))
        named = {
            past.number: [one for one in past.entries if one in self._memory.people]
            for past in self._seen.latest(number)
        }
        before = [one for one in _named_before(view, index) if one in self._memory.people]
        for place in [number, *sorted(acting.keys() | named.keys(), reverse=True)]:
            people = before if place == number else named.get(place, [])
            fitting = [one for one in acting.get(place, []) if one.gender in ("", gender)]
            found = {one for one in people if one not in speakers}
            found |= {entry for actor in fitting for entry in actor.entries if entry not in speakers}
            unknown = any(not actor.entries for actor in fitting)
            if found or unknown:
                return tuple(found) if len(found) == 1 and not unknown else ()
        return ()


def _named_before(view: View, index: int) -> list[str]:
    """Return the entries that a sentence names before a token, but for those that are only a place."""
    found = []
    for mention in (*view.mentions, *view.people):
        first = next((place for place, token in enumerate(view.tokens) if token.start >= mention.span.start), index)
        if first < index and view.lower(first - 1) not in _PLACES:
            found.append(mention.entry)
    return found
