"""Equal problems of many rows are told once."""

from __future__ import annotations

from stancelab.grouped import KEPT_VALUES, ValueGroups


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
