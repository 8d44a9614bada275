"""What a format cannot hold, found before anything is written."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from stancelab.errors import DataError, shorten
from stancelab.tables.cells import half_character, strings_in
from stancelab.tables.delimited import MAX_CELL_CHARACTERS
from stancelab.tables.formats import DELIMITERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from stancelab.tables.formats import Format

#: Whole numbers beyond these are not exact as floating-point numbers.
_EXACT: Final = 2**53


class LongInteger(int):
    """Stands for the type of whole numbers that a floating-point number does not hold exactly."""


class HugeInteger(int):
    """Stands for the type of whole numbers of more than 64 bits."""


def kind_of(cell: object) -> type:
    """Return the type of a cell; long and huge whole numbers have one of their own."""
    if isinstance(cell, bool) or not isinstance(cell, int) or -_EXACT <= cell <= _EXACT:
        return type(cell)
    return LongInteger if -(2**63) <= cell < 2**63 else HugeInteger


def unwritable(kind: Format, row: Mapping[str, Any]) -> tuple[str, str, str] | None:
    """Return (column, found, reason) for the first cell that a format cannot hold, None where it holds all."""
    for column, cell in row.items():
        if cell is None or isinstance(cell, bool | int):
            continue
        if isinstance(cell, str) and cell.isascii() and len(cell) <= MAX_CELL_CHARACTERS and "\0" not in cell:
            continue  # most cells of most tables
        half = None if isinstance(cell, float) else half_character(cell)
        if half is not None:
            return column, repr(half), "holds half of a character (a lone surrogate)"
        if kind in DELIMITERS:
            if isinstance(cell, str) and len(cell) > MAX_CELL_CHARACTERS:
                reason = f"has {len(cell):,} characters; a cell of .{kind} has {MAX_CELL_CHARACTERS:,} at most"
                return column, shorten(cell), reason
            if not isinstance(cell, float) and any("\0" in text for text in strings_in(cell)):
                return column, shorten(repr(cell)), f"holds a NUL character, which .{kind} cannot; write .jsonl"
        if kind != "parquet" and not (kind in DELIMITERS and isinstance(cell, float)) and _is_infinite(cell):
            return column, str(cell), "is infinite, which JSON cannot write; write .parquet"
    return None


def check_columns(path: Path, kind: Format, names: Sequence[str]) -> None:
    """Raise a `DataError` where a format cannot hold the names of columns.

    Args:
        path: The output.
        kind: Its format.
        names: All columns in order.
    """
    wrong = next((name for name in names if half_character(name) is not None), None)
    if kind in DELIMITERS and wrong is None:
        # The first line of a TSV shows whether it is quoted; therefore its names keep to one line.
        marks = "\0\r\n\t" if kind == "tsv" else "\0"
        wrong = next((name for name in names if any(mark in name for mark in marks)), None)
        same = Counter(name.strip() for name in names)
        twice = next((name for name in names if same[name.strip()] > 1), None)
        if twice is not None:
            raise DataError(
                f"{path}: the columns {[name for name in names if name.strip() == twice.strip()]} differ by blanks"
                f" alone, which .{kind} does not tell apart; write .jsonl or .parquet"
            )
    if wrong is not None:
        raise DataError(f"{path}: the name of the column {wrong!r} cannot be written as .{kind}; rename it")


def _is_infinite(cell: object) -> bool:
    if isinstance(cell, float):
        return math.isinf(cell)
    inner: Iterable[object] = cell.values() if isinstance(cell, dict) else cell if isinstance(cell, list) else ()
    return any(map(_is_infinite, inner))
