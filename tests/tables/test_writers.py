"""Tables are written whole, in the format that the name tells, with the types of their cells."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stancelab.errors import DataError
from stancelab.tables.table_file import TableFile
from stancelab.tables.writable import HugeInteger, LongInteger
from stancelab.tables.writers import arrow_types, check_output, open_writer

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = pa.schema([("n", pa.int64()), ("tags", pa.string())])
ROWS: list[dict[str, Any]] = [{"n": 1, "tags": ["é", "b"]}, {"n": 2, "tags": None}]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", 'n,tags\n1,"[""é"", ""b""]"\n2,\n'),
        ("a.tsv", 'n\ttags\n1\t"[""é"", ""b""]"\n2\t\n'),
        ("a.jsonl", '{"n": 1, "tags": ["é", "b"]}\n{"n": 2, "tags": null}\n'),
    ],
)
def test_text_formats(tmp_path: Path, name: str, content: str) -> None:
    with open_writer(tmp_path / name, ["n", "tags"], SCHEMA) as writer:
        writer.write(ROWS[:1])
        writer.write(ROWS[1:])
    assert (tmp_path / name).read_bytes().decode() == content


def test_parquet_has_the_schema_and_nested_cells_as_text(tmp_path: Path) -> None:
    with open_writer(tmp_path / "a.parquet", ["n", "tags"], SCHEMA) as writer:
        writer.write(ROWS)
    table = pq.read_table(tmp_path / "a.parquet")
    assert table.schema.equals(SCHEMA)
    assert table.to_pylist() == [{"n": 1, "tags": '["é", "b"]'}, {"n": 2, "tags": None}]


def test_rows_of_no_one_type_leave_nothing(tmp_path: Path) -> None:
    with (
        pytest.raises(DataError, match=r"a\.parquet: the rows do not fit one type a column .*; write \.jsonl"),
        open_writer(tmp_path / "a.parquet", ["n", "tags"], SCHEMA) as writer,
    ):
        writer.write([{"n": "one", "tags": ""}])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("a.csv.gz", "the output is not compressed"),
        ("a.txt", r"the name ends in '\.txt'"),
        ("folder.csv", "is a folder"),
    ],
)
def test_outputs_that_are_not_written(tmp_path: Path, name: str, message: str) -> None:
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(DataError, match=message):
        check_output(tmp_path / name)


def test_types_are_those_of_the_cells_or_of_the_parquet_file(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps(dict.fromkeys("abcd")), encoding="utf-8")
    types: dict[str, set[type]] = {"a": {int, float}, "b": {bool, type(None)}, "c": {int, str}}
    found = arrow_types(TableFile(path), types)
    assert found == pa.schema([("a", pa.float64()), ("b", pa.bool_()), ("c", pa.string()), ("d", pa.string())])
    pq.write_table(pa.table({"n": pa.array([1], pa.int8())}), tmp_path / "a.parquet")
    assert arrow_types(TableFile(tmp_path / "a.parquet"), {}) == pa.schema([("n", pa.int8())])


def test_whole_numbers_that_fit_no_type_become_text(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps(dict.fromkeys("abc")), encoding="utf-8")
    types = {"a": {HugeInteger, int}, "b": {LongInteger, int}, "c": {LongInteger, float}}
    found = arrow_types(TableFile(tmp_path / "a.jsonl"), types)
    assert found == pa.schema([("a", pa.string()), ("b", pa.int64()), ("c", pa.string())])
