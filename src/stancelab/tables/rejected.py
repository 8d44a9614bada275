"""The table of rows that cannot be used, each with the reason."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from stancelab.files import atomic_file
from stancelab.tables.csv_lines import Lines
from stancelab.tables.stdin import as_told

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from types import TracebackType

    from stancelab.errors import RowProblem

COLUMNS: Final = ("file", "row", "column", "value", "reason")


class RejectedRows:
    """Writes rows that cannot be used as CSV; the file is there when the block ends without an error.

    Where there is no such row, no file is made.

    Attributes:
        path: The file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._stack = ExitStack()
        self._file: Any = None
        self._lines = Lines()

    def __enter__(self) -> RejectedRows:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.__exit__(kind, error, trace)

    def write(self, problems: Sequence[RowProblem]) -> None:
        """Append rows."""
        if not problems:
            return
        if self._file is None:
            partial = self._stack.enter_context(atomic_file(self.path))
            self._file = self._stack.enter_context(partial.open("w", encoding="utf-8", newline=""))
            self._file.write(self._lines.header(COLUMNS))
        # Of standard input the temporary file would be named, which is gone when somebody reads this.
        told = (replace(problem, file=as_told(problem.file)) for problem in problems)
        self._file.writelines(self._lines.row(getattr(problem, name) for name in COLUMNS) for problem in told)
