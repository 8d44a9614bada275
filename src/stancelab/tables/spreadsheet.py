"""Sheets of Excel and OpenDocument files as rows: the first row with cells is the header."""

from __future__ import annotations

import datetime
import math
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from stancelab.errors import DataError, RowProblem, did_you_mean
from stancelab.extras import require
from stancelab.tables.sheet_xml import unreadable_cells

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from stancelab.tables.options import TableOptions

_LETTERS: Final = 26


@dataclass(frozen=True)
class Sheet:
    """The content of a sheet.

    Attributes:
        name: What it is called.
        columns: The cells of the header.
        rows: (number of the row below the header, {column: cell}); rows without cells are left out and not counted.
        problems: Rows with cells whose value cannot be read.
    """

    name: str
    columns: list[str]
    rows: list[tuple[int, dict[str, Any]]]
    problems: list[RowProblem]


def read_sheet(path: Path, options: TableOptions) -> Sheet:
    """Read a sheet: text as text, whole numbers without ".0", dates as ISO 8601, formulas as their saved values.

    Args:
        path: An .xlsx, .xlsm, .xlsb, .xls or .ods file.
        options: Which sheet.

    Raises:
        DataError: The file cannot be read, several sheets have cells and none is named, cells are merged, or a column
            has cells but no name.
        MissingPackageError: python-calamine is not installed.
    """
    require("python_calamine", "excel", f"reading {path.suffix} files")
    import python_calamine

    if not path.is_file():
        raise DataError(f"{path}: no such file")
    try:
        book = python_calamine.CalamineWorkbook.from_path(str(path))
    except python_calamine.PasswordError:
        raise DataError(f"{path}: is protected by a password; save it without one") from None
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        members = _members_of_zip(path)
        if members:
            raise DataError(f"{path}: is a zip archive of {members}, and no spreadsheet; name it .zip") from None
        raise DataError(f"{path}: cannot be read as a spreadsheet ({error}); is the file cut off?") from None
    name = _choose(path, book, options)
    sheet = book.get_sheet_by_name(name)
    merged = sheet.merged_cell_ranges
    if merged:
        shown = ", ".join(f"{_cell(*start)}:{_cell(*end)}" for start, end in merged[:5])
        raise DataError(
            f"{path}, sheet {name!r}: cells are merged ({shown}), so that all but the first have no value; unmerge them"
            " and write the value into each row that has it"
        )
    cells = sheet.to_python(skip_empty_area=False)
    return _table(path, name, cells, unreadable_cells(path, name))


def _members_of_zip(path: Path) -> str:
    """Return what a zip archive that is no spreadsheet holds, "" where it is none."""
    if not zipfile.is_zipfile(path):
        return ""
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
    return "" if any(name.startswith(("xl/", "META-INF/")) for name in names) else ", ".join(names[:5])


def _choose(path: Path, book: Any, options: TableOptions) -> str:
    names = list(book.sheet_names)
    if options.sheet is not None:
        if options.sheet in names:
            return options.sheet
        if options.sheet.isdecimal() and 1 <= int(options.sheet) <= len(names):
            return str(names[int(options.sheet) - 1])
        near = did_you_mean(options.sheet, names)
        raise DataError(f"{path}: has no sheet {options.sheet!r}, only {', '.join(map(repr, names))}.{near}")
    shown = [each.name for each in book.sheets_metadata if str(each.visible).endswith("Visible")]
    filled = [name for name in shown if name in names and book.get_sheet_by_name(name).to_python()]
    if len(filled) == 1:
        return str(filled[0])
    if not filled:
        raise DataError(f"{path}: no sheet that is shown has cells; its sheets are {', '.join(map(repr, names))}")
    setting = options.advice("sheet", f"'{filled[0]}'")
    advice = f"name one, as in {setting}" if setting else "keep the table alone in a file"
    raise DataError(f"{path}: {len(filled)} sheets have cells ({', '.join(map(repr, filled))}); {advice}")


def _table(path: Path, name: str, cells: Sequence[Sequence[Any]], unreadable: dict[tuple[int, int], str]) -> Sheet:
    filled = [
        (place, row)
        for place, row in enumerate(cells)
        if any(_is_filled(cell) or (place, column) in unreadable for column, cell in enumerate(row))
    ]
    if not filled:
        raise DataError(f"{path}, sheet {name!r}: is empty")
    header = [str(_plain(cell)).strip() for cell in filled[0][1]]
    used = [
        index
        for index, title in enumerate(header)
        if title or any(_is_filled(row[index]) for _, row in filled[1:] if index < len(row))
    ]
    for index in used:
        if not header[index]:
            raise DataError(
                f"{path}, sheet {name!r}: column {_column(index)} has cells but no name in row {filled[0][0] + 1},"
                " which is read as the header; name it, or remove what stands above the header"
            )
    rows, problems = [], []
    for number, (place, row) in enumerate(filled[1:], start=1):
        bad = next((index for index in used if (place, index) in unreadable), None)
        if bad is None:
            rows.append((number, {header[index]: _plain(row[index]) if index < len(row) else "" for index in used}))
        else:
            reason = f"cell {_cell(place, bad)} {unreadable[place, bad]}"
            problems.append(RowProblem(str(path), number, header[bad], "", reason))
    return Sheet(name, [header[index] for index in used], rows, problems)


def _is_filled(cell: Any) -> bool:
    return cell is not None and (not isinstance(cell, str) or cell.strip() != "")


def _plain(cell: Any) -> Any:
    """Return a cell as text, a number, a truth value, or None for nothing."""
    if cell is None or cell == "":
        return ""
    if isinstance(cell, float) and math.isfinite(cell) and cell.is_integer():
        return int(cell)
    if isinstance(cell, datetime.datetime | datetime.date | datetime.time):
        return cell.isoformat()
    return str(cell) if isinstance(cell, datetime.timedelta) else cell


def _cell(row: int, column: int) -> str:
    return f"{_column(column)}{row + 1}"


def _column(index: int) -> str:
    """Return a column's letters: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, _LETTERS)
        letters = chr(ord("A") + rest) + letters
    return letters
