"""Cells of any type as text."""

from __future__ import annotations

import pytest

from stancelab.schema import is_unicode
from stancelab.tables.cells import cell_text, flat_text, json_value


@pytest.mark.parametrize(
    ("cell", "text"),
    [(None, ""), (float("nan"), ""), ("a ", "a "), (6, "6"), (6.0, "6.0"), (True, "True"), ([1], "[1]")],
)
def test_cells_as_text(cell: object, text: str) -> None:
    assert cell_text(cell) == text


def test_nested_cells_become_json() -> None:
    assert flat_text({"é": [None, 1]}) == '{"é": [null, 1]}'
    assert flat_text(None) == ""


def test_json_has_no_nan_and_numbers_of_64_bits() -> None:
    cells = {"a": float("nan"), "b": [float("nan"), 2**70, True], "c": -(2**63), "d": "x"}
    assert json_value(cells) == {"a": None, "b": [None, str(2**70), True], "c": -(2**63), "d": "x"}
    assert flat_text([float("nan")]) == "[null]"


def test_half_a_character_is_not_unicode() -> None:
    assert is_unicode("é😀")
    assert not is_unicode("a\ud800")
