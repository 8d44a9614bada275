"""Raw rows of a CSV, TSV, JSONL or Parquet file, in batches and in constant memory, under the file's own column names.

This module knows file formats and nothing of stances: which columns mean what is decided in `tables`. A cell is a
string, "" where the file has nothing. What concerns a whole file (missing, of another format than its name says, in
another encoding than UTF-8) is a `DataError`; what concerns one row comes back as a `RowProblem` in that row's batch.
"""

from __future__ import annotations

import csv
import itertools
import json
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from stancelab.errors import DataError, RowProblem, did_you_mean, shorten
from stancelab.tables.textfile import TextFile, check_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pyarrow.parquet as pq

BATCH_ROWS: Final = 2_000
#: An unclosed quote swallows the rest of a file into one cell; a cell is cut off here before memory is.
MAX_CELL_CHARACTERS: Final = 16 * 1024 * 1024

_FORMAT_OF: Final = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".parquet": "parquet",
}


@dataclass(slots=True)
class RawBatch:
    """Some consecutive rows of one file.

    Attributes:
        rows: (1-based row number, {column: cell}) of the rows that could be read.
        problems: The rows that could not be read.
        bytes_read: How much of the file was read to get this far, for progress bars.
    """

    rows: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)
    bytes_read: int = 0

    def __len__(self) -> int:
        return len(self.rows) + len(self.problems)


def format_of(path: Path) -> str:
    """Return "csv", "tsv", "jsonl" or "parquet" by the file's name; text formats may end in ".gz".

    Raises:
        DataError: The name ends otherwise.
    """
    if path.is_dir():
        raise DataError(f"{path}: is a folder; expected a .csv, .tsv, .jsonl or .parquet file")
    name = path.name.lower()
    suffix = Path(name.removesuffix(".gz")).suffix
    kind = _FORMAT_OF.get(suffix)
    if kind is None or (kind == "parquet" and name.endswith(".gz")):
        raise DataError(
            f"{path}: the name ends in {path.suffix!r}; expected .csv, .tsv, .jsonl, .ndjson (each also with .gz)"
            f" or .parquet.{did_you_mean(suffix, _FORMAT_OF)} An Excel sheet is exported as CSV (UTF-8) first"
        )
    return kind


def column_names(path: Path) -> list[str] | None:
    """Return a table's column names in order, or None for JSONL, where each row names its own.

    Raises:
        DataError: The file cannot be read, is empty, or names a column twice.
    """
    kind = format_of(path)
    check_file(path, kind)
    if kind == "jsonl":
        return None
    if kind == "parquet":
        with open_parquet(path) as file:
            return _checked_names(path, list(file.schema_arrow.names))
    with TextFile(path) as text:
        return _header(path, kind, csv.reader(iter(text), delimiter=_delimiter(kind), strict=True))


def read_raw(path: Path, columns: Sequence[str] | None = None, batch_rows: int = BATCH_ROWS) -> Iterator[RawBatch]:
    """Yield a table's rows in batches.

    Args:
        path: The file; its name tells the format.
        columns: The columns that are wanted, where it is known; only Parquet profits. Cells that hold lists or objects
            are a problem only in these columns.
        batch_rows: How many rows come at a time.

    Raises:
        DataError: The file as a whole cannot be read.
    """
    kind = format_of(path)
    check_file(path, kind)
    if kind == "parquet":
        yield from _read_parquet(path, columns, batch_rows)
    elif kind == "jsonl":
        yield from _read_jsonl(path, columns, batch_rows)
    else:
        yield from _read_delimited(path, kind, batch_rows)


def _delimiter(kind: str) -> str:
    return "\t" if kind == "tsv" else ","


def _header(path: Path, kind: str, reader: Iterator[list[str]]) -> list[str]:
    """Take the header row from the reader and check it."""
    csv.field_size_limit(MAX_CELL_CHARACTERS)
    try:
        header = next((row for row in reader if row), None)
    except csv.Error as error:
        raise DataError(f"{path}: the header line cannot be read ({error})") from None
    if header is None:
        raise DataError(f"{path}: is empty, it has not even a header line")
    other = next((mark for mark in ("\t", ";", ",", "|") if mark != _delimiter(kind) and mark in header[0]), None)
    if len(header) == 1 and other is not None:
        expected = "tabs" if kind == "tsv" else "commas"
        advice = {"\t": "rename it to .tsv", ",": "rename it to .csv"}.get(
            other, f"export it with {expected}, or as .tsv with tabs"
        )
        raise DataError(
            f"{path}: the header {shorten(header[0])!r} is separated by {other!r}, not by {expected}; {advice}"
        )
    return _checked_names(path, [name.strip() for name in header])


def _checked_names(path: Path, names: list[str]) -> list[str]:
    seen: set[str] = set()
    twice = [name for name in names if name in seen or seen.add(name)]  # type: ignore[func-returns-value]
    if twice:
        raise DataError(f"{path}: column {twice[0]!r} occurs more than once; the columns are {', '.join(names)}")
    return names


def _read_delimited(path: Path, kind: str, batch_rows: int) -> Iterator[RawBatch]:
    with TextFile(path) as text:
        # strict: a quote that is never closed, or that ends inside a cell, is an error and not a guess.
        reader = csv.reader(iter(text), delimiter=_delimiter(kind), strict=True)
        header = _header(path, kind, reader)
        batch, number = RawBatch(), 0
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                break
            except csv.Error as error:
                number += 1
                batch.problems.append(RowProblem(str(path), number, "", "", _csv_advice(str(error))))
            else:
                if not cells:
                    continue
                number += 1
                if len(cells) == len(header):
                    batch.rows.append((number, dict(zip(header, cells, strict=True))))
                else:
                    reason = (
                        f"the row has {len(cells)} cells, the header has {len(header)}; is a quote or a comma missing?"
                    )
                    batch.problems.append(RowProblem(str(path), number, "", ",".join(cells), reason))
            if len(batch) >= batch_rows:
                batch.bytes_read = text.bytes_read
                yield batch
                batch = RawBatch()
        batch.bytes_read = text.bytes_read
        yield batch


def _csv_advice(error: str) -> str:
    if "unexpected end of data" in error or "field larger than" in error:
        return "a quote that opens in this row is never closed"
    if "new-line character" in error:
        return "a line ends in a bare carriage return; convert the line ends (dos2unix -c mac FILE)"
    return f"not readable as CSV: {error}; a quote inside a quoted cell is written twice"


def _read_jsonl(path: Path, columns: Sequence[str] | None, batch_rows: int) -> Iterator[RawBatch]:
    wanted = None if columns is None else set(columns)
    with TextFile(path) as text:
        batch = RawBatch()
        blank: list[int] = []
        for number, line in enumerate(text, start=1):
            if not line.strip():
                blank.append(number)
                continue
            # Empty lines at the end of a file are harmless; one with rows after it is a sign of damage.
            batch.problems += [RowProblem(str(path), row, "", "", "the line is empty") for row in blank]
            blank.clear()
            row = _json_row(path, number, line, wanted)
            if isinstance(row, RowProblem):
                batch.problems.append(row)
            else:
                batch.rows.append((number, row))
            if len(batch) >= batch_rows:
                batch.bytes_read = text.bytes_read
                yield batch
                batch = RawBatch()
        batch.bytes_read = text.bytes_read
        yield batch


def _json_row(path: Path, number: int, line: str, wanted: set[str] | None) -> dict[str, str] | RowProblem:
    value = json_object(path, number, line)
    if isinstance(value, RowProblem):
        return value
    row = {}
    for name, cell in value.items():
        if isinstance(cell, dict | list):
            if wanted is None or name in wanted:
                reason = "holds a list or an object; expected text or a number"
                return RowProblem(str(path), number, name, json.dumps(cell, ensure_ascii=False), reason)
            continue
        row[name] = cell_text(cell)
        if not is_unicode(row[name]):
            return RowProblem(str(path), number, name, repr(row[name]), "holds half of a character (a lone surrogate)")
    return row


def json_object(path: Path, number: int, line: str) -> dict[str, Any] | RowProblem:
    """Read one line of JSON Lines as an object."""
    try:
        value = json.loads(line)
    except (json.JSONDecodeError, RecursionError) as error:
        reason = f"not a complete JSON object ({error}); the line may be cut off"
        return RowProblem(str(path), number, "", line, reason)
    if not isinstance(value, dict):
        return RowProblem(str(path), number, "", line, 'expected a JSON object such as {"text": "..."}')
    return value


def _read_parquet(path: Path, columns: Sequence[str] | None, batch_rows: int) -> Iterator[RawBatch]:
    import pyarrow as pa

    with open_parquet(path) as file:
        names = _checked_names(path, list(file.schema_arrow.names))
        wanted = [name for name in names if columns is None or name in columns]
        for name in wanted:
            kind = file.schema_arrow.field(name).type
            if pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
                raise DataError(f"{path}: column {name!r} is of type {kind}; expected text or numbers")
        total, read, size = max(file.metadata.num_rows, 1), 0, path.stat().st_size
        for table in file.iter_batches(batch_size=batch_rows, columns=wanted):
            cells = [[cell_text(cell) for cell in column.to_pylist()] for column in table.columns]
            rows = [dict(zip(wanted, row, strict=True)) for row in zip(*cells, strict=True)]
            numbers = itertools.count(read + 1)
            read += len(rows)
            yield RawBatch(list(zip(numbers, rows, strict=False)), bytes_read=size * read // total)


@contextmanager
def open_parquet(path: Path) -> Iterator[pq.ParquetFile]:
    """Open a Parquet file; what pyarrow cannot read is a `DataError`, also while its rows are read."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            yield file
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path}: not readable as Parquet ({shorten(error, 200)}); is the file cut off?") from None


def cell_text(value: object) -> str:
    """Return a cell as a string: "" for nothing, numbers as Python writes them, everything else as it prints."""
    if value is None or value != value:  # NaN, the only value that is not itself, is how pandas writes "nothing"
        return ""
    return value if isinstance(value, str) else str(value)


def is_unicode(text: str) -> bool:
    """Tell whether a string can be written as UTF-8; JSON escapes can smuggle in half a character."""
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
