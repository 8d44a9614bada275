"""A user's table, of whatever columns and labels, as examples."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from stancelab.data.notes import Note, tell
from stancelab.data.readers.batch import Batch
from stancelab.data.readers.exports.read import read_export, tool_of
from stancelab.data.readers.sources import table_sources
from stancelab.data.readers.table_columns import columns_of, condition_columns, unread_columns, unread_notes
from stancelab.data.readers.table_rows import RowReader
from stancelab.errors import DataError, count_of
from stancelab.row_ids import RowIds
from stancelab.tables.batches import BATCH_ROWS, RowBatch, in_batches
from stancelab.tables.formats import format_of
from stancelab.tables.table_file import TableFile
from stancelab.tables.unused import OF_CORPUS, check_columns, check_options
from stancelab.tables.where import Condition

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from stancelab.data.readers.exports.read import Export
    from stancelab.data.readers.sources import Source
    from stancelab.data.settings import CorpusSettings

logger = logging.getLogger(__name__)


def read_tables(given: Any, settings: CorpusSettings, batch_rows: int = BATCH_ROWS) -> Iterator[Batch]:
    """Yield the rows of all files that `data.path` stands for as examples, in batches and in the files' order.

    Args:
        given: A file, a pattern, a folder, a list, a mapping from splits to files, or "-".
        settings: What the columns and labels are called, which rows are read, and what travels along.
        batch_rows: How many rows come at a time.

    Raises:
        ConfigError: A setting concerns none of the files.
        DataError: A file cannot be read as a whole or lacks a column, or two files differ in the columns that are read.
    """
    sources = table_sources(given)
    check_options({format_of(source.path) for source in sources}, settings, OF_CORPUS)
    tables = [_Table(source, settings, batch_rows) for source in sources]
    check_same_columns([(str(table.source.path), table.present) for table in tables if table.present is not None])
    if all(table.present is not None for table in tables):  # else its problems say why
        found = dict.fromkeys(name for table in tables for name in table.found)
        check_columns(found, {field for table in tables for field in table.present or ()}, settings, OF_CORPUS)
    told: set[tuple[str, ...]] = set()
    ids = RowIds()
    for table in tables:
        yield from table.batches(ids, told)


def read_table(path: Path, settings: CorpusSettings, batch_rows: int = BATCH_ROWS) -> Iterator[Batch]:
    """Yield the rows of one file as `read_tables` does."""
    return read_tables(path, settings, batch_rows)


def check_same_columns(files: Sequence[tuple[str, Mapping[str, str]]]) -> None:
    """Raise a `DataError` where one file of a table has a field that another one lacks.

    Args:
        files: Each file, and its {field: column}. Whether there is a column of the split may differ.
    """
    for file, present in files[1:]:
        first, columns = files[0]
        for one, mine, other, others in ((first, columns, file, present), (file, present, first, columns)):
            lacking = [column for field, column in mine.items() if field not in others and field != "split"]
            if lacking:
                raise DataError(
                    f"{other}: has no column {lacking[0]!r}, which {one} has; the files of a table have the same"
                    " columns: add it, with empty cells where nothing is known, or take it out of the others"
                )


class _Table:
    """One file: its columns, and its rows as examples.

    Attributes:
        source: The file.
        found: Its columns, and that of its name.
        present: {field: column}; None where no row can be read, whose problems then say why.
    """

    def __init__(self, source: Source, settings: CorpusSettings, batch_rows: int) -> None:
        self.source = source
        self._settings = settings
        table = TableFile(source.path, batch_rows=batch_rows, options=settings.table_options())
        self._table = table
        self._export = self._read_export(batch_rows)
        # The rows of JSON Lines name their own columns.
        columns = self._export.columns if self._export is not None else table.columns
        extra = [] if settings.file_column is None or not columns else [settings.file_column]
        self.found = [*columns, *extra]
        clash = next((name for name in extra if name in columns), None)
        if clash is not None:
            raise DataError(f"{source.path}: has a column {clash!r} already; choose another data.file_column")
        self.present = columns_of(str(source.path), self.found, settings) if self.found else None

    def _read_export(self, batch_rows: int) -> Export | None:
        first: list[dict[str, Any]] = []
        for batch in self._table.rows():
            first = [row for _, row in batch.rows]
            if first:
                break
        tool = tool_of(self._settings, first)
        if tool is None:
            return None
        return read_export(tool, str(self.source.path), self._table.rows(), self._settings)

    def batches(self, ids: RowIds, told: set[tuple[str, ...]]) -> Iterator[Batch]:
        """Yield the rows; columns that are not read are told, unless they are those that were `told` of before."""
        settings = self._settings
        fields = settings.columns.all_names() if self.present is None else self.present
        wanted = [*fields.values(), *settings.extra, *condition_columns(settings)]
        source, raw = self.source, self._raw(wanted, fields)
        yield from table_rows(str(source.path), raw, settings, self.found or None, source.split, ids, told)

    def _raw(self, wanted: Sequence[str], fields: Mapping[str, str]) -> Iterator[RowBatch]:
        export, name = self._export, self._settings.file_column
        raw = self._table.text_rows(wanted, fields) if export is None else in_batches(export.rows, BATCH_ROWS)
        for batch in raw:
            if name is not None:
                batch.rows = [(number, {**row, name: self.source.path.name}) for number, row in batch.rows]
            if export is not None and export.left_out:
                batch.left_out.update(export.left_out)
                export.left_out.clear()
            yield batch


def table_rows(
    file: str,
    raw: Iterable[RowBatch],
    settings: CorpusSettings,
    found: Sequence[str] | None,
    split: str = "",
    ids: RowIds | None = None,
    told: set[tuple[str, ...]] | None = None,
) -> Iterator[Batch]:
    """Turn raw rows into examples; columns that are not read are told.

    Args:
        file: The file's name, for messages.
        raw: The raw rows.
        settings: What the columns and labels are called, and what travels along.
        found: The columns that there are, or None where the rows tell, as they come.
        split: The split of rows that name none.
        ids: Gives ids to rows that have none, over all files of the corpus; None where this is the only one.
        told: The unread columns of the other files of the table, which are not told again.
    """
    ids = ids or RowIds()
    condition = None if settings.where is None else Condition(settings.where)
    if condition is not None and found is not None:
        condition.check(file, found, "data.where")
    names, done = dict.fromkeys(found or ()), 0
    rows = None if found is None else RowReader(settings, columns_of(file, found, settings), ids, split)
    notes = [] if rows is None else _told(file, list(names), rows, settings, told)
    for batch in raw:
        known = len(names)
        if found is None:
            names.update(dict.fromkeys(name for _, row in batch.rows for name in row))
        if rows is None or len(names) > known:
            rows = RowReader(settings, columns_of(file, list(names), settings), ids, split) if batch.rows else None
        result = Batch(file, problems=list(batch.problems), skipped=batch.left_out, done=batch.bytes_read - done)
        warnings = [Note(text=text, is_warning=True) for text in batch.warnings]
        tell(warnings, logger)
        result.notes, notes = [*notes, *warnings], []
        done = batch.bytes_read
        result.columns = {} if rows is None else rows.columns
        for number, row in batch.rows:
            assert rows is not None
            if condition is None or condition.keeps(file, number, row):
                rows.add(number, row, result)
            else:
                result.skipped["left out by data.where"] += 1
        yield result
    if found is None and rows is not None:
        if condition is not None:
            condition.check(file, names, "data.where")
        yield Batch(file, notes=_told(file, list(names), rows, settings, told))
    if condition is not None:
        _log_where(file, condition)
        if (excluded := condition.excluded("data.where")) is not None:
            yield Batch(file, excluded=excluded)


def _log_where(file: str, condition: Condition) -> None:
    """Log how many rows a condition left out."""
    level = logging.WARNING if condition.left_out == condition.seen else logging.INFO
    message = "%s: data.where=%r left out %s of %s"
    logger.log(level, message, file, condition.text, f"{condition.left_out:,}", count_of(condition.seen, "row"))


def _told(
    file: str, names: Sequence[str], rows: RowReader, settings: CorpusSettings, before: set[tuple[str, ...]] | None
) -> list[Note]:
    """Tell which columns are not read, unless those were told of another file before, and return what was told."""
    unread = tuple(unread_columns(names, rows.columns, settings))
    if before is not None:
        if unread in before:
            return []
        before.add(unread)
    notes = unread_notes(file, names, rows.columns, settings)
    tell(notes, logger)
    return notes
