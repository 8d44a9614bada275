"""Rows are known by what they say, whatever file and place they are in."""

from __future__ import annotations

import re

import pytest

from stancelab.row_ids import RowIds, Wording, first_of, plain, row_id
from stancelab.schema import Example

ROW = Example(id="r1", text="Kenya hailed  the pact.", source="Kenya", target="the pact", stance="favor")


def test_an_id_is_told_by_text_source_and_target_alone() -> None:
    own = row_id(ROW.text, ROW.source, ROW.target)
    assert re.fullmatch(r"row-[0-9a-f]{12}", own)
    assert own == row_id("Kenya hailed the pact. ", " Kenya", "the  pact")  # blanks do not count
    assert row_id("caf\u00e9", "", "a") == row_id("cafe\u0301", "", "a")
    others = [row_id("Kenya hailed the pact", "Kenya", "the pact"), row_id(ROW.text, "", "the pact")]
    others += [row_id(ROW.text, "Kenya", "a pact"), row_id("kenya hailed the pact.", "Kenya", "the pact")]
    assert len({own, *others}) == 5
    assert row_id("a b", "", "c") != row_id("a", "b", "c")


def test_rows_that_say_the_same_are_counted() -> None:
    ids = RowIds()
    first = ids.next("a b", "", "b")
    assert [ids.next("a b", "", "b"), ids.next("a c", "", "b"), ids.next("a b", "", "b")] == [
        f"{first}-2", row_id("a c", "", "b"), f"{first}-3",
    ]  # fmt: skip
    assert [first_of(key) for key in (first, f"{first}-3", "mine-3", "row-3")] == [first, first, None, None]


@pytest.mark.parametrize(
    ("cells", "columns"),
    [
        ({"text": "Kenya hailed the pact.", "source": "Kenya", "target": "the pact"}, []),
        ({"text": " Kenya hailed\tthe pact.\n", "target": "pact"}, []),
        ({"note": "Somalia"}, []),
        ({"text": "", "target": ""}, []),
        ({"text": "Somalia hailed the pact."}, ["text"]),
        ({"source": "", "target": "a pact"}, ["source", "target"]),
        ({"Sentence": "Kenya hailed the pact.", "text": "not this"}, []),
        ({"Sentence": "Kenya hailed it."}, ["Sentence"]),
    ],
)
def test_rows_of_two_tables_are_compared(cells: dict[str, str], columns: list[str]) -> None:
    wording = Wording({"text": "Sentence"}, {"pact": "the pact"})
    assert [column for column, _, _ in wording.contradictions(ROW, cells)] == columns


def test_an_id_is_told_by_the_columns_of_a_table() -> None:
    own = row_id(ROW.text, ROW.source, ROW.target)
    wording = Wording({"text": "Sentence"}, {"pact": "the pact"})
    assert wording.id_of({"Sentence": ROW.text, "source": "Kenya", "target": "pact"}) == own
    assert wording.id_of({"text": ROW.text, "source": "Kenya"}) is None
    assert wording.id_of({"text": ROW.text, "target": "the pact"}) != own


def test_an_apostrophe_before_a_formula_is_no_part_of_a_cell() -> None:
    assert plain("'=1+2") == plain("=1+2")
    assert plain("'tis") == "'tis"
    assert plain("\u200b \ufeff") == ""
