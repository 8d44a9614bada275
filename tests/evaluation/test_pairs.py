"""Pairs are all rows of one sentence that differ in one part; a reader of the text alone is right on none of them."""

from __future__ import annotations

import unicodedata

import numpy as np
import pytest

from stancelab.evaluation.gold_rows import GoldRows
from stancelab.evaluation.pairs import describe_pairs, pairs_of, score_pairs
from stancelab.schema import Example


def row(text: str, source: str, target: str, stance: str) -> Example:
    return Example(id=f"{text}-{source}-{target}", text=text, source=source, target=target, stance=stance)


ROWS = [
    row("One.", "Rome", "the pact", "favor"),
    row("One.", "Rome", "the levy", "against"),
    row("One.", "Oslo", "The  Pact", "favor"),
    row("One.", "", "the levy", "neutral"),
    row("Two.", "Rome", "the pact", "favor"),
    row("Two.", "rome", "the fund", "favor"),
    row("Three.", "Rome", "the pact", "against"),
]


def test_pairs_differ_in_one_part_alone() -> None:
    test = GoldRows.of(ROWS, "text")
    pairs = pairs_of(test)
    assert {each.part: each.rows.tolist() for each in pairs} == {"target": [[0, 1], [4, 5]], "source": [[0, 2], [1, 3]]}
    assert [(each.part, each.pairs, each.different, each.units) for each in describe_pairs(pairs, test)] == [
        ("target", 2, 1, 2), ("source", 2, 1, 1),
    ]  # fmt: skip
    assert pairs_of(GoldRows.of(ROWS[5:], "text")) == []


def many(sentences: int) -> GoldRows:
    """Three rows a sentence: two targets of different stances, and a third with the stance of the first."""
    rows = []
    for number in range(sentences):
        stances = (("pact", "favor"), ("levy", "against"), ("fund", "favor"))
        rows += [row(f"Text {number}.", "Rome", target, stance) for target, stance in stances]
    return GoldRows.of(rows, "text")


def test_a_reader_of_the_text_is_right_on_no_pair_and_changes_no_answer() -> None:
    test = many(12)
    (found,) = score_pairs(pairs_of(test), test, [np.full(36, 2)])
    assert (found.both_right, found.changed_different, found.changed_same) == (0, 0, 0)
    # It is right on every favor and on no against.
    assert found.independent == 0


def test_shares_are_counts_of_pairs_and_means_over_runs() -> None:
    test = many(12)
    right = test.gold.copy()
    half = test.gold.copy()
    half[1:18:3] = 2  # the levy of six sentences is favor too
    half[2] = 1  # the fund of the first is neutral
    (found,) = score_pairs(pairs_of(test), test, [half])
    # 24 pairs differ in their stance: both right in the other six sentences alone.
    assert found.both_right == pytest.approx(12 / 24)
    # Answers are alike in the six sentences, but for levy and fund of the first.
    assert found.changed_different == pytest.approx(13 / 24)
    assert found.changed_same == pytest.approx(1 / 12)
    # Of the rows of these pairs, half of the against and 23 of 24 of the favor are right.
    assert found.independent == pytest.approx(0.5 * 23 / 24)
    (both,) = score_pairs(pairs_of(test), test, [half, right])
    assert both.both_right == pytest.approx((0.5 + 1) / 2)
    assert both.independent == pytest.approx((0.5 * 23 / 24 + 1) / 2)


def test_intervals_need_ten_units() -> None:
    few, enough = many(9), many(10)
    assert score_pairs(pairs_of(few), few, [few.gold])[0].intervals == {}
    answers = enough.gold.copy()
    answers[:3] = [2, 2, 1]
    found = score_pairs(pairs_of(enough), enough, [answers])[0]
    assert list(found.intervals) == ["both_right", "changed_different", "changed_same"]
    # Where all pairs are alike nothing varies.
    assert score_pairs(pairs_of(enough), enough, [enough.gold])[0].intervals == {}


def test_where_no_stances_differ_there_is_nothing_to_be_right_on() -> None:
    test = GoldRows.of(ROWS[4:6], "text")
    (found,) = score_pairs(pairs_of(test), test, [np.array([2, 1])])
    assert (found.both_right, found.independent, found.changed_different, found.changed_same) == (None, None, None, 1.0)


def test_two_forms_of_one_name_or_sentence_are_one() -> None:
    texts = [unicodedata.normalize(form, "Le Café d’État a salué le pacte.") for form in ("NFC", "NFD")]
    names = [*(unicodedata.normalize(form, "Café d’État") for form in ("NFC", "NFD")), "cafe\u0301 d'\u200bÉtat"]
    rows = [
        Example(id=f"{text} {name}", text=text, target=name, stance=stance)
        for stance, text in zip(("favor", "against"), texts, strict=True)
        for name in names
    ]
    assert pairs_of(GoldRows.of(rows, "document")) == []
    other = Example(id="other", text=texts[1], target="le pacte", stance="favor")
    [found] = pairs_of(GoldRows.of([*rows, other], "document"))
    assert found.part == "target"
    assert found.rows.tolist() == [[place, 6] for place in range(6)], "also with rows of the other form of the sentence"
