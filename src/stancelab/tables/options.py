"""What a person can say of how a table's file is to be read."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from stancelab.errors import did_you_mean
from stancelab.tables.formats import DELIMITERS, TEXT_FORMATS, endings_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from stancelab.tables.formats import Format

#: How cells of CSV and TSV may be quoted.
QUOTING: Final = ("auto", "none", "minimal")
#: Setting -> the formats that it concerns.
_CONCERNED: Final[dict[str, tuple[Format, ...]]] = {
    "delimiter": tuple(DELIMITERS),
    "quoting": tuple(DELIMITERS),
    "encoding": TEXT_FORMATS,
    "sheet": ("excel",),
}


@dataclass(frozen=True)
class TableOptions:
    r"""How a table's file is to be read, where its name and content do not tell.

    Attributes:
        delimiter: What separates the cells of CSV and TSV, one character or "\t"; None finds it out.
        encoding: The encoding of a text format, such as "cp1252"; None finds it out.
        sheet: The sheet of a spreadsheet: its name, or its number from 1; None takes the only one with cells.
        quoting: How cells of CSV and TSV are quoted: "minimal", "none", or "auto", which is what the file shows where
            tabs separate its cells, and "minimal" else.
        group: The group of settings that these belong to, for messages: "data" or "predict"; None where there are none.
    """

    delimiter: str | None = None
    encoding: str | None = None
    sheet: str | None = None
    quoting: str = "auto"
    group: str | None = None

    def problems(self) -> list[str]:
        """Return what is wrong with the settings, one line each."""
        lines = []
        if self.delimiter is not None:
            mark = self.delimiter_mark
            if mark is None or len(mark) != 1 or mark in '"\r\n':
                lines.append(f"delimiter: found {self.delimiter!r}, allowed is one character such as ';', or 'tab'")
        if self.encoding is not None:
            try:
                is_text = codecs.lookup(self.encoding)._is_text_encoding
            except (LookupError, ValueError):
                is_text = False
            if not is_text:
                lines.append(f"encoding: found {self.encoding!r}, which Python does not know; such as utf-8, cp1252")
        if self.quoting not in QUOTING:
            lines.append(
                f"quoting: found {self.quoting!r}, allowed {', '.join(QUOTING)}.{did_you_mean(self.quoting, QUOTING)}"
            )
        return lines

    def unused(self, formats: Collection[Format]) -> dict[str, str]:
        """Return the settings that are given and concern none of some formats, each with the endings it concerns."""
        return {
            name: endings_of(concerned)
            for name, concerned in _CONCERNED.items()
            if getattr(self, name) != getattr(TableOptions, name) and not set(concerned) & set(formats)
        }

    @property
    def delimiter_mark(self) -> str | None:
        """The delimiter as one character."""
        return {"tab": "\t", "\\t": "\t"}.get(self.delimiter or "", self.delimiter)

    def name(self, key: str) -> str:
        """Return the name of a setting, "" where these options belong to no settings."""
        return "" if self.group is None else f"{self.group}.{key}"

    def advice(self, key: str, value: str) -> str:
        """Return the setting to write, "" where these options belong to no settings."""
        return "" if self.group is None else f"{self.group}.{key}={value}"
