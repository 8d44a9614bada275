"""Equal problems of many rows are told once."""

from __future__ import annotations

from stancelab.errors import SHOWN_PROBLEMS, RowProblem
from stancelab.grouped import KEPT_VALUES, ProblemGroups, ValueGroups


def groups(*values: str) -> ValueGroups:
    found = ValueGroups()
    for row, value in enumerate(values, start=1):
        found.add(row, value)
    return found


def test_values_are_counted_the_most_frequent_first() -> None:
    found = groups("maybe", *["agaisnt"] * 374, "maybe")
    assert found.lines(["against", "favor"]) == [
        "'agaisnt' in 374 rows, such as row 2, 3, 4; nearest: 'against'",
        "'maybe' in 2 rows: 1, 376",
    ]
    assert groups("x").lines(["favor"]) == ["'x' in row 1"]


def test_what_is_not_listed_is_counted() -> None:
    found = groups("a", "a", "b", "c")
    assert found.lines([], shown=1) == ["'a' in 2 rows: 1, 2", "... and 2 other values in 2 rows"]
    many = groups(*map(str, range(KEPT_VALUES + 5)))
    assert many.total == KEPT_VALUES + 5
    assert many.lines([], shown=1)[-1] == f"... and more than 9,999 other values in {KEPT_VALUES + 4:,} rows"


def test_the_nearest_value_is_found_in_any_letter_case() -> None:
    assert groups("FAVOUR").lines(["Favor"]) == ["'FAVOUR' in row 1; nearest: 'Favor'"]


def test_equal_problems_are_told_once_and_others_as_they_are() -> None:
    found = ProblemGroups()
    found.add([RowProblem("a.csv", 7, "stance", "pro", "no known stance")])
    found.add(RowProblem("a.csv", row, "stance", "agaisnt", "no known stance") for row in (5, 9, 12, 13))
    found.add(RowProblem("a.csv", row, "", "", "only one is given") for row in (20, 21))
    found.add([RowProblem("b.csv", 0, "", "", "is cut off")])
    assert found.listed().splitlines() == [
        "  a.csv, column 'stance': 'agaisnt' in 4 rows, such as row 5, 9, 12: no known stance",
        "  a.csv: 2 rows: 20, 21: only one is given",
        "  a.csv: row 7, column 'stance': found 'pro': no known stance",
        "  b.csv: is cut off",
    ]


def test_problems_beyond_those_listed_are_counted() -> None:
    found = ProblemGroups()
    found.add(RowProblem("a.csv", row, "text", str(row), "?") for row in range(1, SHOWN_PROBLEMS + 4))
    assert found.listed().splitlines()[-1] == "  ... and 3 more"
    assert len(found.listed().splitlines()) == SHOWN_PROBLEMS + 1


def test_rows_whose_end_nobody_knows_come_first() -> None:
    found = ProblemGroups()
    found.add(RowProblem("a.csv", row, "stance", "maybe", "no known stance") for row in (1, 2, 3))
    found.add(RowProblem("a.csv", 10 + row, "text", str(row), "empty") for row in range(KEPT_VALUES))
    found.add([RowProblem("a.csv", 9, "", "", "a quote opens here and is not closed", unbounded=True)])
    first, second, *_ = found.listed().splitlines()
    assert "row 9: a quote opens here" in first
    assert "'maybe' in 3 rows" in second
