"""Slices hold the rows of their values; readers of part of the row reach what one answer for equal parts can."""

from __future__ import annotations

import dataclasses

from stancelab.evaluation.gold_rows import GoldRows
from stancelab.evaluation.slices import FEWEST_ROWS, MOST_VALUES, Seen, SliceRows, partial_input_upper_bounds, slices_of
from stancelab.schema import Example, Span


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


def values(slices: list[SliceRows]) -> dict[tuple[str, str], list[int]]:
    return {(each.attribute, each.value): each.rows.tolist() for each in slices}


def test_rows_by_the_values_of_each_attribute() -> None:
    seen = Seen.of([row(9, "x", "any  Pacts", "favor", document="d2"), row(8, "y", "z", "favor")])
    assert values(slices_of(ROWS, seen)) == {
        ("stances_in_sentence", "one"): [3, 4],
        ("stances_in_sentence", "several"): [0, 1, 2],
        ("targets_in_sentence", "one"): [3, 4],
        ("targets_in_sentence", "two"): [0, 1, 2],
        ("source_mention", "in_text"): [0, 1, 2],
        ("source_mention", "not_in_text"): [4],
        ("source_mention", "author"): [3],
        ("target_mention", "first_third"): [3],
        ("target_mention", "last_third"): [0, 1, 2],
        ("target_mention", "not_in_text"): [4],
        ("words", "1-15"): [3, 4],
        ("words", "16-30"): [0, 1, 2],
        ("target_in_train", "yes"): [0, 1, 3],
        ("target_in_train", "no"): [2, 4],
        ("document_in_train", "yes"): [3],
        ("document_in_train", "no"): [0, 1, 2],
        ("kind", "explicit"): [0, 2, 3],
        ("kind", "reported"): [1],
    }


def test_without_train_there_are_no_slices_of_it_and_single_values_are_left_out() -> None:
    assert slices_of([ROWS[0], ROWS[2]]) == []
    assert not {"target_in_train", "document_in_train"} & {each.attribute for each in slices_of(ROWS)}


def test_a_given_span_says_where_the_mention_is() -> None:
    moved = dataclasses.replace(ROWS[0], target_span=Span(0, 6))
    found = values(slices_of([moved, ROWS[1]]))
    assert found["target_mention", "first_third"] == [0]
    assert found["target_mention", "last_third"] == [1]


def test_readers_of_part_of_the_row_reach_what_one_answer_for_equal_parts_can() -> None:
    # One answer for the long text is right once in three; with the target or the source twice.
    assert partial_input_upper_bounds(ROWS) == (3 / 5, 4 / 5, 4 / 5)
    assert partial_input_upper_bounds(ROWS[3:]) == (1, 1, 1)


def test_negation_flips_are_no_slices() -> None:
    extra = {"negated_text": "Flipped.", "negated_stance": "favor"}
    rows = [
        dataclasses.replace(ROWS[0], extra=extra),
        dataclasses.replace(ROWS[1], extra={**extra, "negated_stance": "against"}),
    ]
    assert not {"negated_text", "negated_stance"} & {each.attribute for each in slices_of(rows)}


def test_sources_and_targets_with_enough_rows_are_slices() -> None:
    often = [row(k, f"Text {k}.", "the pact", "favor", "Norway") for k in range(FEWEST_ROWS)]
    author = [row(k, f"More {k}.", "the levy", "against") for k in range(20, 21 + FEWEST_ROWS)]
    seldom = [row(99, "Rare.", "the base", "neutral", "Poland")]
    found = values(slices_of([*often, *author, *seldom]))
    assert [value for attribute, value in found if attribute == "source"] == ["(author)", "Norway"]
    assert found["target", "the pact"] == list(range(FEWEST_ROWS))
    assert ("target", "the base") not in found


def test_of_very_many_targets_the_most_frequent_are_slices() -> None:
    rows = [
        row(1000 * number + k, f"Text {number} {k}.", f"target {number}", "favor")
        for number in range(MOST_VALUES + 1)
        for k in range(FEWEST_ROWS + (number == 100))
    ]
    targets = [value for attribute, value in values(slices_of(rows)) if attribute == "target"]
    assert len(targets) == MOST_VALUES and targets[0] == "target 100"


FORMS = ("Café d’État", "Cafe\u0301 d’E\u0301tat", "Café d'État", "café d’\u200bÉtat")


def test_two_forms_of_one_name_are_one_slice_target_and_sentence() -> None:
    def left(number: int, name: str, stance: str = "favor", source: str = "") -> Example:
        return row(number, f"{name} left.", name, stance, source)

    rows = [left(number, FORMS[number % 4] if number % 2 else FORMS[0]) for number in range(12)]
    rows += [left(number, "Kenya", "against", FORMS[number % 4]) for number in range(12, 24)]
    found = {(each.attribute, each.value): len(each.rows) for each in slices_of(rows)}
    assert {key: size for key, size in found.items() if key[0] in ("target", "source")} == {
        ("target", "Café d’État"): 12,
        ("target", "Kenya"): 12,
        ("source", "(author)"): 12,
        ("source", "Cafe\u0301 d’E\u0301tat"): 12,
    }
    assert not [key for key in found if key[0] == "targets_in_sentence"], "each sentence has one"
    gold = GoldRows.of(rows, "text")
    assert (gold.targets, gold.n_texts, gold.n_units) == (["Café d’État", "Kenya"], 2, 2)
    assert partial_input_upper_bounds([left(0, FORMS[0]), left(1, FORMS[1], "against")]) == (0.5, 0.5, 0.5)
