"""Quotes of CSV and TSV: where one opens, which lines it takes in, and whether a TSV is quoted at all.

Tab-separated files are written in two ways: as CSV with another delimiter, or without quoting, where a quote is a
character like others. A reader that mistakes one for the other takes several rows for one, or takes quotes off a text.
"""

from __future__ import annotations

import csv
import itertools
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

#: What separates a cell from the next where no quote is open.
_END_OF_CELL: Final = {",": re.compile(r"[,\r\n]"), "\t": re.compile(r"[\t\r\n]")}


def open_quote(lines: Sequence[str], delimiter: str) -> int | None:
    """Return in which of a record's lines the last quote opens, None where no cell is quoted.

    Args:
        lines: The lines of the record, with their ends.
        delimiter: What separates the cells.
    """
    text, place, found = "".join(lines), 0, None
    ends = _END_OF_CELL.get(delimiter) or re.compile(f"[{re.escape(delimiter)}\\r\\n]")
    while place < len(text):
        if text[place] == '"':
            found = place
            place = _after_quote(text, place + 1)
        end = ends.search(text, place)
        if end is None:
            break
        place = end.end()
    return None if found is None else text.count("\n", 0, found)


def look_like_rows(lines: Sequence[str], delimiter: str, cells: int) -> int:
    """Return how many of the lines after a record's first one have the cells of a row of their own.

    None has where the first line could not be a row itself, as in a text of several lines.

    Args:
        lines: The lines of the record.
        delimiter: What separates the cells.
        cells: How many the header has.
    """
    if cells < 2 or lines[0].count(delimiter) + 1 < cells:
        return 0
    return sum(line.rstrip("\r\n").count(delimiter) + 1 == cells for line in lines[1:])


def are_rows(lines: Sequence[str], delimiter: str, cells: int) -> bool:
    """Tell whether a record of several lines is that many rows, the first of which has a quote that is never closed.

    It is where the first line, read as if its quotes enclosed nothing, and each of the others without a quote have the
    cells of a row. A text of several lines whose closing quote is missing does not look so, but by chance.

    Args:
        lines: The lines of the record.
        delimiter: What separates the cells.
        cells: How many the header has.
    """
    if cells < 2 or open_quote(lines, delimiter) != 0:
        return False
    alike = (
        line.rstrip("\r\n").count(delimiter) + 1 == cells
        for number, line in enumerate(lines)
        if not number or ('"' not in line and line.strip())
    )
    return all(alike)


@dataclass
class Shape:
    """What the cells of a TSV look like when it is read without quoting.

    Attributes:
        cells: How many the header has.
        uneven: How many lines have another number of cells; empty lines are left out.
        enclosed: How many cells stand between quotes as a whole.
        is_marked: Whether each cell of the header stands between quotes.
        is_doubled: Whether a quote within such a cell is written twice.
        is_malformed: Whether a cell has quotes that no quoted file has.
        bare: By column, the number of cells that have something and no quotes around it.
        quoted: By column, the number of cells between quotes.
    """

    cells: int = 0
    uneven: int = 0
    enclosed: int = 0
    is_marked: bool = False
    is_doubled: bool = False
    is_malformed: bool = False
    bare: list[int] = field(default_factory=list)
    quoted: list[int] = field(default_factory=list)

    @property
    def has_quoted_column(self) -> bool:
        """Whether a column has quotes around each of its cells, and at least two of them."""
        return any(quoted >= 2 and not bare for quoted, bare in zip(self.quoted, self.bare, strict=True))


def shape_of(lines: Iterable[str], delimiter: str = "\t") -> Shape:
    """Return what the cells of a file look like when it is read without quoting."""
    shape = Shape()
    for line in lines:
        plain = line.rstrip("\r\n")
        if not plain:
            continue
        if shape.cells and '"' not in plain and all(shape.bare):  # most lines of most files: nothing to look at
            shape.uneven += plain.count(delimiter) + 1 != shape.cells
            continue
        cells = plain.split(delimiter)
        if not shape.cells:
            _add_header(shape, cells)
            continue
        shape.uneven += len(cells) != shape.cells
        for column, cell in enumerate(cells[: shape.cells]):
            _add_cell(shape, column, cell)
    return shape


def shows_quoting(shape: Shape, lines: Iterable[str], delimiter: str = "\t") -> bool:
    """Tell whether a TSV is quoted.

    It is where the header is, where quotes within quoted cells are written twice, where a whole column is quoted, or
    where its rows have as many cells as the header only if quotes enclose tabs and line feeds.

    Args:
        shape: What `shape_of` returned.
        lines: The lines again; they are read only where the rows are uneven.
        delimiter: What separates the cells.
    """
    if shape.is_marked:
        return True
    if not shape.uneven:
        return not shape.is_malformed and (shape.is_doubled or shape.has_quoted_column)
    uneven = _uneven_if_quoted(lines, delimiter, shape.cells)
    return uneven is not None and uneven < shape.uneven


def _add_header(shape: Shape, cells: list[str]) -> None:
    shape.cells = len(cells)
    shape.bare, shape.quoted = [0] * len(cells), [0] * len(cells)
    named = [cell for cell in cells if cell]
    shape.is_marked = bool(named) and all(_is_enclosed(cell) for cell in named)


def _add_cell(shape: Shape, column: int, cell: str) -> None:
    if '"' not in cell:
        shape.bare[column] += bool(cell)
    elif _is_enclosed(cell):
        shape.enclosed += 1
        shape.quoted[column] += 1
        shape.is_doubled |= '""' in cell[1:-1]
    else:
        shape.bare[column] += 1
        # A quote within a cell that does not begin with one is read the same way with and without quoting.
        shape.is_malformed |= cell.startswith('"')


def _is_enclosed(cell: str) -> bool:
    return len(cell) > 1 and cell[0] == cell[-1] == '"' and '"' not in cell[1:-1].replace('""', "")


def _uneven_if_quoted(lines: Iterable[str], delimiter: str, cells: int) -> int | None:
    """Return how many rows are uneven when the file is read as quoted, None where it cannot be."""
    uneven, recent = 0, Recent(lines)
    reader = csv.reader(recent, delimiter=delimiter, strict=True)
    try:
        for row in reader:
            if look_like_rows(recent.lines, delimiter, cells):
                return None
            uneven += bool(row) and len(row) != cells
            recent.lines.clear()
    except csv.Error:
        return None
    return uneven


def _after_quote(text: str, place: int) -> int:
    """Return the place after the quote that closes a cell, or the end of the text."""
    while (place := text.find('"', place)) >= 0:
        if not text.startswith('""', place):
            return place + 1
        place += 2
    return len(text)


class Recent:
    """Passes lines on and keeps them until they are cleared.

    Attributes:
        lines: Those that were passed on since.
        count: How many were passed on in all.
    """

    def __init__(self, lines: Iterable[str]) -> None:
        self.lines: list[str] = []
        self.count = 0
        self._lines = iter(lines)

    def __iter__(self) -> Recent:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self.lines.append(line)
        self.count += 1
        return line

    def put_back(self, lines: Sequence[str]) -> None:
        """Pass lines on once more, which were the last ones."""
        self._lines = itertools.chain(lines, self._lines)
        self.count -= len(lines)
