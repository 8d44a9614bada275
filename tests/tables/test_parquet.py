"""Parquet files give their schema and their rows, or say that they are damaged."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stancelab.errors import DataError
from stancelab.tables.parquet import check_flat, read_parquet, read_schema

TABLE = pa.table({"n": [1, 2, 3], "tags": [["a"], [], None], "raw": [b"a", b"b", None]})


def test_schema_and_rows(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(TABLE, path)
    with path.open("rb") as file:
        assert read_schema(path, file).names == ["n", "tags", "raw"]
    batches = list(read_parquet(path, ["n"], 2))
    assert [batch.rows for batch in batches] == [[(1, {"n": 1}), (2, {"n": 2})], [(3, {"n": 3})]]
    assert batches[-1].bytes_read == path.stat().st_size


@pytest.mark.parametrize("column", ["tags", "raw"])
def test_columns_of_other_than_text_and_numbers_are_named(tmp_path: Path, column: str) -> None:
    check_flat(tmp_path, TABLE.schema, ["n"])
    with pytest.raises(DataError, match=rf"column '{column}' is of type .*; expected text or numbers"):
        check_flat(tmp_path, TABLE.schema, ["n", column])


def test_a_file_that_is_damaged_after_its_schema_was_read(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(TABLE, path)
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(DataError, match=r"not readable as Parquet .*; is the file cut off"):
        list(read_parquet(path, ["n"], 2))


def test_a_file_without_rows_yields_an_empty_batch(tmp_path: Path) -> None:
    pq.write_table(TABLE.slice(0, 0), tmp_path / "a.parquet")
    assert [batch.rows for batch in read_parquet(tmp_path / "a.parquet", ["n"], 2)] == [[]]


@pytest.mark.parametrize("name", ["text", "note"])
def test_rows_with_text_that_is_not_utf8_are_problems(tmp_path: Path, name: str) -> None:
    good, bad = pa.array(["a", "b", "c", "d"]), pa.array([b"a", b"b", b"caf\xe9", b"d"]).view(pa.string())
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"text": good, "note": good} | {name: bad}), path)
    batches = list(read_parquet(path, ["text", "note"], 2))
    assert [row for batch in batches for row in batch.rows] == [
        (number, {"text": cell, "note": cell}) for number, cell in ((1, "a"), (2, "b"), (4, "d"))
    ]
    assert [str(problem) for batch in batches for problem in batch.problems] == [
        f"{path}: row 3, column {name!r}: found 'caf\ufffd': byte 3 of the text is 0xE9, which is not UTF-8"
    ]


PEAK = """
import sys
from pathlib import Path
from stancelab.tables.parquet import read_parquet

def peak():
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM:")).split()[1]) * 1024

small, large = map(Path, sys.argv[1:])
columns = ["text", "copied"]
assert sum(len(batch.rows) for batch in read_parquet(small, columns, 100)) == 100
before = peak()
assert sum(len(batch.rows) for batch in read_parquet(large, columns, 100)) == 10_000
print(peak() - before)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak of memory is read from /proc")
def test_a_large_row_group_is_not_held_as_a_whole(tmp_path: Path) -> None:
    digits = os.urandom(25_000_000).hex()
    texts = [digits[start : start + 5_000] for start in range(0, len(digits), 5_000)]
    table = pa.table({"text": texts, "copied": texts[::-1]})
    paths = [tmp_path / "small.parquet", tmp_path / "large.parquet"]
    for path, part in zip(paths, (table.slice(0, 100), table), strict=True):
        codecs = {"text": "none", "copied": "snappy"}
        pq.write_table(part, path, row_group_size=len(table), compression=codecs, use_dictionary=["copied"])
    assert pq.ParquetFile(paths[1]).num_row_groups == 1
    # Other allocators keep what is free.
    environment = os.environ | {"ARROW_DEFAULT_MEMORY_POOL": "system"}
    command = [sys.executable, "-c", PEAK, *map(str, paths)]
    child = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    assert int(child.stdout) < 55_000_000 < 90_000_000 < paths[1].stat().st_size
