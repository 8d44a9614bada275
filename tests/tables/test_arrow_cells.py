"""Cells of Arrow that no Python value holds become text in full precision, and go back as they were."""

from __future__ import annotations

import json
import pickle
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stancelab.tables.arrow_cells import ExactText, arrow_cell, rows_of
from stancelab.tables.cells import flat_text
from stancelab.tables.pieces import Layout, join_pieces, open_piece
from stancelab.tables.table_file import TableFile

if TYPE_CHECKING:
    from pathlib import Path


def times(value: int, kind: pa.DataType) -> pa.Array:
    whole = pa.int32() if kind.bit_width == 32 else pa.int64()
    return pa.array([value, None], whole).cast(kind)


#: Arrays of a cell and nothing, and the cell's text.
CASES: list[tuple[pa.Array, str]] = [
    (times(10**7, pa.date32()), "29349-01-26"),
    (times(9 * 10**17, pa.timestamp("us")), "30489-11-11 16:00:00"),
    (times(9 * 10**17 + 5, pa.timestamp("us", "Europe/Berlin")), "30489-11-11 16:00:00.000005+00:00"),
    (times(2**62, pa.duration("s")), "53375995583650 days, 7:45:04"),
    (times(0, pa.timestamp("us", "Mars/Base")), "1970-01-01 00:00:00+00:00"),
    (times(1, pa.timestamp("ns")), "1970-01-01 00:00:00.000000001"),
    (times(1, pa.timestamp("ns", "Europe/Berlin")), "1970-01-01 01:00:00.000000001+01:00"),
    (times(1_000, pa.timestamp("ns")), "1970-01-01 00:00:00.000001"),
    (times(1, pa.time64("ns")), "00:00:00.000000001"),
    (times(1, pa.duration("ns")), "0:00:00.000000001"),
    (times(-1, pa.duration("ns")), "-1 day, 23:59:59.999999999"),
    (times(90_000, pa.duration("s")), "1 day, 1:00:00"),
    (pa.ListArray.from_arrays([0, 1, 1], times(10**7, pa.date32())[:1]), '["29349-01-26"]'),
    (pa.array([{"at": times(1, pa.time64("ns"))[0]}, None]), '{"at": "00:00:00.000000001"}'),
    (
        pa.array([[("k", times(1, pa.timestamp("ns"))[0])], None], pa.map_(pa.string(), pa.timestamp("ns"))),
        '[["k", "1970-01-01 00:00:00.000000001"]]',
    ),
    (pa.StructArray.from_arrays([pa.array([1]), pa.array([2])], names=["a", "a"]), "[('a', 1), ('a', 2)]"),
]


@pytest.mark.parametrize(("column", "text"), CASES, ids=[str(column.type) for column, _ in CASES])
def test_cells_are_told_in_full_and_go_back_as_they_were(column: pa.Array, text: str) -> None:
    rows, damaged = rows_of(pa.record_batch({"n": column}))
    assert damaged == {}
    assert flat_text(rows[0]["n"]) == text
    assert pa.array([arrow_cell(row["n"]) for row in rows], type=column.type).equals(column)


def test_a_text_goes_to_another_process_as_text_alone() -> None:
    [row] = rows_of(pa.record_batch({"n": times(1, pa.time64("ns"))[:1]}))[0]
    assert isinstance(row["n"], ExactText)
    copy = pickle.loads(pickle.dumps(row["n"]))
    assert (type(copy), copy) == (str, "00:00:00.000000001")


@pytest.mark.parametrize("name", ["out.csv", "out.jsonl", "out.parquet"])
def test_copied_columns_go_out_as_they_came(tmp_path: Path, name: str) -> None:
    source, output = tmp_path / "in.parquet", tmp_path / name
    whole = pa.table({str(place): column for place, (column, _) in enumerate(CASES) if len(column) == 2})
    pq.write_table(whole, source)
    stored = pq.read_table(source)
    table = TableFile(source)
    layout = Layout(output, table.columns, table.schema)
    with open_piece(tmp_path / "piece", layout) as writer:
        for batch in table.rows():
            writer.write([row for _, row in batch.rows])
    join_pieces([tmp_path / "piece"], layout, tmp_path / "partial")
    if name == "out.parquet":
        assert pq.read_table(output).equals(stored)
        return
    [(_, first), (_, second)] = [row for batch in TableFile(output).rows() for row in batch.rows]
    expected: dict[str, Any] = {column: CASES[int(column)][1] for column in table.columns}
    if name == "out.jsonl":  # has lists and objects
        expected = {key: json.loads(cell) if cell[0] in "[{" else cell for key, cell in expected.items()}
    assert first == expected
    assert all(cell in (None, "", [], "[]") for cell in second.values())


BAD = pa.array([b"caf\xe9", b"tea", None]).view(pa.string())


@pytest.mark.parametrize(
    "column",
    [
        BAD,
        BAD.dictionary_encode(),
        pa.ListArray.from_arrays([0, 1, 2, 3], BAD),
        pa.StructArray.from_arrays([BAD], names=["a"]),
    ],
    ids=["string", "dictionary", "list", "struct"],
)
def test_text_that_is_not_utf8_damages_its_row_alone(column: pa.Array) -> None:
    rows, damaged = rows_of(pa.record_batch({"n": column, "other": pa.array([1, 2, 3])}))
    assert [(place, each.column, each.value, each.reason) for place, each in damaged.items()] == [
        (0, "n", "caf\ufffd", "byte 3 of the text is 0xE9, which is not UTF-8")
    ]
    assert rows[1] == {"n": column[1].as_py(), "other": 2}
    assert rows[2]["other"] == 3
