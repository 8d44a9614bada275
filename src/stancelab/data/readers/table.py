"""A user's table, of whatever columns and labels, as examples."""

from __future__ import annotations

import logging
from dataclasses import asdict
from typing import TYPE_CHECKING, Final

from stancelab.data.labels import LabelMap
from stancelab.data.notes import Note, tell
from stancelab.data.readers.batch import Batch, split_name
from stancelab.data.settings import SPAN_PAIRS
from stancelab.schema import NEGATED_STANCE, NEGATED_TEXT, SOURCE, Example, Span
from stancelab.tables.batches import BATCH_ROWS, RowBatch
from stancelab.tables.columns import map_columns
from stancelab.tables.table_file import TableFile
from stancelab.tables.unread import other_hints, source_warning, synonym

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from stancelab.data.settings import CorpusSettings
    from stancelab.errors import RowProblem

logger = logging.getLogger(__name__)

REQUIRED: Final = ("text", "target", "stance")


def read_table(path: Path, settings: CorpusSettings, batch_rows: int = BATCH_ROWS) -> Iterator[Batch]:
    """Yield a table file's rows as examples, in batches and in the file's order.

    Args:
        path: A CSV, TSV, JSONL or Parquet file.
        settings: What its columns and labels are called, and what travels along.
        batch_rows: How many rows come at a time.

    Raises:
        DataError: The file cannot be read as a whole, or lacks a column.
    """
    table = TableFile(path, batch_rows=batch_rows, quoting=settings.quoting, group="data")
    # The rows of JSON Lines name their own columns; where none can be read, the problems of the rows say why.
    found = table.columns or None
    wanted = [*settings.columns.all_names().values(), *settings.extra]
    if found is not None:
        wanted = [*_map(str(path), found, settings).values(), *settings.extra]
    yield from table_rows(str(path), path.stem.split(".")[0], table.text_rows(wanted), settings, found)


def table_rows(
    file: str,
    stem: str,
    raw: Iterable[RowBatch],
    settings: CorpusSettings,
    found: Sequence[str] | None,
    split: str = "",
) -> Iterator[Batch]:
    """Turn raw rows into examples; columns that are not read are told.

    Args:
        file: The file's name, for messages.
        stem: What the id of a row without an id begins with.
        raw: The raw rows.
        settings: What the columns and labels are called, and what travels along.
        found: The columns that there are, or None where the rows tell, as they come.
        split: The split of rows that name none.
    """
    names, done = dict.fromkeys(found or ()), 0
    rows = None if found is None else _Rows(settings, _map(file, found, settings), stem, split)
    told = [] if rows is None else _told(file, list(names), rows, settings)
    for batch in raw:
        known = len(names)
        if found is None:
            names.update(dict.fromkeys(name for _, row in batch.rows for name in row))
        if rows is None or len(names) > known:
            rows = _Rows(settings, _map(file, list(names), settings), stem, split) if batch.rows else None
        result = Batch(file, problems=list(batch.problems), done=batch.bytes_read - done)
        warnings = [Note(text=text, is_warning=True) for text in batch.warnings]
        tell(warnings, logger)
        result.notes, told = [*told, *warnings], []
        done = batch.bytes_read
        for number, row in batch.rows:
            assert rows is not None
            rows.add(number, row, result)
        yield result
    if found is None and rows is not None:
        yield Batch(file, notes=_told(file, list(names), rows, settings))


def _told(file: str, names: Sequence[str], rows: _Rows, settings: CorpusSettings) -> list[Note]:
    """Tell which columns are not read, and return what was told."""
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


def unread_notes(file: str, found: Sequence[str], present: Mapping[str, str], settings: CorpusSettings) -> list[Note]:
    """Say which columns of a table are not read: one of them may say whose stance it is.

    Args:
        file: The file's name.
        found: Its columns.
        present: Field -> column, as far as the table has them.
        settings: What the columns are called, what travels along and what is passed over.
    """
    taken = {*present.values(), *settings.extra, *settings.ignore}
    unread = [column for column in found if column not in taken]
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

    def __init__(self, settings: CorpusSettings, columns: Mapping[str, str], stem: str, split: str) -> None:
        self.columns = dict(columns)
        self.labels = LabelMap(settings.labels)
        self.settings = settings
        self.mending = settings.mending
        self.stem = stem
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
            id=self._cell(row, "id").strip() or f"{self.stem}-{number}",
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
            batch.add(number, example, self.shown)
        else:  # name what else is wrong with the row, without letting it through
            batch.problems += _also_wrong(batch.file, number, example, self.shown)

    def _cell(self, row: Mapping[str, str], name: str) -> str:
        column = self.columns.get(name)
        cell = "" if column is None else row.get(column, "")
        return "" if name != "stance" and self.mending.is_missing(cell) else cell

    def _split(self, number: int, row: Mapping[str, str], batch: Batch) -> str:
        value = self._cell(row, "split")
        if not value.strip():
            return self.split
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
        return Span(start, end)


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
