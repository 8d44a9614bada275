"""A table from a pipe, read once and as it comes."""

from __future__ import annotations

import io
from typing import IO, TYPE_CHECKING, Final, cast

from stancelab.tables.compressed import compression_of
from stancelab.tables.delimited import read_delimited
from stancelab.tables.filtered import FilteredFile
from stancelab.tables.formats import format_of
from stancelab.tables.json_lines import read_json_lines
from stancelab.tables.stdin import Chained
from stancelab.tables.text_file import TextFile
from stancelab.tables.where import Condition

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from stancelab.tables.batches import RowBatch
    from stancelab.tables.options import TableOptions

#: Rows that are read at a time: fewer than of a file, since somebody may wait for them.
WINDOW_ROWS: Final = 256


def can_stream(begun: Path) -> bool:
    """Tell whether a table can be read as it comes, by the file of its first lines: CSV, TSV and JSON Lines can."""
    return not compression_of(begun) and format_of(begun) in ("csv", "tsv", "jsonl")


class StreamedFile(FilteredFile):
    """A table whose rows can be read once.

    Encoding, delimiter, quoting and, of JSON Lines, columns are those that its first lines show.

    Args:
        begun: A file with its first lines.
        rest: What comes after them.
        where: The condition that rows have to meet, None for all rows.
        options: How it is read.
    """

    def __init__(self, begun: Path, rest: IO[bytes], where: str | None, options: TableOptions) -> None:
        super().__init__(begun, where, options)
        self._rest = rest
        if not self.has_columns:
            for _ in super(FilteredFile, self).rows():  # of the first lines
                pass

    def rows(self, columns: Sequence[str] | None = None) -> Iterator[RowBatch]:
        """Yield the rows that meet the condition, in batches, as `TableFile.rows` does; a second time there are none.

        Raises:
            DataError: The table as a whole cannot be read, or a cell is compared as a number or as a date, and is none.
        """
        whole = io.BufferedReader(Chained(self.path.read_bytes(), self._rest))
        text = TextFile(self.path, cast("IO[bytes]", whole), self.encoding, strict=False)
        batches = (
            read_json_lines(text, WINDOW_ROWS)
            if self.format == "jsonl"
            else read_delimited(text, self.format, WINDOW_ROWS, self._dialect)
        )
        if self._where is not None:
            condition = Condition(self._where)
            condition.check(str(self.path), self.columns, self._setting)
            batches = condition.filter(str(self.path), batches)
        yield from batches
