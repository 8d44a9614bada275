"""Rows as CSV, TSV, JSON Lines or Parquet has them, written in batches."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, Protocol

from stancelab.errors import DataError, shorten
from stancelab.files import atomic_file
from stancelab.tables.arrow_cells import arrow_cell
from stancelab.tables.cells import flat_text, json_value
from stancelab.tables.csv_lines import PLAIN, Lines, Style
from stancelab.tables.formats import DELIMITERS, Format, check_written
from stancelab.tables.writable import HugeInteger, LongInteger

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    import pyarrow as pa

    from stancelab.tables.table_file import TableFile

#: What Arrow raises where a cell is not of its column's type; what it does not convert is a `NotImplementedError`.
_UNFIT: Final = (TypeError, ValueError, OverflowError, LookupError, AttributeError, NotImplementedError)


class TableWriter(Protocol):
    """Takes rows in batches; every row has the columns that the writer was opened with."""

    def write(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Append rows."""


def check_output(path: Path) -> None:
    """Raise a `DataError` where an output's name tells no format that is written, or it is a folder."""
    check_written(path)


def text_rows(file: Any, kind: Format, columns: Sequence[str], style: Style = PLAIN) -> TableWriter:
    """Return what writes the rows of a text format to a file that is open; the header is not written.

    Args:
        file: A file of text.
        kind: Its format.
        columns: All columns in order.
        style: How CSV and TSV are written.
    """
    return _JsonRows(file) if kind == "jsonl" else _DelimitedRows(file, columns, Lines(DELIMITERS[kind], style))


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[Any]], style: Style) -> None:
    """Write a CSV as a whole.

    Args:
        path: The file.
        columns: Its columns.
        rows: The cells of each row, in the order of the columns.
        style: How it is written.
    """
    lines = Lines(",", style)
    with atomic_file(path) as partial, partial.open("w", encoding="utf-8", newline="") as file:
        file.write(lines.header(columns))
        file.writelines(lines.row(row) for row in rows)


def arrow_types(table: TableFile, types: Mapping[str, set[type]]) -> pa.Schema:
    """Return the Arrow types of a table's columns: a Parquet file's own, else by the types of its cells.

    Args:
        table: The table.
        types: The types of each column's cells, as `kind_of` gives them and a pass over the rows has found them.
    """
    import pyarrow as pa

    if table.schema is not None:
        return pa.schema([table.schema.field(name) for name in table.columns])
    names = {bool: pa.bool_(), int: pa.int64(), float: pa.float64()}
    fields = []
    for column in table.columns:
        seen = types.get(column, set()) - {type(None)}
        seen = _one_type(seen)
        fields.append(pa.field(column, names.get(seen.pop(), pa.string()) if len(seen) == 1 else pa.string()))
    return pa.schema(fields)


def _one_type(seen: set[type]) -> set[type]:
    """Return the type that holds all cells of a column without a change, or more than one where none does."""
    if HugeInteger in seen:
        return {str}
    if LongInteger in seen:
        return {int if part is LongInteger else part for part in seen}
    return {float} if seen == {int, float} else seen


class _DelimitedRows:
    def __init__(self, file: Any, columns: Sequence[str], lines: Lines) -> None:
        self._file = file
        self._columns = columns
        self._lines = lines

    def write(self, rows: Sequence[Mapping[str, Any]]) -> None:
        self._file.writelines(self._lines.row(row.get(name) for name in self._columns) for row in rows)


class _JsonRows:
    def __init__(self, file: Any) -> None:
        self._file = file

    def write(self, rows: Sequence[Mapping[str, Any]]) -> None:
        for row in rows:
            written = json.dumps(json_value(dict(row)), ensure_ascii=False, default=str, allow_nan=False)
            self._file.write(written + "\n")


class ParquetRows:
    """Writes rows to a `ParquetWriter` that is open; each call of `write` makes one row group.

    Args:
        writer: The writer.
        schema: The types of all columns.
        path: The output, for messages.
    """

    def __init__(self, writer: Any, schema: pa.Schema, path: Path) -> None:
        self._writer = writer
        self._schema = schema
        self._path = path

    def write(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Append rows.

        Raises:
            DataError: A cell is of another type than its column.
        """
        import pyarrow as pa

        flat = {field.name: _column([row.get(field.name) for row in rows], field.type) for field in self._schema}
        try:
            self._writer.write_table(pa.Table.from_pydict(flat, schema=self._schema))
        except _UNFIT as error:
            name = next((field.name for field in self._schema if not _fits(flat[field.name], field.type)), "")
            where = f"the cells of the column {name!r} do not fit its type" if name else "the rows do not fit"
            raise DataError(f"{self._path}: {where} ({shorten(error)}); write .jsonl") from None


def _column(cells: list[Any], kind: pa.DataType) -> list[Any]:
    """Return the cells of a column as Arrow takes them."""
    import pyarrow as pa

    if pa.types.is_string(kind):
        return [None if cell is None else flat_text(cell) for cell in cells]
    return [arrow_cell(cell) for cell in cells] if pa.types.is_temporal(kind) or pa.types.is_nested(kind) else cells


def _fits(cells: list[Any], kind: pa.DataType) -> bool:
    import pyarrow as pa

    try:
        pa.array(cells, type=kind)
    except _UNFIT:
        return False
    return True
