from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from stancelab.evaluation.gold_rows import GoldRows, describe_test
from stancelab.evaluation.slices import partial_input_upper_bounds
from stancelab.results import PartialInput

if TYPE_CHECKING:
    from stancelab.schema import Example


def with_documents(examples: list[Example], count: int) -> list[Example]:
    return [dataclasses.replace(e, document=f"d{i // 2 % count}") for i, e in enumerate(examples)]


def test_rows_as_arrays(examples) -> None:
    test = GoldRows.of(examples, "document")
    assert test.gold[:4].tolist() == [0, 1, 2, 2]
    assert test.units.tolist() == [number // 2 for number in range(60)]
    assert (test.unit, test.n_documents, test.n_units, test.n_texts) == ("text", 0, 30, 30)
    assert test.targets == ["Ministers", "the Council", "the treaty"]
    assert [test.targets[group] for group in test.target_groups] == [example.target for example in examples]


def test_rows_without_a_document_are_grouped_by_their_text(examples) -> None:
    rows = with_documents(examples, 15)
    rows[:4] = [dataclasses.replace(row, document="") for row in rows[:4]]
    test = GoldRows.of(rows, "document")
    assert (test.unit, test.n_documents, test.n_units) == ("document", 15, 17)
    assert test.units[:6].tolist() == [0, 0, 1, 1, 2, 2]
    assert GoldRows.of(rows, "text").unit == "text"


def test_few_documents_stay_the_unit(examples) -> None:
    few = describe_test(GoldRows.of(with_documents(examples, 4), "document"), [], [])
    assert (few.unit, few.units) == ("document", 4)
    assert few.warnings == ["only 4 documents: too few for intervals, and only large differences can be found"]
    asked = describe_test(GoldRows.of(with_documents(examples, 4), "text"), [], [])
    assert asked.warnings == []
    enough = describe_test(GoldRows.of(with_documents(examples, 10), "document"), [], [])
    assert (enough.unit, enough.units) == ("document", 10)
    assert enough.warnings == ["only 10 documents: the intervals are wide, with 9 degrees of freedom"]


def test_facts_and_warnings_of_a_test_file(examples) -> None:
    few = [example for example in examples if example.stance != "neutral"][:20]
    found = describe_test(GoldRows.of(few, "document"), [], [])
    assert (found.rows, found.targets, found.texts) == (20, 3, 14)
    assert found.classes == {"against": 7, "neutral": 0, "favor": 13}
    assert (found.majority.stance, found.majority.accuracy) == ("favor", 0.65)
    assert found.warnings[0].startswith("no row has the stance neutral")
    assert found.warnings[1].endswith("different sentences: the intervals are wide, with 13 degrees of freedom")
    one = describe_test(GoldRows.of(few[:1], "text"), [], [])
    assert one.warnings[-1] == "all rows are of one sentence: there are no intervals and no comparisons"


def test_documents_and_targets_are_crossed(examples) -> None:
    test = GoldRows.of(with_documents(examples, 12), "document_and_target")
    assert (test.is_crossed, test.n_units, len(test.targets)) == (True, 12, 3)
    pairs = {(e.document, e.target) for e in test.examples}
    assert len(set(test.cells.tolist())) == len(pairs)
    found = describe_test(test, [], [])
    assert (found.unit, found.units, found.targets) == ("document_and_target", 12, 3)
    assert found.warnings == ["only 3 targets: too few for intervals, and only large differences can be found"]


def test_upper_bounds_stand_under_what_the_reader_sees(examples) -> None:
    rows = [dataclasses.replace(example, source="") for example in examples]
    found = describe_test(GoldRows.of(rows, "text"), [], []).partial_input_upper_bounds
    text, text_target, text_source = partial_input_upper_bounds(rows)
    assert found == PartialInput(text=text, text_target=text_target, text_source=text_source)
    assert text == text_source < text_target == 1
