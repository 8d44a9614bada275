"""One text → its reading, by a stand-in that answers by the verb of the sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from stancelab import ReadSettings, read_text
from stancelab.article.asked import Asker
from stancelab.article.codebook import Codebook, Matcher, parse_codebook
from stancelab.article.page import map_page
from stancelab.article.provenance import provenance_of
from stancelab.article.read import reading_of
from stancelab.article.results_check import problems_of
from stancelab.article.types import Document
from stancelab.article.windows import Answers
from stancelab.errors import ConfigError, DataError

if TYPE_CHECKING:
    from collections.abc import Callable

    from stancelab.article.results import Reading
    from stancelab.schema import System

CODEBOOK = parse_codebook(
    """
Norland: {aliases: [Norlanders], group: states}
Sudria: {group: states}
the treaty: {source: false, aliases: [Treaty]}
"""
)
TEXT = (
    "Norland Praises Treaty\n\n"
    "Norland praised the treaty on Monday. Norland condemned Sudria. Sudria met Norland in the spring.\n\n"
    "Norland praised Sudria later, and Norland condemned the treaty."
)


@pytest.fixture
def system(verb_system: Callable[..., System]) -> System:
    return verb_system()


@pytest.fixture
def corpus_of() -> Callable[[System, Codebook, list[str]], Reading]:
    """Read several texts as one reading."""

    def read(system: System, codebook: Codebook, texts: list[str]) -> Reading:
        settings = ReadSettings()
        answers = Answers(Asker(Matcher(codebook), settings.pairs()), system)
        documents = [Document(id=str(number), text=text) for number, text in enumerate(texts)]
        found = [each for window in answers.windows(documents) for each in window]
        reading = reading_of(found, codebook, settings, provenance_of(system, settings))
        assert list(problems_of(reading)) == []
        return reading

    return read


def stances(reading: Any) -> dict[tuple[str, str], str]:
    return {(pair.source, pair.target): pair.stance for pair in reading.pairs}


def test_a_text_is_read_in_one_call(system: System) -> None:
    reading = read_text(TEXT, CODEBOOK, system)
    assert list(problems_of(reading)) == []
    assert [document.title for document in reading.documents] == ["Norland Praises Treaty"]
    assert stances(reading)["Norland", "Sudria"] == "mixed"
    assert stances(reading)["Sudria", "Norland"] == "none"
    for each in reading.evidence:
        start, end = each.target_span
        assert reading.documents[0].text[start:end] in ("the treaty", "Treaty", "Sudria", "Norland")
    assert [(pair.source, pair.target, pair.stance) for pair in reading.corpus] == [
        (pair.source, pair.target, pair.stance) for pair in reading.pairs
    ]
    assert "<title>" in map_page(reading)


def test_all_questions_of_a_text_are_asked_at_once(system: Any) -> None:
    read_text(TEXT, Matcher(CODEBOOK), system)
    assert system.calls == 1


@pytest.mark.parametrize(("headlines", "counted"), [("alone", 2), ("count", 3), ("never", 2)])
def test_a_headline_counts_where_nothing_else_does(system: System, headlines: str, counted: int) -> None:
    reading = read_text(TEXT, CODEBOOK, system, ReadSettings(headlines=headlines))
    pair = next(pair for pair in reading.pairs if (pair.source, pair.target) == ("Norland", "the treaty"))
    assert (pair.sentences, pair.left_out) == (counted, 3 - counted)


@pytest.mark.parametrize(("headlines", "stance"), [("alone", "favor"), ("count", "favor"), ("never", "none")])
def test_a_headline_alone(system: System, headlines: str, stance: str) -> None:
    text = "Norland Praises Treaty\n\nNobody said more about it on Monday, and nobody was asked."
    reading = read_text(text, CODEBOOK, system, ReadSettings(headlines=headlines))
    assert stances(reading) == {("Norland", "the treaty"): stance}
    assert [each.counted for each in reading.evidence] == [stance == "favor"]


def test_a_sentence_under_the_threshold_is_kept_and_does_not_count(system: System) -> None:
    reading = read_text(
        "Norland met Sudria on Monday, it was said.", CODEBOOK, system, ReadSettings(min_confidence=0.9)
    )
    assert [each.counted for each in reading.evidence] == [False] * len(reading.evidence) != []
    assert {(pair.stance, pair.sentences, pair.left_out) for pair in reading.pairs} == {("none", 0, 1)}
    assert {(pair.score, pair.low, pair.high, pair.confidence) for pair in reading.pairs} == {(None,) * 4}


def test_a_threshold_of_the_checkpoint_by_name(verb_system: Callable[..., System]) -> None:
    reading = read_text(
        TEXT, CODEBOOK, verb_system(thresholds={"accuracy_90": 0.7}), ReadSettings(threshold="accuracy_90")
    )
    assert reading.provenance.threshold == 0.7
    assert reading.provenance.threshold_name == "accuracy_90"
    with pytest.raises(ConfigError, match=r"read.threshold: 'accuracy_90' is none of this checkpoint's"):
        read_text(TEXT, CODEBOOK, verb_system(), ReadSettings(threshold="accuracy_90"))


def test_the_weights_of_what_answered_are_named(verb_system: Callable[..., System]) -> None:
    system = verb_system()
    assert read_text(TEXT, CODEBOOK, system).provenance.checkpoint_sha256 == ""
    system.weights_sha256 = "ab" * 32
    assert read_text(TEXT, CODEBOOK, system).provenance.checkpoint_sha256 == "ab" * 32


def test_the_word_that_spoke_for_an_answer_has_the_largest_weight(system: System) -> None:
    settings = ReadSettings(explain=True, explain_most=2)
    reading = read_text(TEXT, CODEBOOK, system, settings)
    with_weights = [each for each in reading.evidence if each.weights]
    assert len(with_weights) == 2
    for each in with_weights:
        most = max(each.weights, key=lambda weight: weight.weight)
        assert reading.documents[0].text[most.start : most.end] in ("praised", "Praises", "condemned")
        assert most.weight == pytest.approx(0.9 - 0.2)
        start, end = reading.documents[0].sentences[each.sentence].span
        assert all(start <= weight.start < weight.end <= end for weight in each.weights)
        spans = [span for span in (each.source_span, each.target_span) if span]
        assert not any(one.start < span.end and span.start < one.end for one in each.weights for span in spans)
    assert list(problems_of(reading)) == []


def test_a_document_keeps_its_fields(system: System) -> None:
    document = Document(id="a", text=TEXT, date="2026-03", outlet="Herald", fields={"desk": "world"})
    read = read_text(document, CODEBOOK, system).documents[0]
    assert (read.id, read.date, read.outlet, read.fields) == ("a", "2026-03", "Herald", {"desk": "world"})


def test_without_a_codebook_one_is_proposed(system: System) -> None:
    text = "Norway praised the rent cap. The rent cap was condemned by the Housing League. The league met Norway."
    reading = read_text(text, None, system)
    assert {"Norway", "Housing League", "rent cap"} <= {entry.name for entry in reading.entries}
    assert stances(reading)["Norway", "rent cap"] == "favor"


@pytest.mark.parametrize(
    ("text", "match"),
    [("a\0b Norland", "NUL"), ("a\x1bb Norland", r"U\+001B at 1"), ("\ud800 Norland", "half of a character")],
)
def test_a_text_that_cannot_be_written_is_refused(system: System, text: str, match: str) -> None:
    with pytest.raises(DataError, match=match):
        read_text(text, CODEBOOK, system)


@pytest.mark.parametrize("text", ["", " \n\n ", "Nobody is named here."])
def test_a_text_without_pairs_has_an_empty_map(system: System, text: str) -> None:
    reading = read_text(text, CODEBOOK, system)
    assert (reading.evidence, reading.pairs, reading.corpus) == ([], [], [])
    assert "matrix is empty" in map_page(reading)


def test_several_documents_count_once_each(system: System, corpus_of: Any) -> None:
    """The stance is that of most documents, the score the mean of theirs, the interval over documents."""
    reading = corpus_of(system, CODEBOOK, ["Norland praised Sudria."] * 2 + ["Norland condemned Sudria."])
    pair = next(pair for pair in reading.corpus if pair.source == "Norland")
    assert (pair.stance, pair.documents, pair.sentences, pair.favor, pair.against) == ("favor", 3, 3, 2, 1)
    own = [each.score for each in reading.pairs if each.source == "Norland"]
    assert pair.score == pytest.approx(np.mean(own))
    assert pair.low is not None and pair.high is not None
    assert -1 <= pair.low < pair.score < pair.high <= 1


def test_as_many_documents_on_both_sides_are_mixed(system: System, corpus_of: Any) -> None:
    reading = corpus_of(system, CODEBOOK, ["Norland praised Sudria.", "Norland condemned Sudria."])
    assert reading.corpus[0].stance == "mixed"
    assert [pair.stance for pair in reading.pairs if pair.source == "Norland"] == ["favor", "against"]
