"""What an output cannot hold is found before it is written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from stancelab.errors import DataError
from stancelab.tables.writable import HugeInteger, LongInteger, check_columns, kind_of, unwritable


@pytest.mark.parametrize(
    ("kind", "cell", "reason"),
    [
        ("csv", "a\0b", "holds a NUL character"),
        ("tsv", ["a\0b"], "holds a NUL character"),
        ("jsonl", float("inf"), "is infinite"),
        ("csv", [float("-inf")], "is infinite"),
        ("jsonl", {"a": [float("inf")]}, "is infinite"),
        ("parquet", {"a": "\ud83d"}, "holds half of a character"),
    ],
)
def test_cells_that_a_format_cannot_hold(kind: Any, cell: object, reason: str) -> None:
    found = unwritable(kind, {"a": 1, "b": cell})
    assert found is not None
    assert found[0] == "b"
    assert found[2].startswith(reason)


@pytest.mark.parametrize(
    ("kind", "cell"),
    [("jsonl", "a\0b"), ("parquet", "a\0b"), ("csv", float("inf")), ("parquet", float("inf")), ("csv", 10**30)],
)
def test_cells_that_it_can(kind: Any, cell: object) -> None:
    assert unwritable(kind, {"a": cell, "b": None}) is None


def test_names_that_differ_by_blanks_alone() -> None:
    check_columns(Path("a.jsonl"), "jsonl", ["a", " a"])
    with pytest.raises(DataError, match=r"the columns \['a', ' a'\] differ by blanks alone"):
        check_columns(Path("a.csv"), "csv", ["a", " a"])
    with pytest.raises(DataError, match=r"the name of the column .* cannot be written"):
        check_columns(Path("a.csv"), "csv", ["a\0"])


def test_kinds_of_whole_numbers() -> None:
    assert kind_of(2**53) is int
    assert kind_of(2**53 + 1) is LongInteger
    assert kind_of(-(2**63)) is LongInteger
    assert kind_of(2**63) is HugeInteger
    assert kind_of(True) is bool
