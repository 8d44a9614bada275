"""A table that was written in pieces is the same, whatever the pieces."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stancelab.errors import DataError
from stancelab.tables import pieces
from stancelab.tables.csv_lines import Style
from stancelab.tables.pieces import Layout, join_pieces, open_piece

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = pa.schema([("n", pa.int64()), ("tags", pa.string())])
ROWS: list[dict[str, Any]] = [{"n": 1, "tags": ["é", "b"]}, {"n": 2, "tags": None}]
CSV = 'n,tags\n1,"[""é"", ""b""]"\n2,\n'


def written(folder: Path, name: str, parts: list[list[list[dict[str, Any]]]], style: Style | None = None) -> bytes:
    """Return the bytes of a table: each part is a piece, and each list in it is written by one call."""
    layout = Layout(folder / name, ["n", "tags"], SCHEMA, style or Style())
    paths = [folder / f"piece-{number}" for number in range(len(parts))]
    for path, calls in zip(paths, parts, strict=True):
        with open_piece(path, layout) as writer:
            for rows in calls:
                writer.write(rows)
    join_pieces(paths, layout, folder / "joined")
    return (folder / name).read_bytes()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", CSV),
        ("a.tsv", 'n\ttags\n1\t"[""é"", ""b""]"\n2\t\n'),
        ("a.jsonl", '{"n": 1, "tags": ["é", "b"]}\n{"n": 2, "tags": null}\n'),
    ],
)
def test_text_formats(tmp_path: Path, name: str, content: str) -> None:
    assert written(tmp_path, name, [[ROWS[:1]], [ROWS[1:]]]).decode() == content


def test_the_header_and_its_mark_stand_once(tmp_path: Path) -> None:
    content = written(tmp_path, "a.csv", [[ROWS[:1]], [ROWS[1:]]], Style(byte_order_mark=True)).decode()
    assert content == "\ufeff" + CSV


def test_gzip_and_zstandard_where_the_name_says_so(tmp_path: Path) -> None:
    assert gzip.decompress(written(tmp_path, "a.csv.gz", [[ROWS]])).decode() == CSV
    written(tmp_path, "a.csv.zst", [[ROWS[:1]], [ROWS[1:]]])
    with pa.input_stream(str(tmp_path / "a.csv.zst"), compression="zstd") as plain:
        assert plain.read().decode() == CSV


@pytest.mark.parametrize("name", ["a.jsonl", "a.csv.gz", "a.csv.zst", "a.parquet"])
def test_how_rows_are_divided_does_not_show(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(pieces, "_GROUP_ROWS", 300)
    rows = [{"n": number, "tags": f"{number * 7919 % 1000}"} for number in range(40_000)]
    calls = [rows[start : start + 100] for start in range(0, len(rows), 100)]
    assert written(tmp_path, name, [calls]) == written(tmp_path, name, [calls[:7], calls[7:8], [], calls[8:]])


def test_parquet_has_the_schema_nested_cells_as_text_and_large_groups(tmp_path: Path) -> None:
    written(tmp_path, "a.parquet", [[ROWS[:1]], [ROWS[1:]]])
    table = pq.read_table(tmp_path / "a.parquet")
    assert table.schema.equals(SCHEMA)
    assert table.to_pylist() == [{"n": 1, "tags": '["é", "b"]'}, {"n": 2, "tags": None}]
    assert pq.ParquetFile(tmp_path / "a.parquet").num_row_groups == 1


def test_columns_of_categories_that_differ_between_pieces(tmp_path: Path) -> None:
    schema = pa.schema([("n", pa.dictionary(pa.int32(), pa.string()))])
    layout = Layout(tmp_path / "a.parquet", ["n"], schema)
    for name, cell in (("one", "x"), ("two", "y")):
        with open_piece(tmp_path / name, layout) as writer:
            writer.write([{"n": cell}])
    join_pieces([tmp_path / "one", tmp_path / "two"], layout, tmp_path / "joined")
    assert pq.read_table(layout.path)["n"].to_pylist() == ["x", "y"]


def test_rows_of_no_one_type_leave_nothing(tmp_path: Path) -> None:
    with pytest.raises(
        DataError, match=r"a\.parquet: the cells of the column 'n' do not fit its type .*; write \.jsonl"
    ):
        written(tmp_path, "a.parquet", [[[{"n": "one", "tags": ""}]]])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["a.csv", "a.parquet"])
def test_a_piece_that_fails_is_not_there(tmp_path: Path, name: str) -> None:
    layout = Layout(tmp_path / name, ["n", "tags"], SCHEMA)
    with pytest.raises(RuntimeError), open_piece(tmp_path / "piece", layout) as writer:
        writer.write(ROWS)
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []
