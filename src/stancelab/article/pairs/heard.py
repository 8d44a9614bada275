"""What reading an article gives: the sources of each sentence, the persons, and the targets without a name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stancelab.article.types import Mention, SourceKind
    from stancelab.schema import Span


@dataclass(frozen=True, slots=True)
class Heard:
    """A source in a sentence.

    Attributes:
        sentence: The number of the sentence.
        entry: The entry.
        span: The words that stand for it, in the document's text; None where none do.
        how: How it is known.
        acts: Whether the words are the subject of a clause, as far as that can be told.
        person: Whether the words are the name of a person.
    """

    sentence: int
    entry: str
    span: Span | None
    how: SourceKind
    acts: bool = False
    person: bool = False


@dataclass(frozen=True, slots=True)
class Resolved:
    """The targets of a sentence that it does not name.

    Attributes:
        targets: Words that stand for an entry, as its mentions.
        instead: Of these, the ones that stand for their entry before its name in the sentence does.
        elided: Verbs of stance without their object ("Denmark signed as well"), as mentions of what that is, each with
            the entry that is their subject.
    """

    targets: tuple[Mention, ...] = ()
    instead: tuple[Mention, ...] = ()
    elided: tuple[tuple[str, Mention], ...] = ()

    def without(self, heard: Sequence[Heard]) -> list[Heard]:
        """Return sources but for those by the words of `instead`: "their government" is the state, not its critics."""
        states: dict[Span | None, str] = {one.span: one.entry for one in self.instead}
        return [one for one in heard if one.how != "carried" or states.get(one.span, one.entry) == one.entry]


@dataclass(frozen=True, slots=True)
class Echo:
    """A clause that says of somebody what was said of somebody else.

    Attributes:
        sentence: Its sentence.
        start: Where it begins in the document's text.
        sources: The entries that are its subject.
        of: The sentence in which the stance is told.
        model: The entry whose stance that is.
    """

    sentence: int
    start: int
    sources: tuple[str, ...]
    of: int
    model: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What is heard in an article.

    Attributes:
        heard: The sources, by sentence; an entry can be there more than once, by several words of a sentence.
        people: The names of persons who stand for an entry, as its mentions, for each sentence in order.
        reported: The numbers of sentences in which somebody's words are reported or quoted.
        targets: What the sentences speak of without naming it, for each in order.
        echoes: The clauses that say of somebody what was said of another one ("so did France").
    """

    heard: list[Heard]
    people: list[list[Mention]]
    reported: frozenset[int]
    targets: list[Resolved]
    echoes: Sequence[Echo] = ()
