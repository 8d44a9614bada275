"""CSV and TSV: the header and the rows; every cell is a string."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Final

from stancelab.errors import DataError, RowProblem, shorten
from stancelab.tables.batches import RowBatch
from stancelab.tables.delimiters import without_sep_line
from stancelab.tables.formats import DELIMITERS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from stancelab.tables.formats import Format
    from stancelab.tables.text_file import TextFile

#: An unclosed quote takes the rest of a file into one cell; a cell is cut off here, before memory runs out.
MAX_CELL_CHARACTERS: Final = 16 * 1024 * 1024


def read_header(text: TextFile, kind: Format, max_cell_characters: int, delimiter: str | None = None) -> list[str]:
    """Return the column names; the delimiter is that of the format where none is given.

    Raises:
        DataError: There is no header line, it has another delimiter than the format, or it names a column twice.
    """
    delimiter = delimiter or DELIMITERS[kind]
    return _header(text.path, kind, delimiter, _reader(text, delimiter, max_cell_characters))


def read_delimited(
    text: TextFile, kind: Format, batch_rows: int, max_cell_characters: int, delimiter: str | None = None
) -> Iterator[RowBatch]:
    """Yield the rows in batches; a row's number counts rows, not lines, and leaves the header and empty lines out."""
    delimiter = delimiter or DELIMITERS[kind]
    path, reader = text.path, _reader(text, delimiter, max_cell_characters)
    header = _header(path, kind, delimiter, reader)
    batch, number = RowBatch(), 0
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            number += 1
            batch.problems.append(RowProblem(str(path), number, "", "", _advice(str(error))))
        else:
            if not cells:
                continue
            number += 1
            if len(cells) == len(header):
                batch.rows.append((number, dict(zip(header, cells, strict=True))))
            else:
                reason = f"the row has {len(cells)} cells, the header has {len(header)}; is a quote or a comma missing?"
                batch.problems.append(RowProblem(str(path), number, "", ",".join(cells), reason))
        if len(batch) >= batch_rows:
            batch.bytes_read = text.bytes_read
            yield batch
            batch = RowBatch()
    batch.bytes_read = text.bytes_read
    yield batch


def check_names(path: Path, names: Sequence[str]) -> list[str]:
    """Return the column names; one that occurs twice is a `DataError`."""
    seen: set[str] = set()
    twice = [name for name in names if name in seen or seen.add(name)]  # type: ignore[func-returns-value]
    if twice:
        raise DataError(f"{path}: column {twice[0]!r} occurs more than once; the columns are {', '.join(names)}")
    return list(names)


def _reader(text: TextFile, delimiter: str, max_cell_characters: int) -> Iterator[list[str]]:
    # The limit is one for the whole process; it is set before each pass.
    csv.field_size_limit(max_cell_characters)
    # strict: a quote that is never closed, or that ends inside a cell, is an error and not a guess.
    return csv.reader(without_sep_line(text), delimiter=delimiter, strict=True)


def _header(path: Path, kind: Format, delimiter: str, reader: Iterator[list[str]]) -> list[str]:
    """Take the header row from the reader and check it."""
    try:
        header = next((row for row in reader if row), None)
    except csv.Error as error:
        raise DataError(f"{path}: the header line cannot be read ({error})") from None
    if header is None:
        raise DataError(f"{path}: is empty, it has not even a header line")
    other = next((mark for mark in ("\t", ";", ",", "|") if mark != delimiter and mark in header[0]), None)
    if len(header) == 1 and other is not None:
        expected = "tabs" if kind == "tsv" else "commas"
        advice = {"\t": "rename it to .tsv", ",": "rename it to .csv"}.get(
            other, f"export it with {expected}, or as .tsv with tabs"
        )
        raise DataError(
            f"{path}: the header {shorten(header[0])!r} is separated by {other!r}, not by {expected}; {advice}"
        )
    return check_names(path, [name.strip() for name in header])


def _advice(error: str) -> str:
    if "unexpected end of data" in error or "field larger than" in error:
        return "a quote that opens in this row is never closed"
    if "new-line character" in error:
        return "a line ends in a bare carriage return; convert the line ends (dos2unix -c mac FILE)"
    return f"not readable as CSV: {error}; a quote inside a quoted cell is written twice"
