"""What every reader of tables yields: some consecutive rows of one file."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stancelab.errors import RowProblem

BATCH_ROWS: Final = 2_000


@dataclass(slots=True)
class RowBatch:
    """Some consecutive rows of one file.

    Attributes:
        rows: (1-based row number, {column: cell}) of the rows that could be read.
        problems: The rows that could not be read.
        bytes_read: How much of the file was read to get this far, for progress bars.
        left_out: Rows that are none of the table's, counted by reason, such as those that an annotator skipped.
        warnings: What is to be told of the rows, though they could be read.
    """

    rows: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)
    bytes_read: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    warnings: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.rows) + len(self.problems)


def in_batches(whole: RowBatch, batch_rows: int) -> Iterator[RowBatch]:
    """Yield rows that are all in memory so many at a time; the first batch has what is wrong with others."""
    problems = whole.problems
    for start in range(0, max(len(whole.rows), 1), batch_rows):
        share = min(1.0, (start + batch_rows) / max(len(whole.rows), 1))
        yield RowBatch(whole.rows[start : start + batch_rows], list(problems), round(share * whole.bytes_read))
        problems = []
