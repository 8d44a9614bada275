"""Headers of CSV and TSV are checked before any row is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from stancelab.errors import DataError
from stancelab.tables.delimited import Dialect, check_names, read_delimited, read_header
from stancelab.tables.text_file import open_text

if TYPE_CHECKING:
    from pathlib import Path


def test_the_header_is_the_first_line_that_is_not_empty(tmp_path: Path) -> None:
    path = tmp_path / "a.tsv"
    path.write_bytes(b"\n text \t'target'\na\tb\n")
    with open_text(path, "tsv") as text:
        assert read_header(text, "tsv", Dialect("\t")) == ["text", "'target'"]
    with open_text(path, "tsv") as text:
        [batch] = read_delimited(text, "tsv", 100, Dialect("\t"))
    assert batch.rows == [(1, {"text": "a", "'target'": "b"})]


def test_a_header_with_an_unclosed_quote(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b'text,"target\na,b\n')
    with (
        open_text(path, "csv") as text,
        pytest.raises(DataError, match=r"the header line cannot be read .unexpected end of data"),
    ):
        read_header(text, "csv", Dialect(","))


def test_a_name_that_occurs_twice(tmp_path: Path) -> None:
    assert check_names(tmp_path, ["a", "A"]) == ["a", "A"]
    with pytest.raises(DataError, match="column 'a' occurs more than once; the columns are a, b, a"):
        check_names(tmp_path, ["a", "b", "a"])
