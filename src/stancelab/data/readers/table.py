"""A user's table, of whatever columns and labels, as examples."""

from __future__ import annotations

import logging
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final

from stancelab.data.labels import LabelMap
from stancelab.data.readers.batch import Batch, split_name
from stancelab.errors import DataError, RowProblem, did_you_mean
from stancelab.schema import NEGATED_STANCE, NEGATED_TEXT, Example, Span
from stancelab.tables.formats import RawBatch, column_names, read_raw

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from stancelab.data.corpora import CorpusSettings

logger = logging.getLogger(__name__)

REQUIRED: Final = ("text", "target", "stance")
_SPANS: Final = (("target_start", "target_end"), ("source_start", "source_end"))


@dataclass
class ColumnSettings:
    """What the file calls each field; None is the field's own name, where the file has such a column.

    `text`, `target` and `stance` must be there; so must every column that is named here.

    Attributes:
        id: The row's own id; rows are numbered where there is none.
        text: The sentence.
        source: Whose stance it is; an empty cell is the author.
        target: What the stance is about.
        stance: The label; `data.labels` says what its values mean.
        target_start: First character of the target's mention in the text, counted from 0.
        target_end: Character after its last.
        source_start: First character of the source's mention.
        source_end: Character after its last.
        document: The article the sentence is from; `split=grouped` keeps documents whole.
        annotator: Who labeled the row.
        split: "train", "validation" or "test" (also with a suffix, "test_2024"), for `split=given`.
    """

    id: str | None = None
    text: str | None = None
    source: str | None = None
    target: str | None = None
    stance: str | None = None
    target_start: str | None = None
    target_end: str | None = None
    source_start: str | None = None
    source_end: str | None = None
    document: str | None = None
    annotator: str | None = None
    split: str | None = None

    def problems(self) -> list[str]:
        """Return what is wrong with the settings, one line each."""
        lines = []
        owner: dict[str, str] = {}
        for name, column in self.named().items():
            other = owner.setdefault(column, name)
            if other != name:
                lines.append(f"{name}: found {column!r}, which is already the column of {other!r}")
            if not column:
                lines.append(f"{name}: found an empty name; leave it out (null) where the file has no such column")
        for start, end in _SPANS:
            if (getattr(self, start) is None) != (getattr(self, end) is None):
                lines.append(f"{start}, {end}: only one is given; a span needs both")
        return lines

    def named(self) -> dict[str, str]:
        """Return the fields whose column the user named."""
        return {f.name: value for f in fields(self) if (value := getattr(self, f.name)) is not None}

    def all_names(self) -> dict[str, str]:
        """Return what each field's column is called where there is one."""
        return {f.name: self.named().get(f.name, f.name) for f in fields(self)}


def resolve_columns(file: str, found: Sequence[str], settings: ColumnSettings, extra: Sequence[str]) -> dict[str, str]:
    """Return {field: column} for the fields that a table has.

    Args:
        file: The file's name, for messages.
        found: The columns it has.
        settings: What the user calls them.
        extra: Further columns that must be there, since they travel along.

    Raises:
        DataError: A column is missing that is required or was named.
    """
    named = settings.named()
    columns = settings.all_names()
    missing = [
        (name, columns[name]) for name in columns if (name in named or name in REQUIRED) and columns[name] not in found
    ]
    if missing or any(column not in found for column in extra):
        taken = [columns[name] for name in columns if columns[name] in found]
        raise DataError(_missing(file, found, missing, [column for column in extra if column not in found], taken))
    present = {name: column for name, column in columns.items() if column in found}
    for start, end in _SPANS:
        if (start in present) != (end in present):
            there, absent = (start, end) if start in present else (end, start)
            raise DataError(
                f"{file}: there is a column {present[there]!r} but none for {absent!r}; a span needs both."
                f" Name it with data.columns.{absent}=COLUMN, or remove the one there is"
            )
    return present


def _missing(
    file: str, found: Sequence[str], missing: Sequence[tuple[str, str]], extra: Sequence[str], taken: Sequence[str]
) -> str:
    """Word the error: each missing column, what there is that no other field has taken, and the override to write."""
    lines = []
    for name, column in missing:
        # A column that is the other spelling of another missing one is not proposed for this one.
        others = {other.lower() for _, other in missing if other != column}
        others |= {used.lower() for used in taken}
        near = did_you_mean(column, [candidate for candidate in found if candidate.lower() not in others])
        example = near.removeprefix(" Did you mean '").removesuffix("'?") if near else "COLUMN"
        lines.append(f"  no column {column!r} for the {name}.{near} Name it with data.columns.{name}={example}")
    lines += [f"  no column {column!r}, which data.extra names.{did_you_mean(column, found)}" for column in extra]
    return f"{file}: columns are missing; the file has {', '.join(map(repr, found)) or 'none'}\n" + "\n".join(lines)


def read_table(path: Path, settings: CorpusSettings) -> Iterator[Batch]:
    """Yield a table file's rows as examples, in batches and in the file's order.

    Args:
        path: A CSV, TSV, JSONL or Parquet file.
        settings: What its columns and labels are called, and what travels along.

    Raises:
        DataError: The file cannot be read as a whole, or lacks a column.
    """
    found = column_names(path)
    # The rows of JSON Lines name their own columns; any that may be meant is wanted.
    wanted = [*settings.columns.all_names().values(), *settings.extra]
    if found is not None:
        present = resolve_columns(str(path), found, settings.columns, settings.extra)
        wanted = [*present.values(), *settings.extra]
        _tell_of_unread(str(path), [column for column in found if column not in wanted], has_source="source" in present)
    yield from table_rows(str(path), path.stem.split(".")[0], read_raw(path, wanted), settings, found)


def _tell_of_unread(file: str, unread: Sequence[str], *, has_source: bool) -> None:
    """Name the columns that are not read, lest one that says who holds the stance goes unnoticed."""
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
    stem: str,
    raw: Iterable[RawBatch],
    settings: CorpusSettings,
    found: Sequence[str] | None,
    split: str = "",
) -> Iterator[Batch]:
    """Turn raw rows into examples.

    Args:
        file: The file's name, for messages.
        stem: What the id of a row without an id begins with.
        raw: The raw rows.
        settings: What the columns and labels are called, and what travels along.
        found: The columns that there are, or None where the rows of the first batch tell.
        split: The split of rows that name none.
    """
    rows: _Rows | None = None
    done = 0
    for batch in raw:
        if rows is None and (batch.rows or found is not None):
            names = found if found is not None else list(dict.fromkeys(name for _, row in batch.rows for name in row))
            rows = _Rows(settings, resolve_columns(file, names, settings.columns, settings.extra), stem, split)
        result = Batch(file, problems=list(batch.problems), done=batch.bytes_read - done)
        done = batch.bytes_read
        for number, row in batch.rows:
            assert rows is not None
            rows.add(number, row, result)
        yield result


class _Rows:
    """Makes examples of raw rows."""

    def __init__(self, settings: CorpusSettings, columns: Mapping[str, str], stem: str, split: str) -> None:
        self.columns = dict(columns)
        self.labels = LabelMap(settings.labels)
        self.settings = settings
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
