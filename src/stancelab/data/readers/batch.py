"""What every reader yields: some rows of one file as examples, and what was wrong with the others."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from stancelab.errors import RowProblem
from stancelab.offsets import OffsetVotes
from stancelab.schema import TEST, TRAIN, VALIDATION, Example, problems_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stancelab.data.notes import Note

_SPLIT = re.compile(r"(train|training|dev|development|val|valid|validation|test|testing)(?:[_-]([a-z0-9_-]+))?")
_SPLIT_KIND = {"tr": TRAIN, "de": VALIDATION, "va": VALIDATION, "te": TEST}


@dataclass(slots=True)
class Batch:
    """Some rows of one file.

    Attributes:
        file: The file as the user named it, or "hub:NAME".
        rows: (1-based row number in the file, example); a row that names several targets gives several examples.
        problems: The rows that cannot be used, and why.
        offsets: How the spans of the rows were counted, as far as their words tell.
        skipped: Rows that are fine but no stance rows, counted by reason.
        notes: What was told of the input, to be told again where a prepared dataset is used again.
        columns: Field -> what its column is called in the file, as far as it has columns.
        excluded: That the condition leaves out all rows of the file, said with its last batch; "" where it does not.
        done: Progress since the batch before: bytes of a file, rows of a hub dataset.
    """

    file: str
    rows: list[tuple[int, Example]] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)
    offsets: OffsetVotes = field(default_factory=OffsetVotes)
    skipped: Counter[str] = field(default_factory=Counter)
    notes: list[Note] = field(default_factory=list)
    columns: Mapping[str, str] = field(default_factory=dict)
    excluded: str = ""
    done: int = 0

    def add(self, row: int, example: Example, columns: dict[str, str] | None = None) -> None:
        """Add an example if it is valid, else its problems.

        Args:
            row: Its row number in the file.
            example: The example.
            columns: What the file calls the example's fields, where it has other names.
        """
        found = problems_of(example)
        if found:
            names = columns or {}
            self.problems += [
                RowProblem(self.file, row, names.get(name, name), value, why) for name, value, why in found
            ]
        else:
            self.rows.append((row, example))

    def reject(self, row: int, column: str, value: str, reason: str) -> None:
        """Add a problem."""
        self.problems.append(RowProblem(self.file, row, column, value, reason))


def split_name(value: str) -> str | None:
    """Return a split's name as prepared datasets have it, None where the value names no split.

    "dev", "val" and "Validation" are "validation"; what follows an underscore or a hyphen stays ("test-mt" is
    "test_mt"), except for train, of which there is one.
    """
    match = _SPLIT.fullmatch(value.strip().lower())
    if match is None:
        return None
    kind = _SPLIT_KIND[match[1][:2]]
    return kind if kind == TRAIN or match[2] is None else f"{kind}_{match[2].replace('-', '_')}"
