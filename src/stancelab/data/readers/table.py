"""A user's table, of whatever columns and labels, as examples."""

from __future__ import annotations

import logging
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Final

from stancelab.data.labels import LabelMap
from stancelab.data.readers.batch import Batch, split_name
from stancelab.data.settings import SPAN_PAIRS
from stancelab.row_ids import RowIds
from stancelab.schema import NEGATED_STANCE, NEGATED_TEXT, Example, Span
from stancelab.tables.batches import BATCH_ROWS, RowBatch
from stancelab.tables.columns import map_columns
from stancelab.tables.table_file import TableFile

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
    table = TableFile(path, batch_rows=batch_rows)
    # The rows of JSON Lines name their own columns; where none can be read, the problems of the rows say why.
    found = table.columns or None
    wanted = [*settings.columns.all_names().values(), *settings.extra]
    if found is not None:
        present = _map(str(path), found, settings)
        wanted = [*present.values(), *settings.extra]
        unread = [column for column in found if column not in wanted]
        _log_unread(str(path), unread, has_source="source" in present)
    yield from table_rows(str(path), table.text_rows(wanted), settings, found)


def _log_unread(file: str, unread: Sequence[str], *, has_source: bool) -> None:
    """Log the columns that are not read: one of them may say whose stance it is."""
    if not unread:
        return
    source = "" if has_source else "data.columns.source=COLUMN if one of them says whose stance it is; "
    logger.info(
        "%s: not read: %s (%sdata.extra=[COLUMN] lets a column travel along)",
        file,
        ", ".join(map(repr, unread)),
        source,
    )


def table_rows(
    file: str,
    raw: Iterable[RowBatch],
    settings: CorpusSettings,
    found: Sequence[str] | None,
    split: str = "",
    ids: RowIds | None = None,
) -> Iterator[Batch]:
    """Turn raw rows into examples.

    Args:
        file: The file's name, for messages.
        raw: The raw rows.
        settings: What the columns and labels are called, and what travels along.
        found: The columns that there are, or None where the rows of the first batch tell.
        split: The split of rows that name none.
        ids: Gives ids to rows that have none, over all files of the corpus; None where this is the only one.
    """
    ids = ids or RowIds()
    rows: _Rows | None = None
    done = 0
    for batch in raw:
        if rows is None and (batch.rows or found is not None):
            names = found if found is not None else list(dict.fromkeys(name for _, row in batch.rows for name in row))
            rows = _Rows(settings, _map(file, names, settings), ids, split)
        result = Batch(file, problems=list(batch.problems), done=batch.bytes_read - done)
        done = batch.bytes_read
        for number, row in batch.rows:
            assert rows is not None
            rows.add(number, row, result)
        yield result


def _map(file: str, found: Sequence[str], settings: CorpusSettings) -> dict[str, str]:
    return map_columns(
        file,
        found,
        asdict(settings.columns),
        required=REQUIRED,
        group="data",
        extra=settings.extra,
        pairs=SPAN_PAIRS,
    )


class _Rows:
    """Makes examples of raw rows."""

    def __init__(self, settings: CorpusSettings, columns: Mapping[str, str], ids: RowIds, split: str) -> None:
        self.columns = dict(columns)
        self.labels = LabelMap(settings.labels)
        self.settings = settings
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
            batch.add(number, example, self.shown)
            if not example.id and len(batch.problems) == before:  # rows that are left out take no id from others
                own = self.ids.next(example.text, example.source, example.target)
                batch.rows[-1] = number, replace(example, id=own)
        else:  # name what else is wrong with the row, without letting it through
            batch.problems += _also_wrong(batch.file, number, example, self.shown)

    def _cell(self, row: Mapping[str, str], name: str) -> str:
        column = self.columns.get(name)
        return "" if column is None else row.get(column, "")

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
    if not number.is_integer():
        raise ValueError(cell)
    return int(number)
