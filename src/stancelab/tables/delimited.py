"""CSV and TSV: the header and the rows; every cell is a string."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from stancelab.errors import DataError, RowProblem, count_of, shorten
from stancelab.tables.batches import RowBatch
from stancelab.tables.delimiters import without_sep_line
from stancelab.tables.quotes import Recent, are_rows, look_like_rows, open_quote
from stancelab.tables.text_file import DamagedLine

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from stancelab.tables.formats import Format
    from stancelab.tables.text_file import TextFile

#: An unclosed quote takes the rest of a file into one cell; a cell is cut off here, before memory runs out.
MAX_CELL_CHARACTERS: Final = 16 * 1024 * 1024
#: So many cells that take in lines which look like rows are told one by one.
_SHOWN: Final = 3
_MARKS: Final = {"\t": "tabs", ",": "commas"}


@dataclass(frozen=True)
class Dialect:
    """How the cells of a file are written.

    Attributes:
        delimiter: What separates them.
        is_quoted: Whether cells may stand between double quotes.
        max_cell_characters: The longest cell; a longer one is taken for an unclosed quote.
        setting: The setting that says how the file is quoted, such as "data.quoting"; "" where there is none.
    """

    delimiter: str
    is_quoted: bool = True
    max_cell_characters: int = MAX_CELL_CHARACTERS
    setting: str = ""

    def further_reader(self, lines: Iterable[str]) -> Any:
        """Return what reads the rows of lines that are not the first of their file, and are quoted."""
        return csv.reader(lines, delimiter=self.delimiter, strict=True)

    @property
    def unquoted(self) -> str:
        """What to do where the quotes of a file enclose nothing."""
        return f", or read the file without quoting: {self.setting}=none" if self.setting and self.is_quoted else ""

    def reader(self, lines: Iterable[str]) -> Any:
        """Return what reads the rows of some lines."""
        # The limit is one for the whole process; it is set before each pass.
        csv.field_size_limit(self.max_cell_characters)
        if not self.is_quoted:
            return csv.reader(without_sep_line(lines), delimiter=self.delimiter, quoting=csv.QUOTE_NONE)
        # strict: a quote that is never closed, or that ends inside a cell, is an error and not a guess.
        return csv.reader(without_sep_line(lines), delimiter=self.delimiter, strict=True)


def read_header(text: TextFile, kind: Format, dialect: Dialect) -> list[str]:
    """Return the column names.

    Raises:
        DataError: There is no header line, it has another delimiter than the format, or it names a column twice.
    """
    recent = Recent(text)
    header = _header(text.path, kind, dialect, dialect.reader(recent))
    _check_header_lines(text.path, recent.lines)
    return _named(header)


def read_delimited(text: TextFile, kind: Format, batch_rows: int, dialect: Dialect) -> Iterator[RowBatch]:
    """Yield the rows in batches; a row's number counts rows, not lines, and leaves the header and empty lines out.

    Where a quote takes in lines that are rows (`quotes.are_rows`), the row that it opens in is a problem of its own,
    and reading goes on behind it.
    """
    recent = Recent(text)
    reader = dialect.reader(recent)
    rows = _Rows(text.path, _header(text.path, kind, dialect, reader), dialect)
    _check_header_lines(text.path, recent.lines)
    recent.lines.clear()
    batch = RowBatch()
    while True:
        line = recent.count + 1
        try:
            cells = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            kept = rows.add_error(batch, str(error), line, recent.lines)
        else:
            kept = rows.add(batch, cells, line, recent.lines) if cells else len(recent.lines)
        if kept < len(recent.lines):
            recent.put_back(recent.lines[kept:])
            reader = dialect.further_reader(recent)  # the one before has come to the end of the file
        recent.lines.clear()
        if len(batch) >= batch_rows:
            batch.bytes_read = text.bytes_read
            yield batch
            batch = RowBatch()
    batch.bytes_read = text.bytes_read
    batch.warnings += rows.further_warnings()
    yield batch


def check_names(path: Path, names: Sequence[str]) -> list[str]:
    """Return the column names; one that occurs twice is a `DataError`."""
    seen: set[str] = set()
    twice = [name for name in names if name in seen or seen.add(name)]  # type: ignore[func-returns-value]
    if twice:
        raise DataError(
            f"{path}: column {twice[0]!r} occurs more than once; the columns are {', '.join(names)}; rename all but one"
        )
    return list(names)


class _Rows:
    """Puts records into batches: as rows, or as the reasons why they are none."""

    def __init__(self, path: Path, header: list[str], dialect: Dialect) -> None:
        self._path = path
        self._header = header
        self._dialect = dialect
        self._number = 0
        self._doubtful = 0
        self._nameless = len(header) - len(_named(header))

    def add(self, batch: RowBatch, cells: list[str], line: int, lines: Sequence[str]) -> int:
        """Add a record that could be read, and return how many of its lines are read by that.

        Args:
            batch: Where it goes.
            cells: Its cells.
            line: The number of its first line.
            lines: Its lines.
        """
        self._number += 1
        alike = look_like_rows(lines, self._dialect.delimiter, len(self._header)) if len(lines) > 1 else 0
        if damaged := next((each for each in lines if isinstance(each, DamagedLine)), None):
            return self._reject_from_quote(batch, lines, damaged.reason, damaged.readable.strip(), unbounded=alike > 0)
        if len(cells) == len(self._header):
            row = dict(zip(self._header, cells, strict=True))
            if self._nameless and not self._leave_out_nameless(batch, cells, row):
                return len(lines)
            batch.rows.append((self._number, row))
            if alike:
                self._doubt(batch, line, lines, alike)
            return len(lines)
        reason = (
            f"the row has {count_of(len(cells), 'cell')}, the header has {len(self._header)};"
            " is a quote or a comma missing?"
        )
        if alike:
            reason += (
                f" A quote opens in this row: {self._opening(line, lines)}, and {_lines_after(len(lines) - 1)} would be"
                f" part of it{self._dialect.unquoted}"
            )
        elif len(lines) > 1:
            reason += f" It takes in lines {line} to {line + len(lines) - 1}"
        return self._reject_from_quote(batch, lines, reason, ",".join(cells), unbounded=alike > 0)

    def add_error(self, batch: RowBatch, error: str, line: int, lines: Sequence[str]) -> int:
        """Add a record that is not readable as CSV, and return how many of its lines are read by that."""
        self._number += 1
        if "unexpected end of data" in error or "field larger than" in error:
            opening = self._opening(line, lines)
            swallowed = len(lines) - 1 - (open_quote(lines, self._dialect.delimiter) or 0)
            reason = (
                f"a quote that opens in this row is never closed: {opening}, and {_lines_after(swallowed)} would be"
                f" part of its cell. Write a quote within a quoted cell twice{self._dialect.unquoted}"
            )
            return self._reject_from_quote(batch, lines, reason, unbounded=True)
        if "new-line character" in error:
            pieces = [piece for piece in lines[-1].strip("\r\n").split("\r") if piece]
            reason = "a line ends in a bare carriage return; convert the line ends (dos2unix -c mac FILE)"
            alike = look_like_rows(pieces, self._dialect.delimiter, len(self._header)) if pieces else 0
            self._reject(batch, "", reason, unbounded=alike > 0)
            return len(lines)
        reason = f"not readable as CSV: {error}; a quote inside a quoted cell is written twice"
        if len(lines) > 1:
            reason += (
                f". A quote opens in this row: {self._opening(line, lines)} and closes within a cell in line"
                f" {line + len(lines) - 1}"
                f"{self._dialect.unquoted}"
            )
        return self._reject_from_quote(batch, lines, reason, unbounded=len(lines) > 1)

    def _reject_from_quote(
        self, batch: RowBatch, lines: Sequence[str], reason: str, value: str = "", *, unbounded: bool
    ) -> int:
        """Add a row that a quote makes a problem, and return how many of its lines are read by that.

        Where the other lines are rows, it ends with its first line. A row of one line takes in no other.
        """
        is_last = len(lines) == 1
        if is_last or not unbounded or not are_rows(lines, self._dialect.delimiter, len(self._header)):
            self._reject(batch, value, reason, unbounded=unbounded and not is_last)
            return len(lines)
        first = lines[0].readable if isinstance(lines[0], DamagedLine) else lines[0]
        self._reject(batch, first.strip(), reason, unbounded=False)
        return 1

    def _leave_out_nameless(self, batch: RowBatch, cells: list[str], row: dict[str, str]) -> bool:
        """Take columns without a name out of a row; where one holds something, the row is a problem."""
        places = [place for place, name in enumerate(self._header) if not name and cells[place].strip()]
        if places:
            reason = f"stands in column {places[0] + 1}, which has no name; name it in the header, or empty the cell"
            self._reject(batch, cells[places[0]], reason, unbounded=False)
            return False
        del row[""]
        return True

    def further_warnings(self) -> list[str]:
        """Say what is to be told once for the file."""
        found = []
        if self._nameless:
            found = [f"{self._path}: {count_of(self._nameless, 'column')} without a name and without content left out"]
        more = self._doubtful - _SHOWN
        if more > 0:
            found.append(f"{self._path}: {count_of(more, 'more row')} with cells that take in such lines")
        return found

    def _opening(self, line: int, lines: Sequence[str]) -> str:
        return f"it opens in line {line + (open_quote(lines, self._dialect.delimiter) or 0)}"

    def _doubt(self, batch: RowBatch, line: int, lines: Sequence[str], alike: int) -> None:
        self._doubtful += 1
        if self._doubtful <= _SHOWN:
            batch.warnings.append(
                f"{self._path}: line {line}: a quote that opens in row {self._number} closes in line"
                f" {line + len(lines) - 1}; the cell takes in {count_of(alike, 'line')} that"
                f" {'looks' if alike == 1 else 'look'} like rows. If they are rows, write each quote within a cell"
                f" twice, between quotes{self._dialect.unquoted}"
            )

    def _reject(self, batch: RowBatch, value: str, reason: str, *, unbounded: bool) -> None:
        batch.problems.append(RowProblem(str(self._path), self._number, "", value, reason, unbounded=unbounded))


def _check_header_lines(path: Path, lines: Sequence[str]) -> None:
    """Refuse a header with bytes that are not UTF-8: they may be part of a name."""
    for line in lines:
        if isinstance(line, DamagedLine):
            raise DataError(f"{path}: {line.reason}")


def _named(header: list[str]) -> list[str]:
    """Return the columns that are read: those with a name, and the one without where there is one alone."""
    return header if header.count("") == 1 else [name for name in header if name]


def _lines_after(number: int) -> str:
    return f"the {count_of(number, 'line')} after it" if number else "what follows"


def _header(path: Path, kind: Format, dialect: Dialect, reader: Any) -> list[str]:
    """Take the header row from the reader and check it."""
    try:
        header = next((row for row in reader if row), None)
    except csv.Error as error:
        if "new-line character" in str(error):
            raise DataError(
                f"{path}: the header line ends in a bare carriage return; convert the line ends (dos2unix -c mac FILE)"
            ) from None
        raise DataError(f"{path}: the header line cannot be read ({error})") from None
    if header is None:
        raise DataError(f"{path}: is empty, it has not even a header line")
    other = next((mark for mark in ("\t", ";", ",", "|") if mark != dialect.delimiter and mark in header[0]), None)
    if len(header) == 1 and other is not None:
        expected = _MARKS.get(dialect.delimiter, repr(dialect.delimiter))
        advice = {"\t": "rename it to .tsv", ",": "rename it to .csv"}.get(
            other, f"export it with {expected}, or as .tsv with tabs"
        )
        if dialect.setting and dialect.delimiter != ("\t" if kind == "tsv" else ","):  # the user, or the file, says so
            group = dialect.setting.rpartition(".")[0]
            advice = f"read it with {group}.delimiter={'tab' if other == chr(9) else repr(other)}"
        raise DataError(
            f"{path}: the header {shorten(header[0])!r} is separated by {other!r}, not by {expected}; {advice}"
        )
    names = [name.strip() for name in header]
    # Spreadsheets write empty columns beside a table: those have no names, and are left out where they hold nothing.
    check_names(path, names if names.count("") == 1 else [name for name in names if name])
    return names
