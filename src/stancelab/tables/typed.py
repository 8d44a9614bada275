"""A user's table row by row with its columns and types as they came, and the same table written with more columns."""

from __future__ import annotations

import csv
import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol

from stancelab.errors import DataError, RowProblem, shorten
from stancelab.files import atomic_file
from stancelab.tables.formats import BATCH_ROWS, cell_text, column_names, format_of, json_object, open_parquet, read_raw
from stancelab.tables.textfile import TextFile, check_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    import pyarrow as pa

#: A row's number in its file with its cells, or why it cannot be read.
NumberedRow = tuple[int, dict[str, Any]]


class TableWriter(Protocol):
    """Takes rows in batches; every row has the columns that the writer was opened with."""

    def write(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Append rows."""


def read_rows(path: Path) -> Iterator[list[NumberedRow | RowProblem]]:
    """Yield a table's rows in batches, in order; cells keep the types that the format has for them.

    Raises:
        DataError: The file as a whole cannot be read.
    """
    kind = format_of(path)
    if kind == "jsonl":
        yield from _read_jsonl(path)
    elif kind == "parquet":
        yield from _read_parquet(path)
    else:
        for batch in read_raw(path):
            rows: list[NumberedRow | RowProblem] = [*batch.rows, *batch.problems]
            yield sorted(rows, key=lambda row: row.row if isinstance(row, RowProblem) else row[0])


def check_output(path: Path) -> None:
    """Raise a `DataError` where an output's name tells no format that is written, or it is a folder."""
    format_of(path)
    if path.name.lower().endswith(".gz"):
        raise DataError(f"{path}: the output is not compressed; leave .gz out of its name")
    if path.is_dir():
        raise DataError(f"{path}: is a folder; name the file to write")


@contextmanager
def open_writer(path: Path, columns: Sequence[str], schema: pa.Schema) -> Iterator[TableWriter]:
    """Open a table for writing; it takes the place of `path` when the block ends without an error.

    Args:
        path: The output; its name tells the format.
        columns: All columns in order.
        schema: Their types; only Parquet needs them.
    """
    kind = format_of(path)
    with atomic_file(path) as partial:
        if kind == "parquet":
            import pyarrow.parquet as pq

            with pq.ParquetWriter(partial, schema) as parquet:
                yield _ParquetRows(parquet, schema, path)
        else:
            with partial.open("w", encoding="utf-8", newline="") as file:
                yield _JsonRows(file) if kind == "jsonl" else _DelimitedRows(file, columns, kind)


def schema_of(path: Path, columns: Sequence[str], types: Mapping[str, set[type]]) -> pa.Schema:
    """Return the Arrow types of a table's columns: a Parquet file's own, else by the types seen in its cells.

    Args:
        path: The input.
        columns: Its columns in order.
        types: The Python types of each column's cells, as pass over the file has found them.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    if format_of(path) == "parquet":
        schema = pq.read_schema(path)
        return pa.schema([schema.field(name) for name in columns])
    names = {bool: pa.bool_(), int: pa.int64(), float: pa.float64()}
    fields = []
    for column in columns:
        seen = types.get(column, set()) - {type(None)}
        seen = {float} if seen == {int, float} else seen
        fields.append(pa.field(column, names.get(seen.pop(), pa.string()) if len(seen) == 1 else pa.string()))
    return pa.schema(fields)


class _DelimitedRows:
    def __init__(self, file: Any, columns: Sequence[str], kind: str) -> None:
        delimiter = "\t" if kind == "tsv" else ","
        self._columns = columns
        self._writer = csv.writer(file, delimiter=delimiter, lineterminator="\n")
        self._writer.writerow(columns)

    def write(self, rows: Sequence[Mapping[str, Any]]) -> None:
        for row in rows:
            self._writer.writerow([_flat(row.get(name)) for name in self._columns])


class _JsonRows:
    def __init__(self, file: Any) -> None:
        self._file = file

    def write(self, rows: Sequence[Mapping[str, Any]]) -> None:
        for row in rows:
            self._file.write(json.dumps(row, ensure_ascii=False, default=str) + "\n")


class _ParquetRows:
    def __init__(self, writer: Any, schema: pa.Schema, path: Path) -> None:
        self._writer = writer
        self._schema = schema
        self._path = path

    def write(self, rows: Sequence[Mapping[str, Any]]) -> None:
        import pyarrow as pa

        text = {field.name for field in self._schema if pa.types.is_string(field.type)}
        flat = [{name: _text(cell) if name in text else cell for name, cell in row.items()} for row in rows]
        try:
            self._writer.write_table(pa.Table.from_pylist(flat, schema=self._schema))
        except (pa.ArrowException, TypeError, ValueError) as error:
            raise DataError(
                f"{self._path}: the rows do not fit one type a column ({shorten(error)}); write .jsonl"
            ) from None


def _flat(cell: Any) -> str:
    return json.dumps(cell, ensure_ascii=False, default=str) if isinstance(cell, dict | list) else cell_text(cell)


def _text(cell: Any) -> str | None:
    return None if cell is None else _flat(cell)


def _read_jsonl(path: Path) -> Iterator[list[NumberedRow | RowProblem]]:
    check_file(path, "jsonl")
    with TextFile(path) as text:
        batch: list[NumberedRow | RowProblem] = []
        for number, line in enumerate(text, start=1):
            if not line.strip():
                continue
            value = json_object(path, number, line)
            batch.append(value if isinstance(value, RowProblem) else (number, value))
            if len(batch) >= BATCH_ROWS:
                yield batch
                batch = []
        yield batch


def _read_parquet(path: Path) -> Iterator[list[NumberedRow | RowProblem]]:
    column_names(path)
    number = 0
    with open_parquet(path) as file:
        for table in file.iter_batches(batch_size=BATCH_ROWS):
            rows = table.to_pylist()
            yield [(number + offset, row) for offset, row in enumerate(rows, start=1)]
            number += len(rows)
