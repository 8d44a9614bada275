"""A user's table, of whatever columns and labels, as examples."""

from __future__ import annotations

import logging
from dataclasses import asdict, replace
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from stancelab.alias_files import read_aliases
from stancelab.aliases import Aliases, mark_names, split_names
from stancelab.data.labels import LabelMap
from stancelab.data.notes import Note, tell
from stancelab.data.readers.batch import Batch, split_name
from stancelab.data.readers.exports.read import read_export, tool_of
from stancelab.data.readers.sources import table_sources
from stancelab.data.settings import SPAN_PAIRS
from stancelab.errors import DataError
from stancelab.offsets import Reading, parse_reading
from stancelab.row_ids import RowIds
from stancelab.schema import NEGATED_STANCE, NEGATED_TEXT, SOURCE, TARGET, Example, Span
from stancelab.tables.batches import BATCH_ROWS, RowBatch, in_batches
from stancelab.tables.columns import map_columns
from stancelab.tables.mending import NO_REPAIR
from stancelab.tables.table_file import TableFile
from stancelab.tables.unread import other_hints, source_warning, synonym
from stancelab.tables.where import Condition

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from stancelab.data.readers.exports.read import Export
    from stancelab.data.readers.sources import Source
    from stancelab.data.settings import CorpusSettings
    from stancelab.errors import RowProblem

logger = logging.getLogger(__name__)

REQUIRED: Final = ("text", "target", "stance")


def read_tables(given: Any, settings: CorpusSettings, batch_rows: int = BATCH_ROWS) -> Iterator[Batch]:
    """Yield the rows of all files that `data.path` stands for as examples, in batches and in the files' order.

    Args:
        given: A file, a pattern, a folder, a list, a mapping from splits to files, or "-".
        settings: What the columns and labels are called, which rows are read, and what travels along.
        batch_rows: How many rows come at a time.

    Raises:
        DataError: A file cannot be read as a whole or lacks a column, or two files differ in the columns that are read.
    """
    tables = [_Table(source, settings, batch_rows) for source in table_sources(given)]
    check_same_columns([(str(table.source.path), table.present) for table in tables if table.present is not None])
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
        self._found = [*columns, *extra] or None
        clash = next((name for name in extra if name in columns), None)
        if clash is not None:
            raise DataError(f"{source.path}: has a column {clash!r} already; choose another data.file_column")
        self.present = None if self._found is None else _map(str(source.path), self._found, settings)

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
        wanted = [*fields.values(), *settings.extra, *_condition_columns(settings)]
        source = self.source
        yield from table_rows(str(source.path), self._raw(wanted), settings, self._found, source.split, ids, told)

    def _raw(self, wanted: Sequence[str]) -> Iterator[RowBatch]:
        export, name = self._export, self._settings.file_column
        raw = self._table.text_rows(wanted) if export is None else in_batches(export.rows, BATCH_ROWS)
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
    rows = None if found is None else _Rows(settings, _map(file, found, settings), ids, split)
    notes = [] if rows is None else _told(file, list(names), rows, settings, told)
    for batch in raw:
        known = len(names)
        if found is None:
            names.update(dict.fromkeys(name for _, row in batch.rows for name in row))
        if rows is None or len(names) > known:
            rows = _Rows(settings, _map(file, list(names), settings), ids, split) if batch.rows else None
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


def _condition_columns(settings: CorpusSettings) -> list[str]:
    return [] if settings.where is None else Condition(settings.where).columns


def _log_where(file: str, condition: Condition) -> None:
    """Log how many rows a condition left out."""
    level = logging.WARNING if condition.left_out == condition.seen else logging.INFO
    message = "%s: data.where=%r left out %s of %s rows"
    logger.log(level, message, file, condition.text, f"{condition.left_out:,}", f"{condition.seen:,}")


def _told(
    file: str, names: Sequence[str], rows: _Rows, settings: CorpusSettings, before: set[tuple[str, ...]] | None
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


def _map(file: str, found: Sequence[str], settings: CorpusSettings) -> dict[str, str]:
    return map_columns(
        file,
        found,
        asdict(settings.columns),
        required=REQUIRED,
        group="data",
        extra=settings.extra,
        pairs=SPAN_PAIRS,
        ignore=settings.ignore,
    )


def unread_columns(found: Sequence[str], present: Mapping[str, str], settings: CorpusSettings) -> list[str]:
    """Return the columns that are neither read nor passed over; the arguments are those of `unread_notes`."""
    taken = {*present.values(), *settings.extra, *settings.ignore, *_condition_columns(settings)}
    return [column for column in found if column not in taken and column != settings.file_column]


def unread_notes(file: str, found: Sequence[str], present: Mapping[str, str], settings: CorpusSettings) -> list[Note]:
    """Say which columns of a table are not read: one of them may say whose stance it is.

    Args:
        file: The file's name.
        found: Its columns.
        present: Field -> column, as far as the table has them.
        settings: What the columns are called, what travels along and what is passed over.
    """
    unread = unread_columns(found, present, settings)
    if not unread:
        return []
    notes = []
    speaker = None if SOURCE in present else synonym(SOURCE, unread)
    if speaker is not None:
        notes.append(Note(text=source_warning(file, speaker, "data"), is_warning=True))
    absent = [field for field in settings.columns.all_names() if field not in present and field != SOURCE]
    hints = other_hints(unread, absent, "data")
    if SOURCE not in present:
        hints.insert(0, "data.columns.source=COLUMN if one of them says whose stance it is")
    advice = "; ".join([*hints, "data.extra=[COLUMN] lets a column travel along"])
    notes.append(Note(text=f"{file}: not read: {', '.join(map(repr, unread))} ({advice})"))
    return notes


class _Rows:
    """Makes examples of raw rows."""

    def __init__(self, settings: CorpusSettings, columns: Mapping[str, str], ids: RowIds, split: str) -> None:
        self.columns = dict(columns)
        self.labels = LabelMap(settings.labels)
        self.settings = settings
        self.mending = settings.mending
        self.reading = parse_reading(settings.offsets)
        files = dict.fromkeys(path for path in (settings.targets, settings.aliases) if path is not None)
        self.aliases = reduce(Aliases.merged, (read_aliases(Path(path)) for path in files), Aliases())
        self.ids = ids
        self.split = split
        self.shown = self.columns | {
            f"{part}_span": f"{columns[f'{part}_start']}, {columns[f'{part}_end']}"
            for part in ("target", "source")
            if f"{part}_start" in columns
        }

    def add(self, number: int, row: Mapping[str, str], batch: Batch) -> None:
        """Add one raw row to the batch, as an example or as problems."""
        before = len(batch.problems)
        lacking = [column for name, column in self.columns.items() if name in REQUIRED and column not in row]
        for column in lacking:  # only JSON Lines can lack a column in one row alone
            batch.reject(
                number, column, "", f"the row has no {column!r}; it has {', '.join(map(repr, row)) or 'nothing'}"
            )
        if lacking:
            return
        label = self._cell(row, "stance")
        stance = self.labels.stance(label)
        if stance is None:
            batch.reject(number, self.columns["stance"], label, self.labels.reason(label))
        split = self._split(number, row, batch)
        spans = [self._span(number, row, part, batch) for part in ("target", "source")]
        target = self._cell(row, "target").strip()
        example = Example(
            id=self._cell(row, "id").strip(),
            text=self._cell(row, "text"),
            source=self._cell(row, "source").strip(),
            target=self.settings.target_names.get(target, target),
            stance=stance,
            target_span=spans[0],
            source_span=spans[1],
            document=self._cell(row, "document").strip(),
            annotator=self._cell(row, "annotator").strip(),
            split=split,
            corpus=self.settings.name,
            extra=self._extra(number, row, batch),
        )
        if len(batch.problems) == before:
            self._add_mended(number, row, example, batch)
        else:  # name what else is wrong with the row, without letting it through
            batch.problems += _also_wrong(batch.file, number, example, self.shown)

    def _add_mended(self, number: int, row: Mapping[str, str], example: Example, batch: Batch) -> None:
        """Add an example with mended characters; its aliases are looked for in the mended text."""
        if self.mending.repair != NO_REPAIR:
            problems = _also_wrong(batch.file, number, example, self.shown)
            if problems:  # a span outside the text cannot be moved
                batch.problems += problems
                return
            mended = self.mending.repaired(example)
            if not isinstance(mended, Example):
                batch.reject(number, *mended)
                return
            example = mended
        before = len(batch.problems)
        batch.add(number, mark_names(example, {TARGET: split_names(self._cell(row, "aliases"))}), self.shown)
        if not example.id and len(batch.problems) == before:  # rows that are left out take no id from others
            own = self.ids.next(example.text, example.source, example.target)
            batch.rows[-1] = number, replace(batch.rows[-1][1], id=own)

    def _cell(self, row: Mapping[str, str], name: str) -> str:
        column = self.columns.get(name)
        cell = "" if column is None else row.get(column, "")
        return "" if name != "stance" and self.mending.is_missing(cell) else cell

    def _split(self, number: int, row: Mapping[str, str], batch: Batch) -> str:
        value = self._cell(row, "split")
        if not value.strip():
            return self.split
        if self.split and split_name(value) not in (None, self.split):
            reason = f"the file is that of {self.split}; correct the cell, or name the files in a list"
            batch.reject(number, self.columns["split"], value, reason)
            return ""
        split = split_name(value)
        if split is None:
            reason = "no known split; allowed are train, validation (or dev, val) and test, also test_NAME"
            batch.reject(number, self.columns["split"], value, reason)
        return split or ""

    def _extra(self, number: int, row: Mapping[str, str], batch: Batch) -> dict[str, str]:
        extra = {name: row.get(name, "") for name in self.settings.extra}
        text, label = (extra.get(name, "").strip() for name in (NEGATED_TEXT, NEGATED_STANCE))
        if not text and not label:
            return extra
        stance = self.labels.stance(label)
        if not text:
            batch.reject(number, NEGATED_TEXT, text, f"empty, though {NEGATED_STANCE} is given; give both or neither")
        elif stance is None:
            batch.reject(number, NEGATED_STANCE, label, self.labels.reason(label))
        return {**extra, NEGATED_STANCE: stance or ""}

    def _span(self, number: int, row: Mapping[str, str], part: str, batch: Batch) -> Span | None:
        cells = [self._cell(row, f"{part}_{end}").strip() for end in ("start", "end")]
        if not any(cells):
            return None
        columns = self.shown[f"{part}_span"]
        if not all(cells):
            batch.reject(number, columns, ":".join(cells), "only one end of the span is given; give both or neither")
            return None
        try:
            start, end = map(_whole_number, cells)
        except ValueError:
            batch.reject(
                number, columns, ":".join(cells), "not whole numbers; a span counts characters of the text from 0"
            )
            return None
        return self._counted(number, row, part, (start, end), batch)

    def _counted(
        self, number: int, row: Mapping[str, str], part: str, offsets: tuple[int, int], batch: Batch
    ) -> Span | None:
        """Return the characters that two offsets mean, and note how they seem to be counted."""
        text, name = self._cell(row, "text"), self._cell(row, part).strip()
        names = [name, self.settings.target_names.get(name, name)] if part == TARGET else [name]
        names += [alias for each in names for alias in self.aliases.of(each)]
        names += split_names(self._cell(row, "aliases")) if part == TARGET else []
        batch.offsets.add(text, names, *offsets, self.reading)
        span = self.reading.span(text, *offsets)
        if span is None and self.reading == Reading():
            return Span(*offsets)  # what is wrong with it is said where the row is checked
        if span is None:
            reason = f"outside the text, or inside a character, as data.offsets={self.settings.offsets} reads it"
            batch.reject(number, self.shown[f"{part}_span"], ":".join(map(str, offsets)), reason)
        return span


def _also_wrong(file: str, number: int, example: Example, names: Mapping[str, str]) -> list[RowProblem]:
    batch = Batch(file)
    batch.add(number, example, dict(names))
    return batch.problems


def _whole_number(cell: str) -> int:
    """Read a whole number; "17.0" is one, since a column with gaps becomes decimal in many programs."""
    number = float(cell)
    if not number.is_integer() or "_" in cell:
        raise ValueError(cell)
    return int(number)
