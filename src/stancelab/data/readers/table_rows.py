"""Rows of a table -> examples, row by row, or what is wrong with them."""

from __future__ import annotations

from dataclasses import replace
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING

from stancelab.alias_files import read_aliases
from stancelab.aliases import Aliases, mark_names, split_names
from stancelab.data.labels import LabelMap
from stancelab.data.readers.batch import Batch, split_name
from stancelab.data.readers.table_columns import REQUIRED
from stancelab.offsets import Reading, parse_reading
from stancelab.schema import NEGATED_STANCE, NEGATED_TEXT, TARGET, Example, Span, control_problem, shown_controls
from stancelab.tables.mending import NO_REPAIR

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stancelab.data.settings import CorpusSettings
    from stancelab.errors import RowProblem
    from stancelab.row_ids import RowIds


class RowReader:
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
        if reason := control_problem(text):
            batch.reject(number, NEGATED_TEXT, shown_controls(text), reason)
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
