"""A table of which only the rows that meet a condition are read."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from stancelab.errors import count_of
from stancelab.tables.table_file import TableFile
from stancelab.tables.where import Condition

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from stancelab.tables.batches import RowBatch
    from stancelab.tables.options import TableOptions

logger = logging.getLogger(__name__)


class FilteredFile(TableFile):
    """A table file whose `rows` are those that meet a condition; the first pass logs how many do not."""

    def __init__(self, path: Path, where: str | None, options: TableOptions) -> None:
        """Open a table, and check its first bytes and its header.

        Args:
            path: The file; its name tells the format.
            where: The condition, None for all rows.
            options: Its delimiter, encoding, quoting or sheet, and the group of settings that `where` is of.

        Raises:
            ConfigError: The condition cannot be read.
            DataError: The file cannot be read, or lacks a column that the condition reads.
        """
        self._where = where
        self._setting = f"{options.group}.where"
        self._told = False
        #: What is to be told where no row of the last pass met the condition.
        self.excluded: str | None = None
        super().__init__(path, options=options)

    @property
    def condition_columns(self) -> list[str]:
        """The columns that the condition reads."""
        return [] if self._where is None else Condition(self._where).columns

    def rows(self, columns: Sequence[str] | None = None) -> Iterator[RowBatch]:
        """Yield the rows that meet the condition, in batches, as `TableFile.rows` does.

        Raises:
            DataError: A cell is compared as a number or as a date, and is none.
        """
        if self._where is None:
            yield from super().rows(columns)
            return
        if not self.has_columns:  # the rows of JSON Lines name their own columns
            self._find_columns()
        condition, file = Condition(self._where), str(self.path)
        condition.check(file, self.columns, self._setting)
        yield from condition.filter(file, super().rows(columns))
        self.excluded = condition.excluded(self._setting)
        if not self._told:
            self._told = True
            left, seen = f"{condition.left_out:,}", count_of(condition.seen, "row")
            logger.info("%s: %s=%r left out %s of %s", file, self._setting, self._where, left, seen)
