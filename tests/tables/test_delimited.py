"""Headers of CSV and TSV are checked before any row is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from stancelab.errors import DataError
from stancelab.tables.delimited import Dialect, check_names, read_delimited, read_header
from stancelab.tables.table_file import TableFile
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
    with pytest.raises(DataError, match="occurs more than once; the columns are a, b, a; rename all but one"):
        check_names(tmp_path, ["a", "b", "a"])


def test_empty_columns_beside_a_table_are_left_out_with_a_note(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("text,target,,\na,b,, \nc,d,,\n", encoding="utf-8")
    table = TableFile(path)
    assert table.columns == ["text", "target"]
    [batch] = table.rows()
    assert batch.rows == [(1, {"text": "a", "target": "b"}), (2, {"text": "c", "target": "d"})]
    assert batch.warnings == [f"{path}: 2 columns without a name and without content left out"]


def test_a_column_without_a_name_that_holds_something_is_a_problem(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("text,target,,\na,b,,note\nc,d,,\n", encoding="utf-8")
    [batch] = TableFile(path).rows()
    assert [str(problem) for problem in batch.problems] == [
        f"{path}: row 1: found 'note': stands in column 4, which has no name; name it in the header, or empty the cell"
    ]
    assert len(batch.rows) == 1


def test_one_column_without_a_name_is_an_index(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(",text\n0,a\n", encoding="utf-8")
    assert TableFile(path).columns == ["", "text"]


def test_line_ends_of_old_macs_in_the_header(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"text,target\ra,b\r")
    with pytest.raises(DataError, match=r"the header line ends in a bare carriage return; .* \(dos2unix -c mac FILE\)"):
        TableFile(path)
