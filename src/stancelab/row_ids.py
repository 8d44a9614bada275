"""Which row a row of another table is: ids told by what a row says, and whether two rows say the same.

A row that has no id of its own is called after its text, source and target. Such an id stays when the file is renamed,
sorted or loses other rows, and no other row has it: what was made for one row never lands on another.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from stancelab.errors import shorten
from stancelab.schema import Example, is_blank

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

#: What ids told by content begin with: a letter, so that no program takes one for a number.
PREFIX: Final = "row-"
_LETTERS: Final = 12
_TOLD: Final = re.compile(rf"(?P<first>{PREFIX}[0-9a-f]{{{_LETTERS}}})(-\d+)?")
#: The columns by which rows of two tables are compared.
COMPARED: Final = ("text", "source", "target")
#: What a spreadsheet would take for a formula; some programs put an apostrophe before it.
_FORMULA: Final = re.compile(r"'(?=[=+\-@\t\r])")


def row_id(text: str, source: str, target: str) -> str:
    """Return the id of a row that has none of its own; blanks and Unicode's normal form do not count."""
    parts = "\x1f".join(map(plain, (text, source, target)))
    return f"{PREFIX}{hashlib.sha256(parts.encode(errors='surrogatepass')).hexdigest()[:_LETTERS]}"


def first_of(key: str) -> str | None:
    """Return the id of the first row that says the same as the row of an id, None where the id is of another kind."""
    match = _TOLD.fullmatch(key)
    return None if match is None else match["first"]


class RowIds:
    """Gives ids to the rows of one corpus that have none; rows that say the same are counted."""

    def __init__(self) -> None:
        self._last: dict[str, int] = {}
        self._seen: set[int] = set()

    def next(self, text: str, source: str, target: str) -> str:
        """Return the id of the next row."""
        key = row_id(text, source, target)
        number = int(key.removeprefix(PREFIX), 16)
        if number not in self._seen:
            self._seen.add(number)  # as a number, since a large table has many
            return key
        self._last[key] = self._last.get(key, 1) + 1
        return f"{key}-{self._last[key]}"


@dataclass(frozen=True)
class Wording:
    """How a corpus says things, which tables that are joined with it may do as well.

    Attributes:
        columns: Field -> what the corpus's own file calls it, where it is another name.
        target_names: Its short names of targets -> their full names.
        mend: Returns a cell as the corpus reads it, where it mends cells.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    target_names: Mapping[str, str] = field(default_factory=dict)
    mend: Callable[[str], str] = str

    def found(self, names: Sequence[str], fields: Sequence[str] = COMPARED) -> dict[str, str]:
        """Return the column of each field that a table has: by the corpus's own name, else by the field's."""
        wanted = {name: (self.columns.get(name, name), name) for name in fields}
        hits = {name: next((each for each in own if each in names), None) for name, own in wanted.items()}
        return {name: column for name, column in hits.items() if column is not None}

    def id_of(self, cells: Mapping[str, str]) -> str | None:
        """Return the id that the columns of a row tell, None where it has no text or no target."""
        columns = self.found(list(cells))
        said = {name: self.mend(cells[column]) for name, column in columns.items()}
        text, target = said.get("text", ""), said.get("target", "").strip()
        if is_blank(text) or is_blank(target):
            return None
        return row_id(text, said.get("source", ""), self.target_names.get(target, target))

    def contradictions(self, example: Example, cells: Mapping[str, str]) -> list[tuple[str, str, str]]:
        """Return where a row of another table says something else than the row it is joined with.

        Args:
            example: The row.
            cells: The other row, by column; columns that it lacks and empty texts and targets say nothing.

        Returns:
            (column, what the other row says, what the row says) of each.
        """
        problems = []
        for name, column in self.found(list(cells)).items():
            said, here = cells[column], getattr(example, name)
            if name != "source" and is_blank(said):
                continue
            mended = self.mend(said)
            full = self.target_names.get(mended.strip(), mended) if name == "target" else mended
            if plain(here) not in (plain(said), plain(mended), plain(full)):
                problems.append((column, said, here))
        return problems


def plain(cell: str) -> str:
    """Return a cell as it is compared: one normal form, single blanks, no apostrophe before a formula."""
    if is_blank(cell):
        return ""
    own = cell[1:] if _FORMULA.match(cell) else cell
    return " ".join(unicodedata.normalize("NFC", own).split())


def differs(key: str, here: str) -> str:
    """Return what is wrong where a row of another table says something else than the row of its id."""
    return f"the row {key!r} has {shorten(here)!r} here"
