"""What every reader of tables yields: some consecutive rows of one file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from stancelab.errors import RowProblem

BATCH_ROWS: Final = 2_000


@dataclass(slots=True)
class RowBatch:
    """Some consecutive rows of one file.

    Attributes:
        rows: (1-based row number, {column: cell}) of the rows that could be read.
        problems: The rows that could not be read.
        bytes_read: How much of the file was read to get this far, for progress bars.
        warnings: What is to be told of the rows, though they could be read.
    """

    rows: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)
    bytes_read: int = 0
    warnings: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.rows) + len(self.problems)
