"""Reads one sentence: who acts and reports in it, and by which words.

Whom its pronouns and offices stand for is told beside (`referents.py`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from stancelab.article.pairs import words
from stancelab.article.pairs.acting import is_act
from stancelab.article.pairs.actors import Actor
from stancelab.article.pairs.heard import Heard
from stancelab.article.pairs.office_words import first_of_office, role_of
from stancelab.article.pairs.offices import (
    end_of_body,
    entry_offices,
    heading_of,
    is_clause_subject,
    named_person,
    named_source,
)
from stancelab.article.pairs.openings import label_before, sentence_subject
from stancelab.article.pairs.persons import introductions
from stancelab.article.pairs.places import scene_of
from stancelab.article.pairs.referents import SPEAKERS, Referents
from stancelab.article.pairs.reports import reports_of

if TYPE_CHECKING:
    from stancelab.article.pairs.memory import Memory
    from stancelab.article.pairs.people import People
    from stancelab.article.pairs.phrases import Phrase
    from stancelab.article.pairs.quotes import Quotation
    from stancelab.article.pairs.view import View
    from stancelab.schema import Span

#: Tokens between a quotation and the verb that says who speaks in it.
_FARTHEST_VERB: Final = 30


class SentenceReader:
    """One sentence.

    Attributes:
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
        self._referents = Referents(view, memory, people, ahead=ahead, speaking=speaking)
        self.memory = memory
        self.people = people
        self.heard: list[Heard] = []
        self.actors: list[Actor] = []
        self.reports = False
        self._number = view.sentence.number
        self._subjects: list[Phrase] = []
        self._verbs: list[tuple[int, Actor]] = []
        self._loose: list[Actor] = []

    @property
    def view(self) -> View:
        """The sentence, with the persons that it introduces once it was read."""
        return self._referents.view

    def named(self) -> list[Heard]:
        """Return the sources that are named in the sentence, by the codebook's words or as persons."""
        covered = [self.view.span(one.start, one.end) for one in self._subjects if one.kind == "entry"]
        found = []
        for mention in (*self.view.mentions, *self.view.people):
            person = mention in self.view.people
            own = None if person else named_source(self.view, mention, self.memory.is_state)
            span = named_person(self.view, mention) if person else own
            if mention.source and span is not None:
                acts = any(low <= span.start < high for low, high in covered) or is_clause_subject(self.view, span)
                found.append(Heard(self._number, mention.entry, span, "named", acts, person))
        return sorted(found, key=lambda one: one.span or mention.span)

    def read(self) -> None:
        """Find the actors and sources of the sentence."""
        scene = ""
        if not self._ahead:
            scene = scene_of(self.view)
            self.memory.go_to(scene, self.view.sentence.paragraph)
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
            self._hear_phrase(phrases[start], reports=start in reporting)
        known = self._referents.known
        self._hear_loose_pronouns(phrases)
        for report in reports:
            self._verbs.append((report.verb, known[report.subject.start]))
        for start in [*(report.subject.start for report in reports), *sorted(phrases)]:
            phrase = phrases[start]
            if phrase.noun in SPEAKERS:
                continue
            silent = start not in reporting and phrase.kind == "pronoun" and phrase.noun in ("it", "they")
            if not silent and known[start] not in self.actors:
                self.actors.append(known[start])
        listed = [one for one in self.view.mentions if self.people.is_surname(self.view, one)]
        others = [*self._loose, *(self._referents.person(one) for one in (*self.view.people, *listed))]
        acting = {entry for actor in self.actors if actor.person for entry in actor.entries}
        self.actors += [actor for actor in dict.fromkeys(others) if not acting.intersection(actor.entries)]
        if scene and not any(actor.entries for actor in self.actors):
            # "In Rabat, the tone was just as firm.": "the spokesman" behind it is of that state.
            self.actors.append(Actor((scene,), False))
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
        label = label_before(self.view, first)
        if label is not None:
            return self._referents.resolve(label, reports=True) if label.kind != "other" else Actor((), True)
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
            entries = (introduction.owner,) if introduction.owner else self._referents.owners(introduction)
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
            self._referents.view = self.view.with_people(self.people.mentions(self.view.with_people(())))

    def _hear_phrase(self, phrase: Phrase, *, reports: bool) -> None:
        """Find whom a phrase stands for, and hear it where it is carried; the words of an entry are named."""
        actor = self._referents.resolve(phrase, reports=reports)
        carried = phrase.kind != "entry" or phrase.seated
        if phrase.kind == "pronoun":
            acts = is_act(self.view, phrase.start) and (phrase.noun != "they" or len(actor.entries) > 1)
            carried = reports or phrase.noun in ("he", "she") or acts
        if carried:
            self._hear(actor, self.view.span(phrase.start, phrase.end))

    def _hear_loose_pronouns(self, phrases: dict[int, Phrase]) -> None:
        """Hear "he" and "she" that no verb of reporting follows, and "her government"."""
        covered = {index for phrase in phrases.values() for index in range(phrase.start, phrase.end)}
        for index, token in enumerate(self.view.tokens):
            if token.quoted or index in covered:
                continue
            if token.lower in ("he", "she"):
                actor = self._referents.pronoun(token.lower, index)
                self._hear(actor, self.view.span(index, index + 1))
                self._loose.append(actor)
            elif token.lower in words.POSSESSIVES:
                end = end_of_body(self.view, index)
                if end:
                    actor = self._referents.pronoun(words.POSSESSIVES[token.lower], index)
                    self._hear(actor, self.view.span(index, end))

    def _hear(self, actor: Actor, span: Span) -> None:
        for entry in actor.entries:
            self.heard.append(Heard(self._number, entry, span, "carried", acts=True))
