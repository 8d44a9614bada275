"""Tables are written whole, in the format that the name tells, with the types of their cells."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stancelab.errors import DataError
from stancelab.tables.table_file import TableFile
from stancelab.tables.writable import HugeInteger, LongInteger
from stancelab.tables.writers import arrow_types, check_output

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("a.csv.bz2", r"\.bz2 files are read, not written; end its name in \.gz or \.zst"),
        ("a.parquet.gz", r"compressed in itself; leave \.gz out of its name"),
        (
            "a.rtf",
            r"the name ends in '\.rtf'; expected \.csv, \.tsv, \.tab, \.jsonl, .* or \.parquet\.",
        ),
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
