"""Reads one sentence: who acts and reports in it, by which words, with what the sentences before have left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from stancelab.article.pairs import words
from stancelab.article.pairs.acting import is_act
from stancelab.article.pairs.heard import Heard
from stancelab.article.pairs.kinds import is_body_name, is_common
from stancelab.article.pairs.memory import Actor
from stancelab.article.pairs.offices import (
    body_in,
    end_of_body,
    entry_offices,
    heading_of,
    is_clause_subject,
    is_named_person,
    named_source,
)
from stancelab.article.pairs.persons import first_of_office, introductions, role_of
from stancelab.article.pairs.reports import opening_place, reports_of, sentence_subject
from stancelab.article.pairs.view import View, singular

if TYPE_CHECKING:
    from stancelab.article.pairs.memory import Memory
    from stancelab.article.pairs.people import People
    from stancelab.article.pairs.persons import Introduction
    from stancelab.article.pairs.phrases import Phrase
    from stancelab.article.pairs.quotes import Quotation
    from stancelab.article.types import Mention
    from stancelab.schema import Span

_INDEFINITE: Final = frozenset(["a", "an", "another"])
#: What stands before the subject of a clause.
_BEFORE_SUBJECT: Final = frozenset(["with", ",", "and", "but", "while", ";"])
#: The author and the reader are no actors.
_SPEAKERS: Final = words.FIRST_PERSON | {"you"}
_SEVERAL: Final = frozenset(["both", "two", "three"])
#: Tokens between a quotation and the verb that says who speaks in it.
_FARTHEST_VERB: Final = 30


class SentenceReader:
    """One sentence.

    Attributes:
        view: The sentence, with the persons that it introduces.
        heard: The sources in it, once it was read.
        actors: Who reports in it, then who it begins with, once it was read.
        reports: Whether anybody reports in it, once it was read.
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
        self.memory = memory
        self.people = people
        self.heard: list[Heard] = []
        self.actors: list[Actor] = []
        self.reports = False
        self._number = view.sentence.number
        self._subjects: list[Phrase] = []
        self._verbs: list[tuple[int, Actor]] = []
        self._loose: list[Actor] = []
        self._known: dict[int, Actor] = {}

    def named(self) -> list[Heard]:
        """Return the sources that are named in the sentence, by the codebook's words or as persons."""
        covered = [self.view.span(one.start, one.end) for one in self._subjects if one.kind == "entry"]
        found = []
        for mention in (*self.view.mentions, *self.view.people):
            person = mention in self.view.people
            span = mention.span if person else named_source(self.view, mention, self.memory.is_state)
            if mention.source and span is not None:
                acts = any(low <= span.start < high for low, high in covered) or is_clause_subject(self.view, span)
                found.append(Heard(self._number, mention.entry, span, "named", acts, person))
        return sorted(found, key=lambda one: one.span or mention.span)

    def read(self) -> None:
        """Find the actors and sources of the sentence."""
        if not self._ahead:
            self.memory.head(heading_of(self.view), self.view.sentence.paragraph)
            self.memory.see(self._number, [one.entry for one in self.view.mentions if one.source])
        self._introduce()
        reports = reports_of(self.view)
        self.reports = bool(reports)
        self._subjects = [report.subject for report in reports]
        subject = sentence_subject(self.view)
        reporting = {report.subject.start for report in reports}
        phrases = {report.subject.start: report.subject for report in reports}
        if subject is not None and subject.start not in phrases:
            phrases[subject.start] = subject
        self.heard += self.named()
        if not self._ahead:
            self.memory.see(self._number, [one.entry for one in self.heard if one.person])
        for start in sorted(phrases):
            self._known[start] = self._resolve(phrases[start], reports=start in reporting)
        self._hear_loose_pronouns(phrases)
        for report in reports:
            self._verbs.append((report.verb, self._known[report.subject.start]))
        for start in [*(report.subject.start for report in reports), *sorted(phrases)]:
            phrase = phrases[start]
            if phrase.noun in _SPEAKERS:
                continue
            silent = start not in reporting and phrase.kind == "pronoun" and phrase.noun in ("it", "they")
            if not silent and self._known[start] not in self.actors:
                self.actors.append(self._known[start])
        listed = [one for one in self.view.mentions if self.people.is_surname(self.view, one)]
        others = [*self._loose, *(self._person(one) for one in (*self.view.people, *listed))]
        known = {entry for actor in self.actors if actor.person for entry in actor.entries}
        self.actors += [actor for actor in dict.fromkeys(others) if not known.intersection(actor.entries)]
        for noun, entry in (
            [] if self._ahead else entry_offices(self.view, self.memory.is_state, self.memory.people.__contains__)
        ):
            self.memory.register(noun, (entry,))

    def speaker(self, quotation: Quotation) -> Actor | None:
        """Return who the sentence says to speak in a quotation of it; an actor without entries is somebody else."""
        tokens = self.view.tokens
        inside = [
            index
            for index, token in enumerate(tokens)
            if any(low <= token.start < high for low, high in quotation.spans)
        ]
        if not inside:
            return None
        first, last = inside[0], inside[-1]
        near = [
            (min(abs(verb - first), abs(verb - last)), order, actor)
            for order, (verb, actor) in enumerate(self._verbs)
            if min(abs(verb - first), abs(verb - last)) <= _FARTHEST_VERB
        ]
        return min(near)[2] if near else None

    def _introduce(self) -> None:
        """Add the persons who are tied to an entry by a pronoun, or by an office that was named before."""
        added = False
        for introduction in introductions(self.view, self.memory.is_state):
            entries = (introduction.owner,) if introduction.owner else self._owner(introduction)
            if len(entries) == 1:
                self.people.add(self.view, introduction, entries[0])
                first = first_of_office(
                    self.view, introduction.start - 1 - (self.view.lower(introduction.start - 1) == ",")
                )
                role = role_of(self.view, first, introduction.start)
                if role and not self._ahead:
                    self.memory.hold(role, entries[0])
                added = True
        if added:
            plain = View(self.view.sentence, self.view.mentions, self.view.quotations)
            self.view = View(self.view.sentence, self.view.mentions, self.view.quotations, self.people.mentions(plain))

    def _owner(self, introduction: Introduction) -> tuple[str, ...]:
        if any(self.view.is_person(index) for index in range(introduction.start, introduction.end)):
            return ()
        if introduction.tie is not None:
            return self._tied(introduction.tie)
        if introduction.known:
            return self.memory.office(introduction.office, self._number, definite=True, several=False)
        place = opening_place(self.view)
        if place is not None:
            return (place,) if place else ()
        comma = self.view.lower(introduction.start - 1) == ","
        first = first_of_office(self.view, introduction.start - 1 - comma)
        body = body_in(self.view, first, introduction.start)
        if body is not None:
            return self.memory.office(self.view.lower(body), self._number, definite=True, several=False)
        if self.view.lower(first - 1) in _BEFORE_SUBJECT:
            # "The Swedish government rejected it, with Foreign Minister Elin Strand saying".
            subject = self._subject_before(introduction.start)
            if subject and len(subject[0].entries) == 1:
                return subject[0].entries
        definite = self.view.lower(first - 1) not in _INDEFINITE
        role = role_of(self.view, first, introduction.start) or introduction.office
        return self.memory.office(role, self._number, definite=definite, several=False)

    def _resolve(self, phrase: Phrase, *, reports: bool) -> Actor:
        """Return whom a phrase stands for, and hear it where it is carried."""
        gender = words.GENDERS.get(phrase.noun, "")
        if phrase.kind == "entry":
            if is_named_person(self.view, phrase.start, phrase.end):
                self.memory.people.update(phrase.entries)
            known = self.memory.people.issuperset(phrase.entries) or self._has_surname(phrase)
            person = phrase.person or (True if known else None)
            return Actor(phrase.entries, person, phrase.plural, gender or self._gender(phrase))
        if phrase.kind == "pronoun":
            actor = self._pronoun(phrase.noun, phrase.start, speaks=reports)
            acts = is_act(self.view, phrase.start) and (phrase.noun != "they" or len(actor.entries) > 1)
            if reports or phrase.noun in ("he", "she") or acts:
                self._hear(actor, self.view.span(phrase.start, phrase.end))
            return actor
        if phrase.kind == "other" and phrase.noun == "both":
            actor = Actor(self.memory.office("both", self._number, definite=True, several=True), plural=True)
            self._hear(actor, self.view.span(phrase.start, phrase.end))
            return actor
        if phrase.kind == "other":
            if phrase.name and not self._ahead and is_body_name(self._texts(phrase)):
                self.memory.see_other(self._number, self._texts(phrase))
            # "Ratification would be a mistake, she said": what only acts, and is no person by its noun, is no "she".
            acts_only = not reports and (not phrase.person or (phrase.name and phrase.end == 1))
            acts_only = acts_only or phrase.noun in _SPEAKERS
            return Actor((), False if acts_only else phrase.person, phrase.plural, gender, silent=not reports)
        entries = self._office(phrase)
        others = self.view.lower(phrase.end) in ("of", "for")
        if not entries and others and self._is_definite(phrase) and not self._ahead:
            # "The union of port workers": "the union" is theirs from now on.
            self.memory.register(role_of(self.view, phrase.start, phrase.end) or phrase.noun, ())
        actor = Actor(entries, phrase.person, phrase.plural or len(entries) > 1, gender)
        self._hear(actor, self.view.span(phrase.start, phrase.end))
        return actor

    def _has_surname(self, phrase: Phrase) -> bool:
        mentions = (self.view.mention(index) for index in range(phrase.start, phrase.end))
        return any(one is not None and self.people.is_surname(self.view, one) for one in mentions)

    def _texts(self, phrase: Phrase) -> list[str]:
        return [token.text for token in self.view.tokens[phrase.start : phrase.end]]

    def _gender(self, phrase: Phrase) -> str:
        span = self.view.span(phrase.start, phrase.end)
        inside = (one for one in self.view.people if span.start <= one.span.start < span.end)
        return next((self._person(one).gender for one in inside), "")

    def _person(self, person: Mention) -> Actor:
        """Return a person who is named in the sentence as an actor."""
        tokens = [one.text for one in self.view.tokens if person.span.start <= one.start < person.span.end]
        return Actor((person.entry,), True, gender=self.people.gender(" ".join(text for text in tokens if text != ".")))

    def _office(self, phrase: Phrase) -> tuple[str, ...]:
        if phrase.tie is not None:
            return self._tied(phrase.tie)
        if self.view.lower(phrase.start) == "one" and not phrase.plural:
            return ()
        role = role_of(self.view, phrase.start, phrase.end) or phrase.noun
        body = body_in(self.view, phrase.start, phrase.end)
        if body is not None:
            return self.memory.office(self.view.lower(body), self._number, definite=True, several=False)
        place = opening_place(self.view)
        if place is not None and not is_common(phrase.noun) and (place or not phrase.plural):
            # "In Tokyo, the government said"; where the codebook has no such place, the office is nobody's.
            return (place,) if place else ()
        first = self.view.lower(phrase.start)
        several = phrase.plural and (first in _SEVERAL or self.view.lower(phrase.start + 1) in _SEVERAL)
        if phrase.plural and not several and first not in ("the", "one"):
            # "Lawmakers said": those whom the article has tied to an entry, if any.
            return self.memory.registered(role)
        if phrase.plural and first == "the" and not several:
            leaders = self.memory.leaders(singular(phrase.noun), self._number)
            if leaders:
                return leaders
        return self.memory.office(role, self._number, definite=self._is_definite(phrase), several=several)

    def _is_definite(self, phrase: Phrase) -> bool:
        return self.view.lower(phrase.start) not in _INDEFINITE

    def _tied(self, place: int) -> tuple[str, ...]:
        """Return the entries of the pronoun or office that an office is tied to."""
        word = self.view.lower(place)
        if word in words.POSSESSIVES:
            entries = self._pronoun(words.POSSESSIVES[word], place).entries
            return entries if entries or word != "its" else self._owner_of_its(place)
        return self.memory.office(word, self._number, definite=True, several=False)

    def _owner_of_its(self, place: int) -> tuple[str, ...]:
        """Return the entry that the sentence names last before a token ('"Brazil will sign," its minister said').

        Else the one that heads the paragraph of a digest, else the one body that the sentence before names.
        """
        named = [mention for index in range(place) if (mention := self.view.mention(index)) is not None]
        if named:
            return (named[-1].entry,) if named[-1].source else ()
        return self.memory.headed(self.view.sentence.paragraph) or self.memory.last_body(self._number)

    def _pronoun(self, word: str, place: int, *, speaks: bool = False) -> Actor:
        before = [actor for start, actor in sorted(self._known.items()) if start < place]
        before += [] if before else self._subject_before(place)
        if speaks and self.view.lower(place - 1) == ",":
            # "The premier, he said, had": the subject of what is said is not who says it.
            before = [
                actor for start, actor in sorted(self._known.items()) if start < place and not self._ends(start, place)
            ]
        start = self.view.tokens[place].start
        people = [self._person(one) for one in self.view.people if one.source and one.span.end <= start]
        actor = self.memory.pronoun(word, self._number, [*before, *people[::-1]], speaks=speaks, but=self._speaking)
        person = word in ("he", "she")
        if actor is not None:
            return actor
        return Actor((), None, gender=word) if person else Actor((), False, word == "they")

    def _ends(self, start: int, place: int) -> bool:
        """Tell whether the phrase that begins the sentence at a token ends before the comma before another."""
        phrase = sentence_subject(self.view)
        return phrase is not None and phrase.start == start and phrase.end == place - 1

    def _subject_before(self, place: int) -> list[Actor]:
        """Return the named subject of the sentence where it stands before a token ("Iran will stay, its president")."""
        subject = sentence_subject(self.view)
        if subject is None or subject.start >= place or subject.kind != "entry":
            return []
        return [Actor(subject.entries, subject.person, subject.plural)]

    def _hear_loose_pronouns(self, phrases: dict[int, Phrase]) -> None:
        """Hear "he" and "she" that no verb of reporting follows, and "her government"."""
        covered = {index for phrase in phrases.values() for index in range(phrase.start, phrase.end)}
        for index, token in enumerate(self.view.tokens):
            if token.quoted or index in covered:
                continue
            if token.lower in ("he", "she"):
                actor = self._pronoun(token.lower, index)
                self._hear(actor, self.view.span(index, index + 1))
                self._loose.append(actor)
            elif token.lower in words.POSSESSIVES:
                end = end_of_body(self.view, index)
                if end:
                    actor = self._pronoun(words.POSSESSIVES[token.lower], index)
                    self._hear(actor, self.view.span(index, end))

    def _hear(self, actor: Actor, span: Span) -> None:
        for entry in actor.entries:
            self.heard.append(Heard(self._number, entry, span, "carried", acts=True))
