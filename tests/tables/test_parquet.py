"""Parquet files give their schema and their rows, or say that they are damaged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stancelab.errors import DataError
from stancelab.tables.parquet import check_flat, read_parquet, read_schema

if TYPE_CHECKING:
    from pathlib import Path

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
