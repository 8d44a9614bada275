"""Cells of any type become an example, or say what is wrong with them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from stancelab.errors import RowProblem
from stancelab.inference.jobs.rows import example_of
from stancelab.schema import Example, Span

COLUMNS = {"text": "Tweet", "target": "target", "source": "source", "target_start": "a", "target_end": "b"}


def test_cells_become_an_example() -> None:
    row = {"Tweet": "Iran hailed it.", "target": 7, "source": None, "a": 12.0, "b": "14", "other": ["x"]}
    found = example_of("in.csv", 3, row, COLUMNS)
    assert found == Example(id="3", text="Iran hailed it.", target="7", target_span=Span(12, 14))
    assert example_of("in.csv", 3, {**row, "source": "\u2060"}, COLUMNS) == found, "a source that shows nothing"


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"Tweet": ["a"]}, "in.csv: row 3, column 'Tweet': found \"['a']\": expected text"),
        ({"Tweet": b"a"}, "in.csv: row 3, column 'Tweet': found \"b'a'\": expected text"),
        ({"Tweet": 5}, "in.csv: row 3, column 'Tweet': found '5': is a number; expected a sentence"),
        ({"Tweet": False}, "in.csv: row 3, column 'Tweet': found 'False': is true or false; expected text"),
        ({"target": True}, "in.csv: row 3, column 'target': found 'True': is true or false; expected text"),
        (
            {"Tweet": date(2026, 11, 29)},
            "in.csv: row 3, column 'Tweet': found '2026-11-29': is no text; expected a sentence",
        ),
        (
            {"Tweet": float("nan")},
            "in.csv: row 3, column 'Tweet': found '': the text is empty; every row needs a sentence",
        ),
        ({"Tweet": None}, "in.csv: row 3, column 'Tweet': found '': the text is empty; every row needs a sentence"),
        (
            {"Tweet": "\u200b \ufeff"},
            r"in.csv: row 3, column 'Tweet': found '\u200b \ufeff': the text is empty; every row needs a sentence",
        ),
        ({"a": -1}, "in.csv: row 3, column 'a': found '-1': expected a whole number of characters, 0 or more"),
        ({"a": None}, "in.csv: row 3: target_start and target_end: only one is given"),
    ],
)
def test_rows_that_cannot_be_used(change: dict[str, Any], problem: str) -> None:
    row = {"Tweet": "Iran hailed it.", "target": "it", "a": 12, "b": 14} | change
    found = example_of("in.csv", 3, row, COLUMNS)
    assert isinstance(found, RowProblem)
    assert str(found) == problem
