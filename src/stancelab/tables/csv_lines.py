"""Lines of CSV and TSV as they are written, for programs and for spreadsheets.

The csv module of Python before 3.11.9 and 3.12.3 does not quote a bare carriage return, which other readers take for
the end of a line; therefore lines are made here.

A spreadsheet runs a cell that begins with "=", "+", "-" or "@" as a formula. Such a cell may be written with an
apostrophe in front ("CSV injection", OWASP). One that begins with apostrophes and such a sign gets one more, so that
taking one off gives back every cell as it was.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from stancelab.tables.cells import flat_text

if TYPE_CHECKING:
    from collections.abc import Iterable

BYTE_ORDER_MARK: Final = "\ufeff"
#: What a spreadsheet may run, behind apostrophes: the signs also in full width and behind blanks, and control signs.
_FORMULA: Final = re.compile("'*(?:[ \u00a0\u3000]*[=+\\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n])")
_ANYTHING: Final = re.compile("")
#: A plain number is no formula.
_NUMBER: Final = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?", re.ASCII)


@dataclass(frozen=True)
class Style:
    """How a CSV or TSV is written.

    Attributes:
        byte_order_mark: Whether it begins with one, by which spreadsheets know UTF-8.
        safe_cells: Whether cells that a spreadsheet would run get an apostrophe in front.
        quoted_header: Whether the names of the columns stand between quotes, which shows that a TSV is quoted.
    """

    byte_order_mark: bool = False
    safe_cells: bool = False
    quoted_header: bool = False


#: How tables for programs are written.
PLAIN: Final = Style()


class Lines:
    """Makes the lines of a CSV or TSV.

    Args:
        delimiter: What separates the cells.
        style: How it is written.
    """

    def __init__(self, delimiter: str = ",", style: Style = PLAIN) -> None:
        self._delimiter = delimiter
        self._style = style
        self._to_quote = re.compile(f'["\r\n{delimiter}]')
        # Other marks in the names of the columns could be taken for the delimiter. A TSV is quoted as a whole or not.
        self._name_to_quote = re.compile('["\r\n,;\t|]') if delimiter == "," else self._to_quote

    def header(self, names: Iterable[str]) -> str:
        """Return the first line, with the byte order mark where one is wanted."""
        # A reader takes names without the blanks around them, so that these would hide what is taken off.
        cells = [safe_cell(name.strip()) if self._style.safe_cells else name for name in names]
        line = self._line(cells, _ANYTHING if self._style.quoted_header else self._name_to_quote)
        return (BYTE_ORDER_MARK if self._style.byte_order_mark else "") + line

    def row(self, cells: Iterable[Any]) -> str:
        """Return the line of a row; numbers are written as they are, lists and objects as JSON."""
        texts = [self._safe(cell) if isinstance(cell, str) else flat_text(cell) for cell in cells]
        return self._line(texts, self._to_quote)

    def _line(self, cells: list[str], to_quote: re.Pattern[str]) -> str:
        written = [_quoted(cell) if to_quote.search(cell) else cell for cell in cells]
        # A line that is empty would be no row.
        return ('""' if written == [""] else self._delimiter.join(written)) + "\n"

    def _safe(self, cell: str) -> str:
        return safe_cell(cell) if self._style.safe_cells else cell


def safe_cell(cell: str) -> str:
    """Return a cell so that a spreadsheet does not run it; `original_cell` gives it back."""
    return f"'{cell}" if _FORMULA.match(cell) and not _NUMBER.fullmatch(cell) else cell


def original_cell(cell: str) -> str:
    """Return what `safe_cell` was given."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def needs_quotes(text: str) -> bool:
    """Tell whether a cell of a TSV is written between quotes."""
    return any(mark in text for mark in '"\t\r\n')


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"'
