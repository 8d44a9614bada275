"""The sentences that carry each pair, as the page lists them without its script."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from stancelab.article.page.view import document_title, pair_title
from stancelab.article.page.wording import contradiction, how_known, spoke, summary, why_left_out
from stancelab.pages.highlight import mark

if TYPE_CHECKING:
    from stancelab.article.page.view import MapView
    from stancelab.article.results import Evidence, ReadDocument
    from stancelab.pages.highlight import Piece
    from stancelab.schema import Span

#: Sentences that are listed without the script: of a pair, and in all. The script lists every sentence.
MOST_OF_PAIR: Final = 20
MOST_IN_ALL: Final = 400


@dataclass(frozen=True)
class Listed:
    """One sentence of a pair.

    Attributes:
        evidence: What it says.
        pieces: Its text, with source and target marked.
        how: How the source is known, in words.
        spoke: The words that spoke for the answer.
        left_out: Why it does not count, "" where it does.
        document: The title of its document, "" where there is one document alone.
        date: The document's date.
        outlet: The document's outlet.
    """

    evidence: Evidence
    pieces: list[Piece]
    how: str
    spoke: str
    left_out: str
    document: str
    date: str
    outlet: str


@dataclass(frozen=True)
class PairList:
    """The sentences of one pair.

    Attributes:
        number: The pair's place on the page.
        title: The pair.
        summary: What the sentences come to.
        counts: Their numbers by stance.
        sentences: The first of them.
        left_out: How many more there are.
    """

    number: int
    title: str
    summary: str
    counts: str
    sentences: list[Listed]
    left_out: int


def pair_lists(view: MapView) -> list[PairList]:
    """Return the sentences of the most active pairs, as many as are listed without the script."""
    lists = []
    room = MOST_IN_ALL
    for number, pair in enumerate(view.pairs):
        own = view.evidence.get((pair.source, pair.target), [])
        shown = own[: min(MOST_OF_PAIR, room)]
        if not shown:
            continue
        room -= len(shown)
        lists.append(
            PairList(
                number=number,
                title=pair_title(pair.source, pair.target),
                summary=summary(pair),
                counts=contradiction(pair),
                sentences=[_listed(view, each) for each in shown],
                left_out=len(own) - len(shown),
            )
        )
    return lists


def _listed(view: MapView, evidence: Evidence) -> Listed:
    document = view.documents[evidence.document]
    return Listed(
        evidence=evidence,
        pieces=_pieces(evidence, document),
        how=how_known(evidence, document),
        spoke=spoke(evidence, document),
        left_out=why_left_out(evidence, view.reading.provenance.threshold),
        document=document_title(document) if len(view.documents) > 1 else "",
        date=document.date,
        outlet=document.outlet,
    )


def _pieces(evidence: Evidence, document: ReadDocument) -> list[Piece]:
    start, end = document.sentences[evidence.sentence].span

    def inside(span: Span | None) -> tuple[int, int] | None:
        return None if span is None else (span.start - start, span.end - start)

    return mark(document.text[start:end], inside(evidence.target_span), inside(evidence.source_span))
