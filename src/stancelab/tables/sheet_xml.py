"""What the XML of an .xlsx file says of cells that readers show as empty: errors, formulas without a saved value."""

from __future__ import annotations

import re
import zipfile
from html import unescape
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

_SHEET: Final = re.compile(r"<(?:\w+:)?sheet\b[^>]*>")
_RELATION: Final = re.compile(r"<(?:\w+:)?Relationship\b[^>]*>")
_CELL: Final = re.compile(r"<(?:\w+:)?c\b((?:[^>/]|/(?!>))*)>(.*?)</(?:\w+:)?c>", re.DOTALL)
_VALUE: Final = re.compile(r"<(?:\w+:)?(?:v|t)\b[^>]*>([^<]+)<")
_FORMULA: Final = re.compile(r"<(?:\w+:)?f\b")
_PLACE: Final = re.compile(r"([A-Z]+)([0-9]+)")


def unreadable_cells(path: Path, sheet: str) -> dict[tuple[int, int], str]:
    """Return the cells of a sheet that hold an error or a formula whose value was not saved: (row, column) -> why.

    Rows and columns count from 0. Of other formats than .xlsx and .xlsm nothing is known.
    """
    if path.suffix.lower() not in (".xlsx", ".xlsm"):
        return {}
    with zipfile.ZipFile(path) as archive:
        part = _part_of(archive, sheet)
        if part is None:
            return {}
        content = archive.read(part).decode("utf-8", errors="replace")
    found = {}
    for match in _CELL.finditer(content):
        why = _trouble(match[1], match[2])
        place = _PLACE.fullmatch(_attribute(match[1], "r") or "")
        if why and place:
            found[int(place[2]) - 1, _index(place[1])] = why
    return found


def _trouble(attributes: str, content: str) -> str:
    value = _VALUE.search(content)
    if _attribute(attributes, "t") == "e":
        return f"holds the error {unescape(value[1]) if value else '#N/A'}"
    if _FORMULA.search(content) and value is None and _attribute(attributes, "t") != "str":
        return "holds a formula whose value was not saved; open the file in a spreadsheet program and save it"
    return ""


def _part_of(archive: zipfile.ZipFile, sheet: str) -> str | None:
    """Return the file in the archive that holds a sheet."""
    names = archive.namelist()
    if "xl/workbook.xml" not in names or "xl/_rels/workbook.xml.rels" not in names:
        return None
    book = archive.read("xl/workbook.xml").decode("utf-8", errors="replace")
    relations = archive.read("xl/_rels/workbook.xml.rels").decode("utf-8", errors="replace")
    wanted = {_attribute(tag, r"(?:\w+:)?id") for tag in _SHEET.findall(book) if _attribute(tag, "name") == sheet}
    for tag in _RELATION.findall(relations):
        if _attribute(tag, "Id") in wanted:
            target = _attribute(tag, "Target") or ""
            part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            return part if part in names else None
    return None


def _attribute(tag: str, name: str) -> str | None:
    match = re.search(rf"""\s{name}\s*=\s*(?:"([^"]*)"|'([^']*)')""", tag)
    return None if match is None else unescape(match[1] if match[1] is not None else match[2])


def _index(letters: str) -> int:
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - ord("A") + 1
    return index - 1
