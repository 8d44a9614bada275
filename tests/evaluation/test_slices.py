"""Slices hold the rows they say they hold, score as a plain computation does, and blind readers reach what they can."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, f1_score

from stancelab.evaluation.settings import EvaluationSettings
from stancelab.evaluation.slices import Seen, Slice, blind_ceilings, describe_slices, score_slices, slices_of
from stancelab.schema import STANCE_ID, Example, Span


def row(number: int, text: str, target: str, stance: str, source: str = "", **more: object) -> Example:
    return Example(id=str(number), text=text, target=target, stance=stance, source=source, **more)  # type: ignore[arg-type]


LONG = "Norway " + "and so on " * 6 + "welcomed, as Oslo said, the pact that Poland rejected."
ROWS = [
    row(0, LONG, "the pact", "favor", "Norway", document="d1", extra={"kind": "explicit"}),
    row(1, LONG, "the pact", "against", "Poland", document="d1", extra={"kind": "reported"}),
    row(2, LONG, "Poland", "neutral", "Norway", document="d1", extra={"kind": "explicit"}),
    row(3, "The Pact holds.", "the pact", "favor", document="d2", extra={"kind": "explicit"}),
    row(4, "Nobody came to the talks.", "the summit", "neutral", "the ministry", extra={"kind": ""}),
]


def values(slices: list[Slice]) -> dict[tuple[str, str], list[int]]:
    return {(each.attribute, each.value): each.rows.tolist() for each in slices}


def test_rows_are_told_apart_by_what_they_are() -> None:
    seen = Seen.of([row(9, "x", "The  Pact", "favor", document="d2"), row(8, "y", "z", "favor")])
    assert values(slices_of(ROWS, seen)) == {
        ("stances in the sentence", "one"): [3, 4],
        ("stances in the sentence", "several"): [0, 1, 2],
        ("targets in the sentence", "one"): [3, 4],
        ("targets in the sentence", "two"): [0, 1, 2],
        ("source", "named in the text"): [0, 1, 2],
        ("source", "not named in the text"): [4],
        ("source", "the author"): [3],
        ("mention of the target", "first third"): [3],
        ("mention of the target", "last third"): [0, 1, 2],
        ("mention of the target", "not in the text"): [4],
        ("words", "up to 15"): [3, 4],
        ("words", "16 to 30"): [0, 1, 2],
        ("target", "in train"): [0, 1, 3],
        ("target", "not in train"): [2, 4],
        ("document", "in train"): [3],
        ("document", "not in train"): [0, 1, 2],
        ("kind", "explicit"): [0, 2, 3],
        ("kind", "reported"): [1],
    }


def test_without_train_nothing_is_said_of_it_and_single_values_are_left_out() -> None:
    assert slices_of([ROWS[0], ROWS[2]]) == []
    assert not {"target", "document"} & {each.attribute for each in slices_of(ROWS)}


def test_a_given_span_says_where_the_mention_is() -> None:
    moved = dataclasses.replace(ROWS[0], target_span=Span(0, 6))
    found = values(slices_of([moved, ROWS[1]]))
    assert found["mention of the target", "first third"] == [0]
    assert found["mention of the target", "last third"] == [1]


def test_blind_readers_reach_what_one_answer_per_key_can() -> None:
    # One answer for the long text is right once in three; with the target or the source twice.
    assert blind_ceilings(ROWS) == {"text": 3 / 5, "text and target": 4 / 5, "text and source": 4 / 5}
    assert blind_ceilings(ROWS[3:]) == {"text": 1, "text and target": 1, "text and source": 1}


def test_scores_are_those_of_scikit_learn_and_means_over_seeds(examples) -> None:
    random = np.random.default_rng(2)
    gold = np.array([STANCE_ID[example.stance] for example in examples])
    runs = [random.dirichlet(np.ones(3), 60) for _ in range(3)]
    units = np.arange(60) // 2
    slices = slices_of(examples)
    settings = EvaluationSettings(bootstrap_draws=200)
    scored = score_slices(slices, gold, units, runs, {"net": [0, 1], "svm": [2]}, settings)
    for place, each in enumerate(slices):
        labels = gold[each.rows]
        said = [run.argmax(axis=1)[each.rows] for run in runs]
        macro = [f1_score(labels, one, labels=[0, 1, 2], average="macro", zero_division=0) for one in said]
        assert scored["net"][place]["macro_f1"] == pytest.approx(np.mean(macro[:2]))
        assert scored["svm"][place]["accuracy"] == pytest.approx(accuracy_score(labels, said[2]))
        low, high = scored["svm"][place]["intervals"]["accuracy"]
        assert low <= scored["svm"][place]["accuracy"] <= high
    facts = describe_slices(slices, gold, units)
    assert [(each["attribute"], each["rows"]) for each in facts] == [
        (each.attribute, len(each.rows)) for each in slices
    ]
    assert all(sum(each["classes"].values()) == each["rows"] >= each["units"] for each in facts)
