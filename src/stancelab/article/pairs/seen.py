"""What an article has named so far in a section: what "the statute" and "it" may stand for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from stancelab.article.pairs.nouns import ALIKE, THINGS, Noun, head_of, words_of
from stancelab.article.pairs.view import is_body

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from stancelab.article.codebook.entries import Entry
    from stancelab.article.pairs.described import Description


@dataclass(frozen=True, slots=True)
class Past:
    """What a sentence spoke of.

    Attributes:
        number: The sentence.
        entries: What it named, or spoke of by other words, in order.
        subject: Those that it begins with.
        inner: Those that stand in a phrase of something else ("the amendment to the charter").
        places: Those that it names as a place alone ("in Oslo").
        others: Its noun phrases that stand for no entry.
        fresh: Those of them that it brings in as the object of a verb ("wrote a report").
        other_subject: The noun of its subject, where that stands for no entry.
    """

    number: int
    entries: tuple[str, ...]
    subject: tuple[str, ...]
    inner: frozenset[str]
    places: frozenset[str]
    others: tuple[Noun, ...]
    fresh: tuple[Noun, ...]
    other_subject: Noun | None


class Seen:
    """The entries that a section has named, and the nouns by which it may speak of them again.

    Attributes:
        reach: Sentences for which general words ("the measure") and pronouns are resolved; 0 resolves nothing.
    """

    def __init__(self, reach: int, entries: Mapping[str, Entry]) -> None:
        self.reach = reach
        self._entries = entries
        self._heads: dict[str, set[Noun]] = {}
        self._words: dict[str, set[str]] = {}
        self._actors: set[str] = set()
        self._clock = 0
        self._last: dict[str, tuple[int, int]] = {}
        self._others: dict[Noun, int] = {}
        self.past: list[Past] = []

    def reset(self) -> None:
        """Forget what was named, as at a headline."""
        self._last.clear()
        self._others.clear()
        self.past.clear()

    def name(self, entry: str, words: str, sentence: int, *, source: bool) -> None:
        """Remember that a sentence names an entry, and by which words."""
        self._clock += 1
        self._last[entry] = self._clock, sentence
        known = self._entries.get(entry)
        if source or (known is not None and known.source):
            self._actors.add(entry)
        self._learn(entry)
        head = head_of(words)
        if head is not None:
            self._heads[entry].add(head)

    def describe(self, entry: str, noun: Noun) -> None:
        """Remember a noun that the article gives an entry ("Castor Line, a tanker company")."""
        self._learn(entry)
        self._heads[entry].add(noun)

    def _learn(self, entry: str) -> None:
        """Collect the nouns and words of an entry's names, once."""
        if entry in self._heads:
            return
        known = self._entries.get(entry)
        names = (entry, *known.aliases) if known is not None else (entry,)
        heads = {head for one in names if (head := head_of(one))}
        group = head_of(known.group) if known is not None else None
        self._heads[entry] = heads | ({Noun(group.word, plural=False)} if group is not None else set())
        self._words[entry] = set(words_of(names))

    def note_other(self, noun: Noun) -> None:
        """Remember that something else was spoken of by a noun."""
        self._clock += 1
        self._others[noun] = self._clock

    def is_called(self, entry: str, nouns: Collection[Noun]) -> bool:
        """Tell whether an entry is called by one of some nouns."""
        return not self._heads[entry].isdisjoint(nouns)

    def is_thing(self, entry: str) -> bool:
        """Tell whether an entry is no actor: a treaty, a policy, an event."""
        head = head_of(entry)
        named_so = head is not None and head in THINGS and (entry[:1].islower() or not is_body(head.word))
        return entry not in self._actors or named_so

    def is_plural(self, entry: str) -> bool:
        """Tell whether the name of an entry is a plural."""
        head = head_of(entry)
        return head is not None and head.plural and entry[:1].islower()

    def named(self, sentence: int, *, reach: int | None = None) -> list[str]:
        """Return the entries of the section, or of its last sentences."""
        return [entry for entry, (_, number) in self._last.items() if reach is None or 0 <= sentence - number <= reach]

    def described(self, description: Description, sentence: int, plain: frozenset[str]) -> str:
        """Return the entry that a definite description stands for; "" where none or several fit.

        The noun of a name goes before words for its kind, which stand for what the last sentences named alone.
        """
        noun = description.noun
        exact = [one for one in self.named(sentence) if noun in self._heads[one]]
        exact = [one for one in exact if self._fits(one, description, plain)]
        if len(exact) > 1:
            near = set(self.named(sentence, reach=self.reach))
            exact = [one for one in exact if one in near]
        found = exact
        if not found:
            near = set(self.named(sentence, reach=self.reach))
            alike = ALIKE.get(noun, frozenset())
            found = [one for one in near if self._heads[one] & alike and self._fits(one, description, plain)]
        return found[0] if len(found) == 1 and not self.is_superseded(found[0], noun) else ""

    def is_superseded(self, entry: str, noun: Noun) -> bool:
        """Tell whether something else was spoken of by a noun since an entry was."""
        return self._others.get(noun, 0) > self._last[entry][0]

    def _fits(self, entry: str, description: Description, plain: frozenset[str]) -> bool:
        return all(word in plain or word in self._words[entry] for word in description.modifiers)

    def latest(self, sentence: int) -> Iterable[Past]:
        """Return the sentences before, the last one first, as far as they are remembered."""
        for past in reversed(self.past):
            if sentence - past.number > self.reach:
                return
            yield past
