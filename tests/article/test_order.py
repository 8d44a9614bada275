"""The first and the last stance of a pair, in a document and over documents by date."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from stancelab import ReadSettings, read_text
from stancelab.article.aggregate import StanceSettings
from stancelab.article.codebook import parse_codebook
from stancelab.article.page.wording import contradiction, order
from stancelab.article.results import DocumentPair, Evidence, ReadDocument
from stancelab.article.totals import corpus_pairs
from stancelab.schema import Span

if TYPE_CHECKING:
    from collections.abc import Callable

    from stancelab.article.results import Side
    from stancelab.schema import System

CODEBOOK = parse_codebook("{Norland: {group: states}, the treaty: {source: false, aliases: [Treaty]}}")


@pytest.mark.parametrize(
    ("text", "first", "last", "words"),
    [
        (
            "Norland condemned the treaty. Norland praised the treaty.",
            "against",
            "favor",
            "against first, in favor last",
        ),
        (
            "Norland praised the treaty. Norland condemned the treaty.",
            "favor",
            "against",
            "in favor first, against last",
        ),
        (
            "Norland praised the treaty. Norland condemned the treaty. Norland praised the treaty.",
            "favor",
            "favor",
            "in favor first and last",
        ),
        ("Norland saw the treaty. Norland praised the treaty. Norland has the treaty.", "favor", "favor", ""),
        ("Norland saw the treaty.", None, None, ""),
        # A headline tells what the article ends with.
        (
            "Norland Praises Treaty\n\nNorland condemned the treaty. Then Norland praised the treaty.",
            "against",
            "favor",
            "against first, in favor last",
        ),
        ("Norland Praises Treaty\n\nNorland saw the treaty.", "favor", "favor", ""),
    ],
)
def test_in_a_document(verb_system: Callable[..., System], text: str, first: str, last: str, words: str) -> None:
    reading = read_text(text, CODEBOOK, verb_system())
    (pair,) = reading.pairs
    assert (pair.first_stance, pair.last_stance) == (first, last)
    assert (reading.corpus[0].first_stance, reading.corpus[0].last_stance) == (first, last)
    assert order(pair) == (f"; {words}" if words else "")
    assert contradiction(pair).endswith(words)


def test_what_does_not_count_is_left_out(verb_system: Callable[..., System]) -> None:
    text = "Norland condemned the treaty. Norland praised the treaty."
    (pair,) = read_text(text, CODEBOOK, verb_system(), ReadSettings(min_confidence=0.95)).pairs
    assert (pair.first_stance, pair.last_stance, pair.sentences) == (None, None, 0)


def corpus_of(*days: tuple[str, Side | None]) -> tuple[str | None, str | None]:
    """Return the first and last stance over documents of some dates, each with one stance."""
    documents = [ReadDocument(id=str(number), text="", date=date) for number, (date, _) in enumerate(days)]
    pairs = [
        DocumentPair(
            document=str(number), source="Norland", target="the treaty", stance="none", sentences=1, favor=0,
            against=0, neutral=1, score=0.0, low=0.0, high=0.0, confidence=0.6, first_stance=stance, last_stance=stance,
        )
        for number, (_, stance) in enumerate(days)
    ]  # fmt: skip
    evidence = [
        Evidence(
            document=each.id, sentence=0, source="Norland", target="the treaty", target_span=Span(0, 1), p_against=0.2,
            p_neutral=0.6, p_favor=0.2, score=0.0, confidence=0.6,
        )
        for each in documents
    ]  # fmt: skip
    (found,) = corpus_pairs(documents, pairs, evidence, StanceSettings(resamples=10))
    return found.first_stance, found.last_stance


def test_over_documents_the_dates_are_the_order() -> None:
    assert corpus_of(("2026-03-01", "favor"), ("2026-01-01", "against")) == ("against", "favor")
    assert corpus_of(("2026-01-01", "favor"), ("2026-03-01", None), ("2026-02", "against")) == ("favor", "against")
    # Without a date there is no order.
    assert corpus_of(("", "favor"), ("2026-01-01", "against")) == (None, None)
    assert corpus_of(("", None), ("2026-01-01", "against")) == ("against", "against")
    assert corpus_of(("", "favor")) == ("favor", "favor")
