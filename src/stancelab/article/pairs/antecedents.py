"""What a pronoun or a general noun stands for: the one thing that the sentences before spoke of.

"It" and "them" as the object of a verb of stance may be a thing or an actor. In other places, and as "the decision" or
"the provision", they are things alone: a treaty, a policy, an event.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from stancelab.article.pairs import words
from stancelab.article.pairs.competing import is_decided_on, is_other, is_own_subject, is_persons
from stancelab.article.pairs.nouns import ALIKE, OF_ARTICLE, SHELLS, TREATIES
from stancelab.article.pairs.openings import opening_place

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from stancelab.article.pairs.described import Description
    from stancelab.article.pairs.heard import Heard
    from stancelab.article.pairs.nouns import Noun
    from stancelab.article.pairs.objects import PronounTarget
    from stancelab.article.pairs.seen import Past, Seen
    from stancelab.article.pairs.view import View
    from stancelab.article.types import Mention

#: What is behind or before a general noun tells which one is meant, or that it is a new one ("made the decision").
_OWN_BEHIND: Final = frozenset(["to", "behind"])
_OWN_BEFORE: Final = words.word_set("make makes made making take takes took taking")
#: An article is about what it names this often, and this many times as often as any other thing.
_OFTEN: Final = 3
_TIMES_AS_OFTEN: Final = 1.25
#: What follows "a proposal" where it is told what it is.
_BRINGS_IN: Final = frozenset(["to", "that", "for", "which", "by"])
#: With "this" before them, they are somebody's words on what was spoken of ("shared this assessment").
_VIEWS: Final = words.word_set("assessment view opinion position concern criticism praise stance judgement judgment")


class Antecedents:
    """Finds what words of a sentence stand for among what its section has spoken of."""

    def __init__(self, seen: Seen) -> None:
        self._seen = seen
        self._main = ""
        self._frequent = ""
        self._lead: set[str] = set()
        self._told: set[Noun] = set()
        self._paragraphs: dict[int, int] = {}

    def count(self, entries: Iterable[str]) -> None:
        """Take the things that the whole article names; the one named far more often than others is its topic."""
        counts = Counter(entries).most_common(2)
        second = counts[1][1] if len(counts) > 1 else 0
        if counts and counts[0][1] >= max(_OFTEN, _TIMES_AS_OFTEN * second):
            self._frequent = counts[0][0]

    def headline(self, view: View) -> None:
        """Take the one thing that a headline names as what the article is about."""
        things = {one.entry for one in view.mentions if self._seen.is_thing(one.entry)}
        self._main = things.pop() if len(things) == 1 else self._main

    def note(self, view: View, past: Past) -> None:
        """Take the one thing that the first paragraph speaks of, where no headline names one."""
        self._paragraphs[past.number] = view.sentence.paragraph
        if view.sentence.paragraph != next(iter(self._paragraphs.values())):
            self._told.update(past.others)
            return
        self._lead |= {one for one in past.entries if self._seen.is_thing(one)}

    def of_noun(self, view: View, one: Description, plain: frozenset[str]) -> str:
        """Return the thing that "the decision" stands for; "" where that is not clear.

        It is what the paragraph has spoken of just before, else what the article is about. Where the section has named
        something by the noun or by one of its kind ("the agreement" beside an accord), or something else by the noun
        ("a decision"), the noun is not general.
        """
        noun, seen, sentence = one.noun, self._seen, view.sentence.number
        whole = noun.word in OF_ARTICLE
        general = whole or noun.word in SHELLS or (noun.word in _VIEWS and view.lower(one.start) == "this")
        own = view.lower(one.end) in _OWN_BEHIND or view.lower(one.start - 1) in _OWN_BEFORE
        if not general or own or noun.plural or set(one.modifiers) - plain:
            return ""
        if noun in self._told:
            return ""
        main = self._about()
        called = [entry for entry in seen.named(sentence) if seen.is_called(entry, {noun, *ALIKE.get(noun, ())})]
        if called and not (whole and called == [main] and not seen.is_superseded(main, noun)):
            return ""
        near = [past for past in seen.latest(sentence) if self._paragraphs.get(past.number) == view.sentence.paragraph]
        things = {entry for past in near for entry in past.entries if seen.is_thing(entry)}
        if things and not (whole and things == {main}):
            entry = "" if whole else self._topic(sentence, plural=None)
            return "" if entry and seen.is_superseded(entry, noun) else entry
        return main

    def of_lead(self, view: View, one: Description) -> str:
        """Return the headline's one thing for "a proposal to", by which the first sentence brings it in again."""
        first = next(iter(self._paragraphs), view.sentence.number)
        brings = view.lower(one.start) in ("a", "an") and view.lower(one.end) in _BRINGS_IN
        new = view.sentence.number == first and self._main not in self._lead
        return self._main if brings and new and one.noun.word in SHELLS and not one.noun.plural else ""

    def _about(self) -> str:
        """Return what the article is about: the headline's one thing, else that of the first paragraph, else of all."""
        return self._main or (next(iter(self._lead)) if len(self._lead) == 1 else "") or self._frequent

    def of_pronoun(
        self,
        view: View,
        target: PronounTarget,
        heard: Sequence[Heard],
        others: Sequence[Description],
        found: Mapping[int, Sequence[Mention]],
    ) -> tuple[str, ...]:
        """Return the entries that a pronoun stands for; none where that is not clear.

        Args:
            view: Its sentence.
            target: The pronoun.
            heard: The sources of the sentence.
            others: Its noun phrases that stand for no entry.
            found: What other words of it stand for, by their first token.
        """
        start = view.tokens[target.index].start
        if any(one.span is not None and one.span.start == start for one in heard):
            return ()
        if view.tokens[target.index].spoken and view.lower(target.index - 2) in ("they", "he", "she"):
            # "They came, and they stopped it": the stance is not the speaker's.
            return ()
        if target.plural is None:
            return self._of_this(view)
        acting = {one.entry for one in heard if one.span is None or one.span.end <= start}
        place = opening_place(view)
        spoken = [one.entry for one in (*view.mentions, *view.people) if one.span.end <= start]
        spoken += [one.entry for index, own in found.items() if index < target.index for one in own]
        if any(is_other(view, one, target, heard) and self._competes(view, one, target, heard) for one in others):
            return ()
        if target.loose:
            return self._loose(view, target, heard, spoken)
        if any(entry not in acting and entry != place for entry in spoken):
            return ()
        if target.treaty and not target.plural and (treaty := self._treaty(view.sentence.number)):
            return (treaty,)
        for past in self._seen.latest(view.sentence.number):
            if past.entries:
                return self._in(past, target, acting) or self._thing(view, target)
            if past.others:
                break
        return self._thing(view, target)

    def of_elided(self, sentence: int) -> str:
        """Return the one thing that a verb without an object is about: what the sentences before spoke of."""
        for past in self._seen.latest(sentence):
            if any(self._seen.is_thing(one) for one in past.entries):
                return self._topic(sentence, plural=None)
            if past.fresh or any(map(is_decided_on, past.others)):
                return ""
        return ""

    def _competes(self, view: View, one: Description, target: PronounTarget, heard: Sequence[Heard]) -> bool:
        """Tell whether a noun phrase may be what a pronoun stands for, by its noun.

        Of verbs of stance, things that are decided on are the object: "cut a ribbon and called it" has one noun that
        nobody calls anything.
        """
        if target.loose or target.plural is None:
            return True
        # "The new plan": a noun that is a verb too ends the phrase before it.
        decided = is_decided_on(one.noun) or view.lower(one.end) in words.BASES
        return decided and not is_own_subject(view, one, target, heard)

    def _of_this(self, view: View) -> tuple[str, ...]:
        """Return the one thing that the sentence before spoke of, or else the last ones of the same paragraph."""
        number = view.sentence.number
        for past in self._seen.latest(number):
            if past.number < number - 1 and self._paragraphs.get(past.number) != view.sentence.paragraph:
                return ()
            if any(self._seen.is_thing(one) for one in past.entries):
                entry = self._topic(number, plural=None)
                return (entry,) if entry else ()
        return ()

    def _thing(self, view: View, target: PronounTarget) -> tuple[str, ...]:
        loose = bool(target.loose)
        entry = "" if target.actor else self._topic(view.sentence.number, plural=target.plural, loose=loose)
        return (entry,) if entry else ()

    def _loose(
        self, view: View, target: PronounTarget, heard: Sequence[Heard], spoken: Sequence[str]
    ) -> tuple[str, ...]:
        """Return the thing that "it" stands for where it is no object of a verb of stance."""
        start = view.tokens[target.index].start
        if any(self._seen.is_thing(entry) for entry in spoken):
            return ()
        before = [one for one in heard if one.span is not None and one.span.end <= start]
        quoted = view.tokens[target.index].spoken
        if target.loose == "subject" and not quoted and not all(is_persons(view, one) for one in before):
            # "Norway said it would": "it" may be Norway.
            return ()
        found = self._thing(view, target)
        if target.loose == "opening":
            last = next((past for past in self._seen.latest(view.sentence.number) if past.entries), None)
            sure = last is not None and (set(last.entries) == set(found) or last.subject == found)
            return found if sure else ()
        return found

    def _topic(self, sentence: int, *, plural: bool | None, loose: bool = True) -> str:
        """Return the one thing that the last sentence with a thing spoke of; "" where it spoke of several.

        Args:
            sentence: The sentence that speaks of it again.
            plural: Whether it is a plural, None where that is not known.
            loose: Whether any other noun since then may be meant; else those that are decided on, and new ones, alone.
        """
        seen = self._seen
        for past in seen.latest(sentence):
            things = [one for one in past.entries if seen.is_thing(one)]
            if things:
                topic = [one for one in things if one in past.subject]
                chosen = topic if len(topic) == 1 else things
                other = past.other_subject is not None and past.other_subject.plural == plural
                fits = plural is None or seen.is_plural(chosen[0]) == plural
                return chosen[0] if len(chosen) == 1 and fits and not other and chosen[0] not in past.inner else ""
            others = past.others if loose else (*past.fresh, *filter(is_decided_on, past.others))
            if any(noun.plural == plural for noun in others):
                return ""
        return ""

    def _treaty(self, sentence: int) -> str:
        """Return the one treaty or law of the last sentence that has one; "" where that has others too."""
        for past in self._seen.latest(sentence):
            found = [one for one in past.entries if self._seen.is_called(one, TREATIES)]
            other = any(noun in TREATIES for noun in past.others)
            if found or other:
                return found[0] if len(found) == 1 and not other and found[0] not in past.inner else ""
        return ""

    def _in(self, past: Past, target: PronounTarget, acting: set[str]) -> tuple[str, ...]:
        """Return the entries of a sentence before that the object of a verb of stance stands for."""
        seen = self._seen
        other = past.other_subject is not None and past.other_subject.plural == target.plural
        things = [one for one in past.entries if seen.is_thing(one) and seen.is_plural(one) == target.plural]
        if not target.actor and things:
            topic = [one for one in things if one in past.subject]
            chosen = topic if len(topic) == 1 else things
            return tuple(chosen) if len(chosen) == 1 and not other and chosen[0] not in past.inner else ()
        if other:
            return ()
        actors = [one for one in past.entries if not seen.is_thing(one)]
        if target.plural:
            several = len(past.subject) > 1 and set(past.subject) == set(actors) and not acting & set(actors)
            return past.subject if several else ()
        actors = [one for one in actors if one not in acting]
        return tuple(actors) if len(actors) == 1 and target.actor else ()
