from __future__ import annotations

import numpy as np
import pytest

from stancelab.evaluation.gold_rows import GoldRows
from stancelab.evaluation.human_ceiling import Ceiling, annotator_answers
from stancelab.evaluation.settings import EvaluationSettings
from stancelab.schema import STANCE_ID, Example


def labels(item: str, **stances: str) -> list[Example]:
    return [
        Example(id=f"{item}-{who}", text=f"Text {item}", target="EU", stance=stance, annotator=who)
        for who, stance in stances.items()
    ]


ROWS = [
    *labels("1", a="favor", b="favor", c="against"),  # a and b face a tie, c the majority favor
    *labels("2", a="neutral", b="neutral", c="neutral"),
    *labels("3", a="against", b="favor"),
    *labels("4", a="favor"),
    *labels("5", **{"": "favor"}),
]


def test_each_annotator_faces_the_majority_of_the_others() -> None:
    found = annotator_answers(GoldRows.of(ROWS, "text"))
    assert found is not None
    assert (found.annotators, found.items, found.ties) == (3, 3, 2)
    pairs = [(ROWS[row].id, majority) for row, majority in zip(found.rows, found.majority, strict=True)]
    favor, neutral, against = (STANCE_ID[each] for each in ("favor", "neutral", "against"))
    assert pairs == [
        ("1-c", favor), ("2-a", neutral), ("2-b", neutral), ("2-c", neutral), ("3-a", favor), ("3-b", against),
    ]  # fmt: skip


def test_annotators_and_systems_are_scored_on_the_same_answers() -> None:
    test = GoldRows.of(ROWS, "text")
    always = np.tile([0.1, 0.1, 0.8], (len(ROWS), 1))
    ceiling = Ceiling.of(test, [always], EvaluationSettings(bootstrap_resamples=2000))
    assert ceiling is not None
    people = ceiling.of_annotators()
    assert people.answers == 6
    assert people.scores.accuracy == pytest.approx(3 / 6)  # the three of item 2
    assert people.scores.macro_f1 == pytest.approx(1 / 3)
    assert people.intervals == {}  # of three sentences
    own = ceiling.of_systems({"always": [0]}, "accuracy")["always"]
    assert own.scores.accuracy == pytest.approx(2 / 6)  # 1-c and 3-a
    assert own.difference == pytest.approx(-1 / 6)
    assert own.interval is None


def test_with_ten_sentences_there_are_intervals() -> None:
    rows = [row for n in range(6) for row in labels(f"split {n}", a="favor", b="favor", c="against")]
    rows += [row for n in range(6) for row in labels(f"alike {n}", a="neutral", b="neutral", c="neutral")]
    always = np.tile([0.1, 0.1, 0.8], (len(rows), 1))
    ceiling = Ceiling.of(GoldRows.of(rows, "text"), [always], EvaluationSettings(bootstrap_resamples=2000))
    assert ceiling is not None
    people, own = ceiling.of_annotators(), ceiling.of_systems({"always": [0]}, "accuracy")["always"]
    # Of each split item c alone faces a majority, and is wrong; the system is right there alone.
    assert people.scores.accuracy == pytest.approx(18 / 24)
    assert people.intervals["accuracy"].low < 0.75 < people.intervals["accuracy"].high <= 1
    assert own.difference == pytest.approx((6 - 18) / 24)
    assert own.interval is not None
    assert own.interval.low < -0.5 < own.interval.high


def test_one_annotator_is_no_ceiling(examples) -> None:
    assert annotator_answers(GoldRows.of(examples, "text")) is None
    assert Ceiling.of(GoldRows.of(ROWS[-2:], "text"), [], EvaluationSettings()) is None
