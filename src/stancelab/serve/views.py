"""What the pages show of a reading: its sentences as they are filtered, its pairs beside those of another one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from stancelab.article.page.wording import WORDS, how_known, person, why_left_out
from stancelab.article.results import NONE
from stancelab.pages.highlight import mark
from stancelab.schema import STANCES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stancelab.article.results import CorpusPair, Evidence, Reading
    from stancelab.pages.highlight import Piece
    from stancelab.schema import Span

#: Sentences that are listed at once; the filters and the table have the others.
MOST_LISTED: Final = 200
#: What a filter has where it leaves everything.
ALL: Final = ""
#: What stands for the author in a filter, whose name in a reading is empty.
AUTHOR: Final = "-"


@dataclass(frozen=True)
class Filters:
    """Which sentences are listed.

    Attributes:
        source: The source, `AUTHOR` for the author, `ALL` for every one.
        target: The target.
        stance: The stance.
    """

    source: str = ALL
    target: str = ALL
    stance: str = ALL

    def leave(self, evidence: Evidence) -> bool:
        """Tell whether a sentence is listed."""
        return (
            self.source in (ALL, evidence.source or AUTHOR)
            and self.target in (ALL, evidence.target)
            and self.stance in (ALL, evidence.stance)
        )


@dataclass(frozen=True)
class Listed:
    """A sentence with one source and one target.

    Attributes:
        place: The place of the answer in the reading.
        evidence: The answer.
        pieces: The sentence with source and target marked.
        how: How the source is known, in words.
        left_out: Why it does not count, "" where it does.
    """

    place: int
    evidence: Evidence
    pieces: list[Piece]
    how: str
    left_out: str


@dataclass(frozen=True)
class SentenceList:
    """The sentences that filters leave.

    Attributes:
        sentences: The first of them, in the order of the text.
        more: How many more there are.
        total: How many there are without filters.
    """

    sentences: list[Listed]
    more: int
    total: int


def sentence_list(reading: Reading, filters: Filters) -> SentenceList:
    """Return the sentences that filters leave."""
    found = [(place, each) for place, each in enumerate(reading.evidence) if filters.leave(each)]
    shown = [listed(reading, place, each) for place, each in found[:MOST_LISTED]]
    return SentenceList(shown, len(found) - len(shown), len(reading.evidence))


def listed(reading: Reading, place: int, evidence: Evidence) -> Listed:
    """Return a sentence as it is listed."""
    document = next(each for each in reading.documents if each.id == evidence.document)
    start, end = document.sentences[evidence.sentence].span

    def inside(span: Span | None) -> tuple[int, int] | None:
        return None if span is None else (span.start - start, span.end - start)

    return Listed(
        place=place,
        evidence=evidence,
        pieces=mark(document.text[start:end], inside(evidence.target_span), inside(evidence.source_span)),
        how=how_known(evidence, document),
        left_out=why_left_out(evidence, reading.provenance.threshold),
    )


def choices_of(reading: Reading) -> dict[str, list[tuple[str, str]]]:
    """Return what each filter offers, as (value, words)."""
    sources = sorted(sorted({each.source for each in reading.evidence}), key=str.casefold)
    targets = sorted(sorted({each.target for each in reading.evidence}), key=str.casefold)
    return {
        "source": [(name or AUTHOR, person(name)) for name in sources],
        "target": [(name, person(name)) for name in targets],
        "stance": [(name, WORDS[name]) for name in STANCES],
    }


@dataclass(frozen=True)
class ComparedPair:
    """A source and a target in two articles.

    Attributes:
        source: The source.
        target: The target.
        stances: The pair in each article, None where it has none.
    """

    source: str
    target: str
    stances: tuple[CorpusPair | None, CorpusPair | None]

    @property
    def differs(self) -> bool:
        """Whether both articles have the pair, with other stances."""
        first, second = self.stances
        return first is not None and second is not None and first.stance != second.stance

    @property
    def is_in_both(self) -> bool:
        """Whether both articles have the pair."""
        return None not in self.stances

    @property
    def has_stance(self) -> bool:
        """Whether an article has the pair with a stance: for, against, or both."""
        return any(each is not None and each.stance != NONE for each in self.stances)


def compared(readings: Sequence[Reading]) -> list[ComparedPair]:
    """Return the pairs of two readings: those whose stances differ, then those that both have, then the others."""
    first, second = ({(each.source, each.target): each for each in reading.corpus} for reading in readings)
    pairs = [
        ComparedPair(source, target, (first.get((source, target)), second.get((source, target))))
        for source, target in dict.fromkeys([*first, *second])
    ]
    return sorted(pairs, key=lambda pair: (not pair.differs, not pair.is_in_both, pair.source, pair.target))
