"""Which character separates the cells of a CSV or TSV file."""

from __future__ import annotations

import csv
import re
from collections import Counter
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final, Literal

from stancelab.errors import DataError, shorten

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from stancelab.tables.options import TableOptions

MARKS: Final = (",", ";", "\t", "|")
_LINES: Final = 1_000
#: From this share on the rows that have the header's number of cells are most of them.
_MOST: Final = 0.9
#: The first line that Excel reads as the delimiter and does not show.
SEP_LINE: Final = re.compile(r'"?sep=(.)"?[\r\n]*', re.IGNORECASE)


@dataclass(frozen=True)
class _Reading:
    """What a delimiter makes of a file: the cells of its header, and the share of rows that have as many."""

    mark: str
    width: int
    share: float


def find_delimiter(path: Path, lines: Iterable[str], usual: str, options: TableOptions) -> str:
    """Return the character that separates the cells.

    Args:
        path: The file, for messages.
        lines: Its lines.
        usual: The delimiter of its format, which is right where nothing speaks for another one.
        options: What a person can say of it, for messages.

    Raises:
        DataError: Two delimiters make a table of the file.
    """
    sample = list(islice(lines, _LINES))
    stated = SEP_LINE.fullmatch(sample[0]) if sample else None
    if stated is not None:
        return stated[1]
    readings = [reading for mark in dict.fromkeys((usual, *MARKS)) if (reading := _read(sample, mark)).width > 1]
    if len(readings) < 2:
        # Where no row has the cells that another mark gives the header, the mark belongs to the name of one column.
        return readings[0].mark if readings and readings[0].share > 0 else usual
    sound = [reading for reading in readings if reading.share >= _MOST]
    own = readings[0] if readings[0].mark == usual else None
    if own is not None and own.share >= _MOST and own.width >= max(reading.width for reading in sound):
        if [reading.width for reading in sound].count(own.width) == 1:
            return usual
    elif len(sound) == 1:
        return sound[0].mark
    elif not sound and own is not None and own.width >= max(reading.width for reading in readings):
        return usual
    raise _ambiguous(path, sample, sound or readings, options)


def without_sep_line(lines: Iterable[str]) -> Iterator[str]:
    """Yield lines, but for a first one that states the delimiter, as Excel reads it."""
    for number, line in enumerate(lines):
        if number or SEP_LINE.fullmatch(line) is None:
            yield line


def _read(sample: Sequence[str], mark: str) -> _Reading:
    quoted = _read_as(sample, mark, csv.QUOTE_MINIMAL)
    if mark != "\t":
        return quoted
    # Where tabs separate the cells, quotes may enclose nothing.
    bare = _read_as(sample, mark, csv.QUOTE_NONE)
    return bare if (bare.width, bare.share) > (quoted.width, quoted.share) else quoted


def _read_as(sample: Sequence[str], mark: str, quoting: Literal[0, 3]) -> _Reading:
    rows: list[list[str]] = []
    try:
        rows += [row for row in csv.reader(sample, delimiter=mark, quoting=quoting) if row]
    except csv.Error:
        return _Reading(mark, 0, 0.0)
    if not rows:
        return _Reading(mark, 0, 0.0)
    widths = Counter(map(len, rows[1:]))
    share = widths[len(rows[0])] / len(rows[1:]) if rows[1:] else 1.0
    return _Reading(mark, len(rows[0]), share)


def _ambiguous(path: Path, sample: Sequence[str], readings: Sequence[_Reading], options: TableOptions) -> DataError:
    header = shorten(next((line for line in sample if line.strip()), ""))
    found = "; ".join(
        f"{reading.mark!r} gives {reading.width} columns, which {reading.share:.0%} of the rows have"
        for reading in readings
    )
    setting = options.advice("delimiter", "'" + readings[0].mark + "'")
    advice = f"say which is right, as in {setting}" if setting else "rename the columns, or write it with another one"
    return DataError(f"{path}: the header {header!r} can be separated in several ways: {found}; {advice}")
