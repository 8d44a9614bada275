"""Whom the phrases of one sentence stand for: its entries, pronouns, and offices that are tied to nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from stancelab.article.pairs import words
from stancelab.article.pairs.actors import Actor
from stancelab.article.pairs.kinds import is_body_name, is_common
from stancelab.article.pairs.office_words import first_of_office, role_of
from stancelab.article.pairs.offices import body_in, is_named_person
from stancelab.article.pairs.openings import opening_place, sentence_subject
from stancelab.article.pairs.places import is_seated, opening_city
from stancelab.article.pairs.view import is_body, singular

if TYPE_CHECKING:
    from stancelab.article.pairs.memory import Memory
    from stancelab.article.pairs.people import People
    from stancelab.article.pairs.persons import Introduction
    from stancelab.article.pairs.phrases import Phrase
    from stancelab.article.pairs.view import View
    from stancelab.article.types import Mention

#: The author and the reader are no actors.
SPEAKERS: Final = words.FIRST_PERSON | {"you"}
_INDEFINITE: Final = frozenset(["a", "an", "another"])
_DEFINITE: Final = frozenset(["the", "this", "that", "these", "those", "both"])
#: What stands before the subject of a clause.
_BEFORE_SUBJECT: Final = frozenset(["with", ",", "and", "but", "while", ";"])
_SEVERAL: Final = frozenset(["both", "two", "three"])


class Referents:
    """Whom the phrases of one sentence stand for, with what the sentences before have left.

    Attributes:
        view: The sentence, with the persons who are known by now.
        known: Whom the phrases that were resolved stand for, by their first tokens.
    """

    def __init__(
        self, view: View, memory: Memory, people: People, *, ahead: bool = False, speaking: frozenset[str] = frozenset()
    ) -> None:
        """Take a sentence.

        Args:
            view: The sentence.
            memory: What the sentences before have left.
            people: The persons who are known.
            ahead: Whether it is only looked at, for who speaks in a quotation that it ends.
            speaking: Who says it as a turn of an interview.
        """
        self._ahead = ahead
        self._speaking = speaking
        self.view = view
        self._memory = memory
        self._people = people
        self._number = view.sentence.number
        self.known: dict[int, Actor] = {}

    def resolve(self, phrase: Phrase, *, reports: bool) -> Actor:
        """Return whom a phrase stands for, and keep it for the pronouns behind it.

        Args:
            phrase: The phrase.
            reports: Whether it is the subject of a verb of speech or attitude.
        """
        self.known[phrase.start] = self._actor(phrase, reports=reports)
        return self.known[phrase.start]

    def owners(self, introduction: Introduction) -> tuple[str, ...]:
        """Return the entries whose office an introduced person may have, where none is named with it."""
        if any(self.view.is_person(index) for index in range(introduction.start, introduction.end)):
            return ()
        if introduction.tie is not None:
            return self._tied(introduction.tie)
        if introduction.known:
            return self._memory.office(introduction.office, self._number, definite=True, several=False)
        place = opening_place(self.view)
        if place is not None:
            return (place,) if place else ()
        comma = self.view.lower(introduction.start - 1) == ","
        first = first_of_office(self.view, introduction.start - 1 - comma)
        body = body_in(self.view, first, introduction.start)
        if body is not None:
            return self._memory.office(self.view.lower(body), self._number, definite=True, several=False)
        if self.view.lower(first - 1) in _BEFORE_SUBJECT:
            # "The Swedish government rejected it, with Foreign Minister Elin Strand saying".
            subject = self._subject_before(introduction.start)
            if subject and len(subject[0].entries) == 1:
                return subject[0].entries
        definite = self.view.lower(first - 1) not in _INDEFINITE
        role = role_of(self.view, first, introduction.start) or introduction.office
        return self._memory.office(role, self._number, definite=definite, several=False)

    def pronoun(self, word: str, place: int, *, speaks: bool = False) -> Actor:
        """Return whom a pronoun stands for; an actor without entries where that cannot be told.

        Args:
            word: The pronoun as a subject: "he", "she", "it" or "they".
            place: Its token.
            speaks: Whether it is the subject of a verb of speech or attitude.
        """
        before = [actor for start, actor in sorted(self.known.items()) if start < place]
        before += [] if before else self._subject_before(place)
        if speaks and self.view.lower(place - 1) == ",":
            # "The premier, he said, had": the subject of what is said is not who says it.
            before = [
                actor for start, actor in sorted(self.known.items()) if start < place and not self._ends(start, place)
            ]
        start = self.view.tokens[place].start
        people = [self.person(one) for one in self.view.people if one.source and one.span.end <= start]
        actor = self._memory.pronoun(word, self._number, [*before, *people[::-1]], speaks=speaks, but=self._speaking)
        person = word in ("he", "she")
        if actor is not None:
            return actor
        return Actor((), None, gender=word) if person else Actor((), False, word == "they")

    def person(self, person: Mention) -> Actor:
        """Return a person who is named in the sentence as an actor."""
        tokens = [one.text for one in self.view.tokens if person.span.start <= one.start < person.span.end]
        name = " ".join(text for text in tokens if text != ".")
        return Actor((person.entry,), True, gender=self._people.gender(name))

    def _actor(self, phrase: Phrase, *, reports: bool) -> Actor:
        gender = words.GENDERS.get(phrase.noun, "")
        if phrase.kind == "entry":
            if is_named_person(self.view, phrase.start, phrase.end):
                self._memory.people.update(phrase.entries)
            known = self._memory.people.issuperset(phrase.entries) or self._has_surname(phrase)
            person = phrase.person or (True if known else None)
            return Actor(phrase.entries, person, phrase.plural, gender or self._gender(phrase))
        if phrase.kind == "pronoun":
            return self.pronoun(phrase.noun, phrase.start, speaks=reports)
        if phrase.kind == "other" and phrase.noun == "both":
            return Actor(self._memory.office("both", self._number, definite=True, several=True), plural=True)
        if phrase.kind == "other":
            if phrase.name and not self._ahead and is_body_name(self._texts(phrase)):
                self._memory.see_other(self._number, self._texts(phrase))
            # "Ratification would be a mistake, she said": what only acts, and is no person by its noun, is no "she".
            acts_only = not reports and (not phrase.person or (phrase.name and phrase.end == 1))
            acts_only = (acts_only and not self._may_be_person(phrase)) or phrase.noun in SPEAKERS
            return Actor((), False if acts_only else phrase.person, phrase.plural, gender, silent=not reports)
        entries = self._office(phrase)
        others = self.view.lower(phrase.end) in ("of", "for")
        if not entries and others and self._is_definite(phrase) and not self._ahead:
            # "The union of port workers": "the union" is theirs from now on.
            self._memory.register(role_of(self.view, phrase.start, phrase.end) or phrase.noun, ())
        return Actor(entries, phrase.person, phrase.plural or len(entries) > 1, gender)

    def _may_be_person(self, phrase: Phrase) -> bool:
        """Tell whether a phrase is a name of two words, which a person may have whom the codebook does not know."""
        whole = self.view.name_end(phrase.start) == phrase.end and phrase.end - phrase.start > 1
        return phrase.name and whole and not is_body_name(self._texts(phrase))

    def _has_surname(self, phrase: Phrase) -> bool:
        mentions = (self.view.mention(index) for index in range(phrase.start, phrase.end))
        return any(one is not None and self._people.is_surname(self.view, one) for one in mentions)

    def _texts(self, phrase: Phrase) -> list[str]:
        return [token.text for token in self.view.tokens[phrase.start : phrase.end]]

    def _gender(self, phrase: Phrase) -> str:
        span = self.view.span(phrase.start, phrase.end)
        inside = (one for one in self.view.people if span.start <= one.span.start < span.end)
        return next((self.person(one).gender for one in inside), "")

    def _office(self, phrase: Phrase) -> tuple[str, ...]:
        if phrase.tie is not None:
            return self._of_subject(phrase) or self._tied(phrase.tie)
        if self.view.lower(phrase.start) == "one" and not phrase.plural:
            return ()
        role = role_of(self.view, phrase.start, phrase.end) or phrase.noun
        body = body_in(self.view, phrase.start, phrase.end)
        if body is not None:
            return self._memory.office(self.view.lower(body), self._number, definite=True, several=False)
        if self._is_loose(phrase):
            if not self._ahead:
                # "The report" is nobody's from now on either.
                self._memory.register(role, ())
            return ()
        place = opening_place(self.view, phrase.noun)
        if place is not None and not is_common(phrase.noun) and (place or not phrase.plural):
            # "In Tokyo, the government said"; where the codebook has no such place, the office is nobody's.
            if opening_city(self.view, noun=phrase.noun) and not is_seated(
                self.view, phrase.start, phrase.end, phrase.noun
            ):
                return ()
            return (place,) if place else ()
        first = self.view.lower(phrase.start)
        several = phrase.plural and (first in _SEVERAL or self.view.lower(phrase.start + 1) in _SEVERAL)
        if phrase.plural and not several and first not in ("the", "one"):
            # "Lawmakers said": those whom the article has tied to an entry, if any.
            return self._memory.registered(role)
        if phrase.plural and first == "the" and not several:
            leaders = self._memory.leaders(singular(phrase.noun), self._number)
            if leaders:
                return leaders
        return self._memory.office(role, self._number, definite=self._is_definite(phrase), several=several)

    def _is_loose(self, phrase: Phrase) -> bool:
        """Tell whether a phrase is a document that nobody has been said to issue: "a report", "two reports"."""
        loose = singular(phrase.noun) in words.LOOSE_DOCUMENTS and self.view.lower(phrase.start) not in _DEFINITE
        # "A ministry report".
        return loose and not any(is_body(self.view.lower(index)) for index in range(phrase.start, phrase.end))

    def _is_definite(self, phrase: Phrase) -> bool:
        return self.view.lower(phrase.start) not in _INDEFINITE

    def _tied(self, place: int) -> tuple[str, ...]:
        """Return the entries of the pronoun or office that an office is tied to."""
        word = self.view.lower(place)
        if word in words.POSSESSIVES:
            entries = self.pronoun(words.POSSESSIVES[word], place).entries
            return entries if entries or word != "its" else self._owner_of_its(place)
        return self._memory.office(word, self._number, definite=True, several=False)

    def _of_subject(self, phrase: Phrase) -> tuple[str, ...]:
        """Return the state of "its parliament" where an office of a state is the subject ("Norway's president").

        Nobody where another entry that may be a source stands between, which "its" may mean.
        """
        place = phrase.tie
        if place is None or self.view.lower(place) != "its" or not self._memory.is_of_states(phrase.noun):
            return ()
        subject = self._subject_before(place)
        if len(subject) != 1 or not subject[0].person or not all(map(self._memory.is_state, subject[0].entries)):
            return ()
        named = (mention for index in range(place) if (mention := self.view.mention(index)) is not None)
        between = {mention.entry for mention in named if mention.source}
        return subject[0].entries if between == set(subject[0].entries) else ()

    def _owner_of_its(self, place: int) -> tuple[str, ...]:
        """Return the entry that the sentence names last before a token ('"Brazil will sign," its minister said').

        Else the one that heads the paragraph of a digest, else the one body that the sentence before names.
        """
        named = [mention for index in range(place) if (mention := self.view.mention(index)) is not None]
        if named:
            return (named[-1].entry,) if named[-1].source else ()
        return self._memory.headed(self.view.sentence.paragraph) or self._memory.last_body(self._number)

    def _ends(self, start: int, place: int) -> bool:
        """Tell whether the phrase that begins the sentence at a token ends before the comma before another."""
        phrase = sentence_subject(self.view)
        return phrase is not None and phrase.start == start and phrase.end == place - 1

    def _subject_before(self, place: int) -> list[Actor]:
        """Return the subject of the sentence where it stands before a token ("Iran will stay, its president").

        It is named, or an office of the place that the sentence opens with ("In Oslo, the ministry said its minister").
        """
        subject = sentence_subject(self.view)
        if subject is None or subject.start >= place:
            return []
        if subject.kind == "office" and opening_place(self.view) is not None and subject.tie is None:
            return [Actor(self._office(subject), subject.person, subject.plural)]
        if subject.kind != "entry":
            return []
        return [Actor(subject.entries, subject.person, subject.plural)]
