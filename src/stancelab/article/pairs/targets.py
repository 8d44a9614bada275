"""What a sentence speaks of without its name: the targets behind "the statute", "their own government" and "it".

The rules, in the order in which they are asked of a sentence:

1. "Their own government" is the state that the body is of whose words or acts the sentence tells (`homes.py`).
2. A definite description is the entry of the section whose name ends in its noun, or whose kind it tells, if one alone
   fits and nothing else was spoken of by that noun since (`described.py`, `seen.py`).
3. "The ministry" and "the government" are those that the article tied to an entry, as for sources (`memory.py`).
4. "It", "them" and "this" as the object of a verb of stance are what the sentence before spoke of, if that is one
   thing alone (`objects.py`, `antecedents.py`).
5. "They", "he" and "she" in a quotation are somebody else than its speaker (`spoken.py`).
6. A verb of stance without its object is about what was spoken of last (`elided.py`).

What the sentence names is not resolved, but that "their own government", and "the government" behind "In Gaborone,",
stand for a state before its name does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from stancelab.article.pairs import kinds, words
from stancelab.article.pairs.antecedents import Antecedents
from stancelab.article.pairs.described import PLAIN, Description, descriptions
from stancelab.article.pairs.elided import elided_objects
from stancelab.article.pairs.heard import Resolved
from stancelab.article.pairs.homes import Homes, own_government
from stancelab.article.pairs.nouns import QUANTITIES, SHELLS, TIMES
from stancelab.article.pairs.objects import person_objects, pronoun_targets
from stancelab.article.pairs.office_words import role_of
from stancelab.article.pairs.openings import opening_place
from stancelab.article.pairs.past import past_of
from stancelab.article.pairs.seen import Seen
from stancelab.article.pairs.spoken import Others
from stancelab.article.pairs.view import is_body, is_office
from stancelab.article.types import Mention

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from stancelab.article.codebook.entries import Entry
    from stancelab.article.pairs.heard import Heard
    from stancelab.article.pairs.memory import Memory
    from stancelab.article.pairs.nouns import Noun
    from stancelab.article.pairs.view import View
    from stancelab.schema import Span

_ARTICLES: Final = frozenset(["a", "an", "the"])


class TargetReader:
    """Resolves the targets of the sentences of one article, in their order."""

    def __init__(self, memory: Memory, entries: Mapping[str, Entry]) -> None:
        """Take the memory of sources, which knows the offices, and the codebook's entries, none if not known."""
        self._memory = memory
        self._entries = entries
        self._seen = Seen(memory.reach, entries)
        self._antecedents = Antecedents(self._seen)
        self._others = Others(memory, self._seen)
        self._homes = Homes(entries, memory.is_state)

    def count(self, mentions: Iterable[Mention]) -> None:
        """Take all mentions of the article, which tell what it is about where no headline does."""
        self._antecedents.count(one.entry for one in mentions if not one.source)

    def headline(self, view: View) -> Resolved:
        """Read a headline or cell: what was named before it is forgotten, and nothing in it is resolved."""
        self._seen.reset()
        for mention in sorted(view.mentions + view.people, key=lambda one: one.span):
            self._see(view, mention)
        self._antecedents.headline(view)
        return Resolved()

    def read(self, view: View, heard: Sequence[Heard]) -> Resolved:
        """Return the targets of a sentence that it does not name.

        Args:
            view: The sentence.
            heard: Its sources, in their order.
        """
        self._homes.learn(view)
        own = self._own_governments(view, heard)
        found, others = self._of_descriptions(view, own)
        for target in pronoun_targets(view) if self._seen.reach else ():
            span = view.span(target.index, target.index + 1)
            entries = self._antecedents.of_pronoun(view, target, heard, others, found)
            found[target.index] = [self._mention(entry, span) for entry in entries]
        for index, entries in self._others.of(view, heard) if self._seen.reach else ():
            found.setdefault(index, [self._mention(entry, view.span(index, index + 1)) for entry in entries])
        for index, entry in self._persons(view, heard):
            found[index] = [self._mention(entry, view.span(index, index + 1))]
        elided = self._elided(view, heard, found)
        past = past_of(view, self._seen, found, others, heard)
        self._seen.past.append(past)
        self._antecedents.note(view, past)
        known = {one.entry for one in (*view.mentions, *view.people) if one.target}
        first: dict[str, Mention] = {}
        for mention in (each for index in sorted(found) for each in found[index]):
            if mention.entry not in known and self._is_target(mention.entry):
                first.setdefault(mention.entry, mention)
        return Resolved(tuple(first.values()), tuple(own.values()), elided)

    def _elided(
        self, view: View, heard: Sequence[Heard], found: dict[int, list[Mention]]
    ) -> tuple[tuple[str, Mention], ...]:
        """Return the verbs of stance without their object, each with its subject; none behind a thing that is named."""
        spoken = [*view.mentions, *(one for own in found.values() for one in own)]
        first = min(
            (one.span.start for one in spoken if self._seen.is_thing(one.entry)), default=view.sentence.span.end
        )
        entry = self._antecedents.of_elided(view.sentence.number) if self._seen.reach else ""
        if any(one.entry == entry for one in spoken):
            return ()
        pairs = []
        for one in elided_objects(view, heard) if entry else ():
            mention = self._mention(entry, view.span(one.start, one.end))
            if mention.span.start > first or not self._is_target(entry):
                continue
            pairs += [(source, mention) for source in one.sources if source != entry]
        return tuple(pairs)

    def _of_descriptions(
        self, view: View, own: dict[int, Mention]
    ) -> tuple[dict[int, list[Mention]], list[Description]]:
        """Return what the descriptions of a sentence stand for, by their first token, and those that stand for nothing.

        Args:
            view: The sentence.
            own: The words for states that count before their names, to which "the government" of a place is added.
        """
        number = view.sentence.number
        found: dict[int, list[Mention]] = {}
        others: list[Description] = []
        named = sorted(view.mentions + view.people, key=lambda one: one.span)
        for one in descriptions(view):
            while named and named[0].span.start < view.tokens[one.start].start:
                self._see(view, named.pop(0))
            if called := self._called(view, one):
                self._seen.describe(called, one.noun)
                continue
            entry = self._described(view, one) if one.start not in own and self._seen.reach else ""
            if entry and self._is_place_alone(view, entry):
                own[one.start] = self._mention(entry, view.span(one.start, one.end))
            elif entry:
                found[one.start] = [self._mention(entry, view.span(one.start, one.end))]
                self._seen.name(entry, "", number, source=False)
            elif entry := self._antecedents.of_lead(view, one):
                found[one.start] = [self._mention(entry, view.span(one.start, one.end))]
                self._seen.name(entry, "", number, source=False)
                self._seen.describe(entry, one.noun)
            elif several := self._several(view, one):
                found[one.start] = [self._mention(entry, view.span(one.start, one.end)) for entry in several]
            elif entry := self._appositive(view, one):
                self._seen.describe(entry, one.noun)
            elif one.start not in own and view.lower(one.start - 1) != "such":
                if view.lower(one.start) != "its" and one.noun.word not in TIMES | QUANTITIES:
                    others.append(one)
                self._seen.note_other(one.noun)
        for mention in named:
            self._see(view, mention)
        return found, others

    def _persons(self, view: View, heard: Sequence[Heard]) -> Iterator[tuple[int, str]]:
        """Yield the places of "him" and "her" as the object of a verb of stance, with whom they stand for."""
        for index in person_objects(view) if self._seen.reach else ():
            start = view.tokens[index].start
            acting = {one.entry for one in heard if one.span is not None and one.span.end <= start}
            adjacent = any(one.span is not None and one.span.end == view.tokens[index - 1].start - 1 for one in heard)
            spoken = {one.entry for one in (*view.mentions, *view.people) if one.span.end <= start}
            if not adjacent or spoken - acting:
                continue
            word = "he" if view.lower(index) == "him" else "she"
            actor = self._memory.pronoun(word, view.sentence.number, [])
            if actor is not None and actor.person and len(actor.entries) == 1 and not acting & set(actor.entries):
                yield index, actor.entries[0]

    def _is_place_alone(self, view: View, entry: str) -> bool:
        """Tell whether a sentence names an entry as its place alone ("In Gaborone, MPs reproached the government")."""
        named = [one for one in (*view.mentions, *view.people) if one.entry == entry]
        return len(named) == 1 and opening_place(view) == entry and self._is_target(entry)

    def _is_target(self, entry: str) -> bool:
        known = self._entries.get(entry)
        return known is None or known.target

    def _mention(self, entry: str, span: Span) -> Mention:
        return Mention(entry=entry, span=span, source=False, target=True)

    def _see(self, view: View, mention: Mention) -> None:
        low = view.sentence.span.start
        person = mention in view.people
        text = "" if person else view.sentence.text[mention.span.start - low : mention.span.end - low]
        self._seen.name(mention.entry, text, view.sentence.number, source=mention.source)

    def _several(self, view: View, one: Description) -> tuple[str, ...]:
        """Return the two entries that "both governments" stands for, none for other words."""
        both = view.lower(one.start) == "both" or (one.definite and one.modifiers[:1] == ("two",))
        if not (both and one.noun.plural and is_body(one.noun.word) and self._seen.reach):
            return ()
        return self._memory.office(one.noun.word, view.sentence.number, definite=True, several=True)

    def _appositive(self, view: View, one: Description) -> str:
        """Return the entry that a noun phrase describes: "Castor Line, a tanker company", "The link is a cable"."""
        before = view.lower(one.start - 1)
        if view.lower(one.start) not in _ARTICLES or is_office(one.noun.word) or before not in (",", "is", "was"):
            return ""
        mention = view.mention(one.start - 2)
        return "" if mention is None else mention.entry

    def _called(self, view: View, one: Description) -> str:
        """Return the entry that a noun phrase introduces: "That provision, known as the pursuit rule"."""
        place = one.end + (view.lower(one.end) == ",")
        if one.start == 0 and one.noun.word in SHELLS and view.lower(one.start) in ("a", "an") and place > one.end:
            # "A cheaper idea, a scanning programme,".
            mention = view.mention(place + (view.lower(place) in _ARTICLES))
            return "" if mention is None else mention.entry
        if view.lower(place) not in ("known", "called", "named", "dubbed"):
            return ""
        place += 1
        while view.lower(place) in ("as", "the"):
            place += 1
        mention = view.mention(place)
        return "" if mention is None else mention.entry

    def _own_governments(self, view: View, heard: Sequence[Heard]) -> dict[int, Mention]:
        """Return the words for the state of a body that is heard, by their first token."""
        found = {}
        for index, token in enumerate(view.tokens):
            end = own_government(view, index)
            if end is None:
                continue
            before = [
                one
                for one in heard
                if (one.how == "quote" if token.spoken else one.span is not None and one.span.end <= token.start)
            ]
            homes = {home for one in before if (home := self._homes.of(one.entry)) and self._is_target(home)}
            if len(homes) == 1:
                found[index] = self._mention(homes.pop(), view.span(index, end))
        return found

    def _described(self, view: View, one: Description) -> str:
        """Return the entry that a description stands for, "" where none does."""
        if not one.definite or one.restricted:
            return ""
        number, body = view.sentence.number, is_body(one.noun.word)
        if is_office(one.noun.word) and not one.noun.plural:
            holder = self._memory.holder(role_of(view, one.start + 1, one.end))
            return holder if view.lower(one.start) == "the" else ""
        place = opening_place(view) if body and one.noun.word not in kinds.NOUNS else None
        if place is not None:
            # "In Tokyo, the ministry" is that of the place.
            return place
        if (
            one.noun.word == "government"
            and view.lower(one.start) == "this"
            and not self._memory.registered("government")
        ):
            return self._memory.home
        if body and not one.noun.plural and (scene := self._memory.of_scene(role_of(view, one.start + 1, one.end))):
            return scene
        found = self._seen.described(one, number, PLAIN) or self._antecedents.of_noun(view, one, PLAIN)
        capital = any(view.tokens[place].has_capital for place in range(one.start + 1, one.end - 1))
        if found or not body or capital or set(one.modifiers) - PLAIN - words.MODIFIERS:
            return found
        role = role_of(view, one.start + 1, one.end)
        entries = () if one.noun.plural else self._memory.registered(role) or self._at_home(view, one)
        if len(entries) == 1 and entries[0][:1].isupper():
            return entries[0]
        return "" if entries or one.noun.plural else self._of_kind(one.noun, number)

    def _at_home(self, view: View, one: Description) -> tuple[str, ...]:
        """Return the dateline's state for "the government", where no other state was spoken of of late."""
        near = self._seen.named(view.sentence.number, reach=self._seen.reach)
        home = self._memory.home
        others = [entry for entry in near if entry != home and self._memory.is_state(entry)]
        others = [entry for entry in others if not self._seen.is_thing(entry)]
        return (home,) if home and one.noun.word == "government" and not others else ()

    def _of_kind(self, noun: Noun, sentence: int) -> str:
        """Return the one entry that a common noun fits: "the alliance", "the bloc"."""
        named = [one for one in self._seen.named(sentence) if not self._seen.is_plural(one)]
        if noun.word in kinds.NOUNS:
            groups = self._memory.groups
            fitting = [one for one in named if kinds.fits(noun.word, one, groups.get(one, ""))]
            if len(fitting) > 1:
                near = self._seen.named(sentence, reach=self._seen.reach)
                fitting = [one for one in fitting if one in near]
            return fitting[0] if len(fitting) == 1 and not self._seen.is_superseded(fitting[0], noun) else ""
        return ""
