"""Rows of a table of predictions and the test rows they belong to: by id, and by what they say."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from stancelab.errors import count_of, shorten, verb
from stancelab.row_ids import Wording, differs, first_of, row_id
from stancelab.schema import STANCES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from stancelab.schema import Example

#: The id of a row by its place in a file, as older versions gave it.
_PLACE: Final = re.compile(r".*-\d+")


def _own_name(label: str) -> str | None:
    return label if label in STANCES else None


@dataclass(frozen=True)
class Reading:
    """How tables speak of the rows of one corpus.

    Attributes:
        stance_of: Returns the stance of a label, None where it has none.
        wording: What the corpus calls its columns and targets.
        stance: The column of the label that its rows have.
        earlier: Row id -> the label that a person corrected, which a table from before may still have.
    """

    stance_of: Callable[[str], str | None] = _own_name
    wording: Wording = field(default_factory=Wording)
    stance: str = "stance"
    earlier: Mapping[str, str] = field(default_factory=dict)

    def contradictions(
        self, example: Example, cells: Mapping[str, str], label: str | None
    ) -> list[tuple[str, str, str]]:
        """Return (column, found, reason) where a row of a table says something else than the row of its id.

        Args:
            example: The row of its id.
            cells: The row of the table, by column.
            label: The column of the predictions, which is none of the row's own.
        """
        problems = [
            (column, said, differs(example.id, here))
            for column, said, here in self.wording.contradictions(example, cells)
            if column != label
        ]
        column = self.stance if self.stance in cells and self.stance != label else "stance"
        said = "" if column == label else cells.get(column, "")
        known = [stance for stance in (example.stance, self.earlier.get(example.id)) if stance is not None]
        if said.strip() and self.stance_of(said) not in known and said.strip() not in known:
            problems.append((column, said, differs(example.id, example.stance or "")))
        return problems


class TestRows:
    """The rows of test files, found by id, or by what they say where they have no id of their own.

    Attributes:
        by_id: Row id -> the row.
        by_content: How many rows of the table were found by what they say.
        in_blanks: How many ids of the table have blanks around them.
        unknown: The ids that were not found.
    """

    __test__ = False  # no class of tests

    def __init__(self, tests: Mapping[str, Sequence[Example]], reading_of: Callable[[str], Reading]) -> None:
        self.by_id = {example.id: example for examples in tests.values() for example in examples}
        self.by_content = 0
        self.in_blanks = 0
        self.unknown: list[str] = []
        self._told = _told_by_content(self.by_id.values())
        self._wordings = {corpus: reading_of(corpus).wording for corpus in {row.corpus for row in self.by_id.values()}}

    def find(self, cells: Mapping[str, str]) -> Example | None:
        """Return the row that a row of a table is about, None where there is none or it is not certain."""
        key = cells.get("id", "")
        if key in self.by_id:
            return self.by_id[key]
        if key.strip() in self.by_id:
            self.in_blanks += 1
            return self.by_id[key.strip()]
        said = {corpus: wording.id_of(cells) for corpus, wording in self._wordings.items()}
        found = [self._told[corpus, own] for corpus, own in said.items() if own and (corpus, own) in self._told]
        if len(found) == 1:
            self.by_content += 1
            return found[0]
        self.unknown.append(key)
        return None

    def advice(self) -> str:
        """Return why ids may be unknown, and what to do."""
        if not self.unknown:
            return ""
        ids = f"{count_of(len(self.unknown), 'id')} here {verb(len(self.unknown), 'is', 'are')}"
        told = f", and {ids} none of them, such as {shorten(self.unknown[0])!r}"
        if self.unknown[0] != self.unknown[0].strip():
            told += " (with blanks around it)"
        if self._told and _PLACE.fullmatch(self.unknown[0].strip()) and first_of(self.unknown[0].strip()) is None:
            told += (
                ". A number at the end of an id is a row's place in a file, which changes with the file: rows without "
                "an id of their own are called after their text, source and target. Give the table these columns, by "
                "which its rows are found, or take the ids of the test files"
            )
        return told


def _told_by_content(rows: Iterable[Example]) -> dict[tuple[str, str], Example]:
    """Return the rows whose ids are told by what they say, by corpus and that id, where no other row says the same."""
    found: dict[tuple[str, str], Example] = {}
    twice: set[tuple[str, str]] = set()
    for row in rows:
        bare = row.id.removeprefix(f"{row.corpus}/")
        first = first_of(bare)
        if first is None or first != row_id(row.text, row.source, row.target):
            continue
        if bare != first:
            twice.add((row.corpus, first))
        found.setdefault((row.corpus, first), row)
    return {key: row for key, row in found.items() if key not in twice}
