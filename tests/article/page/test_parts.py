"""What the parts of the page are made of: matrix, network, figures over time, lists of sentences, documents."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from stancelab.article.page import articles, map_page, sentences
from stancelab.article.page.articles import articles_of
from stancelab.article.page.matrix import matrix_of
from stancelab.article.page.network import MOST_NODES, network_of
from stancelab.article.page.sentences import pair_lists
from stancelab.article.page.timeline import FRAME, middle_of, timelines_of
from stancelab.article.page.view import MapView
from stancelab.article.page.wording import person, signed, strength, summary, why_left_out
from stancelab.article.results import CorpusPair, Entry, Reading

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stancelab.article.results import FinalStance


def corpus(*pairs: tuple[str, str, FinalStance, float, int]) -> MapView:
    """Return the view of pairs alone: (source, target, stance, score, sentences)."""
    names = dict.fromkeys(name for pair in pairs for name in pair[:2])
    made = [
        CorpusPair(
            source=source,
            target=target,
            stance=stance,
            score=score,
            confidence=0.9,
            sentences=count,
            favor=count if score > 0 else 0,
            against=0 if score > 0 else count,
            neutral=0,
        )
        for source, target, stance, score, count in pairs
    ]
    return MapView(
        Reading(entries=[Entry(name=name) for name in names], documents=[], evidence=[], pairs=[], corpus=made)
    )


def test_rows_and_columns_are_in_groups_by_activity(one_article: Reading) -> None:
    matrix = matrix_of(MapView(one_article))
    rows = [(group.name, [name.name for name in group.names]) for group in matrix.rows]
    assert rows == [
        ("ministries", ["Norland's Foreign Ministry"]),
        ("parliaments", ["Sudria's Parliament"]),
        ("states", ["Norland", "Sudria"]),
        ("alliances", ["Eastern Alliance"]),
    ]
    assert [group.name for group in matrix.columns][:2] == ["courts", "issues"]
    assert matrix.rows[0].names[0].within == "Norland"
    assert matrix.absent == ["Atlantis", "Lemuria"]
    assert len(matrix.cells) == len(one_article.corpus)


def test_contradictions_stand_in_the_cell(thirty_articles: Reading) -> None:
    pairs = [pair for pair in thirty_articles.corpus if pair.favor and pair.against]
    assert pairs
    page = map_page(thirty_articles)
    for pair in pairs:
        assert f"· {pair.sentences} ({pair.favor}+ {pair.against}−)</small>" in page
        assert summary(pair).endswith(f", {pair.favor} favor and {pair.against} against")


def test_a_headline_that_does_not_count_is_told(one_article: Reading) -> None:
    def left_out(confidence: float) -> str:
        evidence = replace(one_article.evidence[0], counted=False, confidence=confidence)
        return why_left_out(evidence, one_article.provenance.threshold)

    assert left_out(0.9) == "not counted: a headline"
    assert left_out(0.3) == "not counted: under the threshold"
    assert why_left_out(one_article.evidence[0], 0.5) == ""


def test_a_cell_tells_its_pair_in_words(one_article: Reading) -> None:
    labels = {cell.label: cell.css for cell in matrix_of(MapView(one_article)).cells.values()}
    ministry = (
        "Norland's Foreign Ministry → Court of the Seas: against, −0.89 [−0.89, −0.88], confidence 91%, 2 sentences"
    )
    assert labels[ministry] == "against s3"
    assert labels["Eastern Alliance → Court of the Seas: not counted: 1 sentence"] == "uncounted"


def test_scores_have_a_sign_and_three_strengths() -> None:
    assert [signed(score) for score in (0.618, -0.618, 0.001, -0.004, -1)] == [
        "+0.62",
        "−0.62",
        "0.00",
        "0.00",
        "−1.00",
    ]
    assert [strength(score) for score in (0.1, -0.4, 0.67, -1)] == [1, 2, 3, 3]


def test_a_score_on_the_other_side_than_its_stance_is_explained(opposed: Reading) -> None:
    found = {cell.pair.source: cell for cell in matrix_of(MapView(opposed)).cells.values()}
    why = "the score is the mean of all documents, the stance that of most of them"
    assert found["Norland"].label.endswith(f"favor, −0.13 [−0.28, +0.03], confidence 61%, 6 sentences ({why})")
    assert found["Norland"].css == "favor s1"
    assert found["Sudria"].label.endswith("against, −0.88, confidence 90%, 1 sentence")
    page = map_page(opposed)
    assert "<small>−0.13† · 61% · 6</small>" in page
    assert '<p class="note" id="opposed-note">† The score lies on the other side of 0' in page
    assert '<p class="note" id="opposed-note" hidden>' in map_page(
        replace(opposed, corpus=opposed.corpus[1:], pairs=[], evidence=[])
    )


def test_only_a_side_that_contradicts_has_a_note() -> None:
    pairs = corpus(
        ("A", "B", "favor", -0.03, 1), ("A", "C", "against", 0.03, 1), ("A", "D", "favor", -0.00004, 1),
        ("A", "E", "against", -0.5, 1), ("A", "F", "mixed", -0.5, 1), ("A", "G", "none", -0.4, 1),
    ).reading.corpus  # fmt: skip
    assert [pair.target for pair in pairs if pair.note] == ["B", "C"]


def test_names_that_turn_the_direction_are_isolated() -> None:
    assert (person(""), person("Chișinău"), person("\u202eabc")) == ("the author", "Chișinău", "\u2068\u202eabc\u2069")
    assert person("روسيا") == "\u2068روسيا\u2069"


def test_the_network_is_the_same_whatever_the_order_of_the_pairs(thirty_articles: Reading) -> None:
    turned = replace(thirty_articles, corpus=thirty_articles.corpus[::-1])
    drawn = network_of(MapView(thirty_articles))
    assert network_of(MapView(turned)) == drawn
    assert drawn.left_out == 0
    with_stance = [pair for pair in thirty_articles.corpus if pair.stance != "none"]
    assert len(drawn.edges) == len(with_stance)


def test_the_network_orders_names_so_that_lines_do_not_cross() -> None:
    drawn = network_of(corpus(*((f"s{place}", f"t{9 - place}", "favor", 0.9, 3) for place in range(5))))
    sources, targets = [node.name for node in drawn.sources], [node.name for node in drawn.targets]
    assert [f"t{9 - int(name[1])}" for name in sources] == targets


def test_the_network_leaves_out_the_weakest_beyond_forty_names() -> None:
    drawn = network_of(corpus(*((f"s{place}", f"t{place}", "against", -0.9, 1 + place) for place in range(30))))
    assert len(drawn.sources) + len(drawn.targets) == MOST_NODES
    assert drawn.left_out == 10
    assert {node.name for node in drawn.sources} == {f"s{place}" for place in range(10, 30)}


def test_the_network_of_nothing_is_empty() -> None:
    assert network_of(corpus(("a", "b", "none", 0.1, 4))).edges == []


@pytest.mark.parametrize(
    ("text", "day"),
    [("2026-11-29", date(2026, 11, 29)), ("2026-11", date(2026, 11, 15)), ("2026", date(2026, 7, 1)), ("", None)],
)
def test_a_date_that_is_not_whole_stands_in_its_middle(text: str, day: date | None) -> None:
    assert middle_of(text) == day


def test_pairs_with_three_dates_have_a_figure(thirty_articles: Reading) -> None:
    figures, more = timelines_of(MapView(thirty_articles))
    assert more == 0
    first = next(each for each in figures if each.title == "Norland → Sudria")
    assert first.documents == 30
    assert (first.first, first.last) == ("2026-01-10", "2026-10-19")
    assert all(each.documents >= 3 for each in figures)
    dots = {stance: path.count("M") for stance, path in first.dots}
    own = [pair for pair in thirty_articles.pairs if (pair.source, pair.target) == ("Norland", "Sudria")]
    assert dots == {stance: sum(pair.stance == stance for pair in own) for stance in dots}
    assert sum(dots.values()) == 30
    assert first.intervals.count("M") == sum(pair.low is not None for pair in own)
    assert first.level is not None
    assert FRAME.top < first.level < FRAME.bottom


def test_two_dates_are_too_few(thirty_articles: Reading) -> None:
    dated = [
        replace(each, date=each.date if number < 2 else "") for number, each in enumerate(thirty_articles.documents)
    ]
    assert timelines_of(MapView(replace(thirty_articles, documents=dated))) == ([], 0)


def test_sentences_tell_whom_a_pronoun_stands_for(one_article: Reading) -> None:
    found = {(own.title, one.how) for own in pair_lists(MapView(one_article)) for one in own.sentences}
    assert ("Norland's Foreign Ministry → Sudria", "“She” stands for Norland's Foreign Ministry") in found
    assert ("Norland's Foreign Ministry → Western Influence", "quotation of Norland's Foreign Ministry") in found
    assert ("Norland → Ceasefire", "") in found


def test_a_sentence_has_its_source_and_target_marked(one_article: Reading) -> None:
    own = next(each for each in pair_lists(MapView(one_article)) if each.title == "Norland → Ceasefire")
    assert [piece for piece in own.sentences[0].pieces if piece.kind] == [
        ("Norland", "source"),
        ("a ceasefire", "target"),
    ]
    assert own.sentences[0].spoke.startswith("For this answer: ceasefire (+0.16)")


def test_contradictions_are_counted(one_article: Reading) -> None:
    own = next(
        each for each in pair_lists(MapView(one_article)) if each.title == "Sudria's Parliament → Court of the Seas"
    )
    assert own.counts == "1 favor, 1 against, 1 no stance; in favor first, against last"
    assert own.summary.startswith("mixed, +0.06")


def test_static_lists_are_bounded_and_say_so(thirty_articles: Reading, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sentences, "MOST_OF_PAIR", 3)
    monkeypatch.setattr(sentences, "MOST_IN_ALL", 10)
    lists = pair_lists(MapView(thirty_articles))
    assert [len(each.sentences) for each in lists] == [3, 3, 3, 1]
    assert lists[0].left_out == 35 - 3
    monkeypatch.setattr(articles, "MOST_CHARACTERS", 2000)
    assert 0 < len(articles_of(MapView(thirty_articles))) < 5


def test_a_document_keeps_its_paragraphs_and_headline(one_article: Reading) -> None:
    article = articles_of(MapView(one_article))[0]
    shape: Sequence[tuple[str, int]] = [(each.kind, len(each.sentences)) for each in article.paragraphs]
    assert shape == [
        ("headline", 1),
        ("sentence", 3),
        ("sentence", 4),
        ("sentence", 4),
        ("sentence", 3),
        ("sentence", 4),
        ("sentence", 1),
    ]
    both = article.paragraphs[4].sentences[0]
    assert (both.stance, both.told) == ("favor", "Norland → Ceasefire: favor; Sudria → Ceasefire: favor")
    under = article.paragraphs[5].sentences[3]
    assert (under.stance, under.told) == ("", "Eastern Alliance → Court of the Seas: no stance, not counted")


def test_a_pair_without_an_interval_has_none_in_words(one_article: Reading) -> None:
    pair = next(each for each in one_article.corpus if each.sentences == 1)
    assert "[" not in summary(pair)
