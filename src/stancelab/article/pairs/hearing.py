"""Which sources can be heard in each sentence of an article, and by which words.

The rules, in the order in which they are asked of a sentence:

1. A mention of the codebook, or the name of a person who was introduced with an office of an entry (`persons.py`).
2. The subject of a verb of speech or attitude: a pronoun, or an office or body ("the ministry"), resolved to the last
   source that fits (`memory.py`); other subjects are remembered as somebody else, so that "she" after "an analyst
   said" is nobody of the codebook.
3. The speaker of a quotation: who is said to speak in one of its sentences; else who spoke before it.
4. The speaker of a turn of an interview (`interviews.py`), which is read as a quotation.

What a sentence speaks of without naming it is resolved beside (`targets.py`).
A headline forgets all sources, and so do `PairSettings.memory` sentences in which nobody acts.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import islice, takewhile
from typing import TYPE_CHECKING, Final

from stancelab.article.pairs import words
from stancelab.article.pairs.echoes import Echoes
from stancelab.article.pairs.heard import Heard, Reading, Resolved
from stancelab.article.pairs.interviews import spoken_turns
from stancelab.article.pairs.kinds import persons_of
from stancelab.article.pairs.language import is_other_language
from stancelab.article.pairs.memory import Memory
from stancelab.article.pairs.offices import is_past
from stancelab.article.pairs.openings import dateline
from stancelab.article.pairs.people import People
from stancelab.article.pairs.persons import introductions
from stancelab.article.pairs.places import cities_of
from stancelab.article.pairs.quotes import quotations_of, with_turns
from stancelab.article.pairs.reading import SentenceReader
from stancelab.article.pairs.targets import TargetReader
from stancelab.article.pairs.view import View
from stancelab.schema import Span

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from stancelab.article.codebook.entries import Entry
    from stancelab.article.pairs.actors import Actor
    from stancelab.article.pairs.quotes import Quotation
    from stancelab.article.pairs.settings import PairSettings
    from stancelab.article.pairs.view import Cities
    from stancelab.article.types import Document, Mention, Sentence

#: Sentences of which one has the dateline; a page may have the name of its section or an author's before it.
_FIRST: Final = 3


def heard_sources(
    document: Document,
    sentences: Sequence[Sentence],
    mentions: Sequence[Mention],
    settings: PairSettings,
    groups: Mapping[str, str] | None = None,
    entries: Mapping[str, Entry] | None = None,
) -> Reading:
    """Return the sources that can be heard in each sentence of an article, in the order of its text.

    In a document of another language than English, sources are the mentions alone.

    Args:
        document: The article.
        sentences: Its sentences, in order.
        mentions: Where it names entries of the codebook, in order.
        settings: How long sources are carried, and the language.
        groups: The group of each entry, where the codebook has groups; they tell which entries are states.
        entries: The entries of the codebook, whose aliases and wholes tell what targets are called.
    """
    of_sentences = by_sentence(sentences, mentions)
    other = is_other_language(document.text, settings.language)
    if other:
        named = [
            Heard(sentence.number, mention.entry, mention.span, "named")
            for sentence, own in zip(sentences, of_sentences, strict=True)
            for mention in own
            if mention.source
        ]
        return Reading(named, [[] for _ in sentences], frozenset(), [Resolved() for _ in sentences])
    memory = Memory(settings.memory, groups or {})
    memory.people.update(persons_of(entries or {}, document.text, mentions))
    cities = cities_of(entries or {}, memory.is_state, {mention.entry for mention in mentions})
    return _Reader(document, sentences, of_sentences, memory, TargetReader(memory, entries or {}), cities).read()


def by_sentence(sentences: Sequence[Sentence], mentions: Sequence[Mention]) -> list[list[Mention]]:
    """Return the mentions of each sentence; one that two sentences share belongs to none."""
    found: list[list[Mention]] = [[] for _ in sentences]
    index = 0
    for mention in sorted(mentions, key=lambda one: one.span):
        while index < len(sentences) and sentences[index].span.end <= mention.span.start:
            index += 1
        inside = index < len(sentences) and sentences[index].span.start <= mention.span.start
        if inside and mention.span.end <= sentences[index].span.end:
            found[index].append(mention)
    return found


class _Reader:
    """Reads the sentences of one article in order."""

    def __init__(
        self,
        document: Document,
        sentences: Sequence[Sentence],
        mentions: list[list[Mention]],
        memory: Memory,
        targets: TargetReader,
        cities: Cities,
    ) -> None:
        self.sentences = sentences
        self.mentions = mentions
        self.memory = memory
        self.targets = targets
        self.cities = cities
        self.targets.count(mention for own in mentions for mention in own)
        self.quotations = quotations_of(document.text)
        self._ends = [quotation.end for quotation in self.quotations]
        self.people = People({one.entry: one for own in mentions for one in own})
        self.speakers: dict[Quotation, Actor | None] = {}
        #: The turns of an interview, with who is spoken to.
        self.turns: dict[Quotation, Actor] = {}
        self.memory.home = self._home()
        self._introduce_all()
        self._take_turns(document)

    def _home(self) -> str:
        """Return the state of the dateline, "" without one."""
        first = islice((index for index, each in enumerate(self.sentences) if each.kind == "sentence"), _FIRST)
        entry = next(filter(None, (dateline(self._plain(index)) for index in first)), "")
        return entry if entry and self.memory.is_state(entry) else ""

    def _take_turns(self, document: Document) -> None:
        """Read the turns of an interview as quotations with known speakers."""
        speakers = spoken_turns(document, self.sentences, self.view, self.people, self.memory.is_state)
        self.speakers.update({turn: speaker for turn, (speaker, _) in speakers.items()})
        self.turns.update({turn: addressed for turn, (_, addressed) in speakers.items()})
        self.quotations = with_turns(self.quotations, list(speakers))
        self._ends = [quotation.end for quotation in self.quotations]

    def view(self, index: int) -> View:
        """Return a sentence with the persons who are known by now."""
        plain = self._plain(index)
        people = self.people.mentions(plain)
        return View(self.sentences[index], self.mentions[index], plain.quotations, people, self.cities)

    def _plain(self, index: int) -> View:
        span = self.sentences[index].span
        first = bisect_right(self._ends, span.start)
        near = list(takewhile(lambda one: one.start < span.end, islice(self.quotations, first, None)))
        return View(self.sentences[index], self.mentions[index], near, (), self.cities)

    def _introduce_all(self) -> None:
        """Collect the persons whom a sentence itself ties to an entry: they are known from the headline on."""
        for index in range(len(self.sentences)):
            plain = self._plain(index)
            self.people.note_surnames(plain)
            for introduction in introductions(plain, self.memory.is_state):
                if introduction.owner:
                    self.people.add(plain, introduction, introduction.owner)

    def read(self) -> Reading:
        """Return the sources of all sentences."""
        heard: list[Heard] = []
        people: list[list[Mention]] = []
        targets: list[Resolved] = []
        reported: set[int] = set()
        echoes = Echoes()
        for index, sentence in enumerate(self.sentences):
            if sentence.kind in ("headline", "cell"):
                self.memory.reset()
            view = self.view(index)
            turns = [self.speakers[one] for one in view.quotations if one in self.turns]
            speaking = frozenset(entry for actor in turns if actor is not None for entry in actor.entries)
            reader = SentenceReader(view, self.memory, self.people, speaking=speaking)
            if sentence.kind in ("headline", "cell"):
                heard += reader.named()
                if sentence.kind == "headline":
                    self.memory.headline(one.entry for one in reader.view.mentions if one.source)
                people.append(reader.view.people)
                targets.append(self.targets.headline(reader.view))
                if not self.turns.keys().isdisjoint(reader.view.quotations):
                    reported.add(sentence.number)
                continue
            reader.read()
            spoken = self._speakers(index, reader)
            own = [*reader.heard, *self._quoted(index, reader.view, spoken)]
            targets.append(self.targets.read(reader.view, own))
            heard += targets[-1].without(own)
            echoes.read(reader.view, own)
            people.append(reader.view.people)
            if reader.reports or any(one.is_speech for one in reader.view.quotations):
                reported.add(sentence.number)
            speakers = dict.fromkeys(spoken.values())
            actors = [*reader.actors, *(one for one in speakers if one not in reader.actors)]
            self.memory.note(sentence.number, actors)
        return Reading(heard, people, frozenset(reported), targets, echoes.found)

    def _speakers(self, index: int, reader: SentenceReader) -> dict[Quotation, Actor]:
        """Return who speaks in the quotations of a sentence, as far as that can be told."""
        found = {}
        for quotation in reader.view.quotations:
            if not quotation.is_speech:
                continue
            if quotation not in self.speakers:
                self.speakers[quotation] = self._speaker(index, quotation, reader)
            speaker = self.speakers[quotation]
            if speaker is not None:
                found[quotation] = speaker
        return found

    def _speaker(self, index: int, quotation: Quotation, reader: SentenceReader) -> Actor | None:
        """Return who speaks in a quotation that begins in a sentence, None where that cannot be told."""
        own = reader.speaker(quotation)
        if own is not None:
            return own
        last = index
        while last + 1 < len(self.sentences) and self.sentences[last + 1].span.start < quotation.end:
            last += 1
            ahead = SentenceReader(self.view(last), self.memory, self.people, ahead=True)
            ahead.read()
            own = ahead.speaker(quotation)
            if own is not None:
                return own
        before = self._spoke_before(index, quotation, reader)
        if before is not None or last + 1 >= len(self.sentences):
            return before
        if self.sentences[last + 1].paragraph != self.sentences[last].paragraph:
            return None
        after = SentenceReader(self.view(last + 1), self.memory, self.people, ahead=True)
        after.read()
        return after.actors[0] if after.actors and not after.view.quotations else None

    def _spoke_before(self, index: int, quotation: Quotation, reader: SentenceReader) -> Actor | None:
        """Return the speaker of the quotation before, where it is of this or the last sentence; else the last actor."""
        place = bisect_left(self._ends, quotation.end)
        earlier = next((self.quotations[at] for at in range(place - 1, -1, -1) if self.quotations[at].is_speech), None)
        near = self.sentences[max(index - 1, 0)].span.start
        if earlier is not None and earlier.end > near and self.speakers.get(earlier) is not None:
            return self.speakers[earlier]
        if reader.actors and not reader.view.tokens[0].quoted:
            return reader.actors[0]
        return self.memory.main(self.sentences[index].number)

    def _quoted(self, index: int, view: View, spoken: Mapping[Quotation, Actor]) -> list[Heard]:
        """Return the speakers of a sentence's quotations, by the "we" or "I" that they say there."""
        number = self.sentences[index].number
        found: dict[str, Heard] = {}
        for quotation, speaker in spoken.items():
            span = _first_person(view, quotation)
            for entry in speaker.entries:
                if entry not in found or found[entry].span is None:
                    found[entry] = Heard(number, entry, span, "quote")
        addressed = ((_addressed(view, one), self.turns[one]) for one in view.quotations if one in self.turns)
        asked = [
            Heard(number, each, span, "carried", acts=True) for span, to in addressed if span for each in to.entries
        ]
        return [*found.values(), *asked]


def _addressed(view: View, turn: Quotation) -> Span | None:
    """Return the "you" that a turn says to have done something ("You signed the pact"), no "did you sign"."""
    for index, token in enumerate(view.tokens):
        inside = any(low <= token.start < high for low, high in turn.spans)
        asks = view.lower(index - 1) in words.AUXILIARIES
        if inside and token.lower == "you" and not asks and is_past(view.lower(index + 1)):
            return Span(token.start, token.end)
    return None


def _first_person(view: View, quotation: Quotation) -> Span | None:
    """Return the first "we" or "I" of a quotation: it is the subject, and so can hold a stance; "our" is not."""
    for token in view.tokens:
        if token.lower in words.FIRST_PERSON and any(low <= token.start < high for low, high in quotation.spans):
            # "We" of "we've".
            return Span(token.start, token.start + (2 if token.lower.startswith("we") else 1))
    return None
