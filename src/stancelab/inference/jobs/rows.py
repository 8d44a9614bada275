"""A table's row as an example, or the reason why it cannot be one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stancelab.aliases import mark_names, split_names
from stancelab.errors import RowProblem
from stancelab.offsets import CHARACTERS, Reading, parse_reading
from stancelab.schema import PARTS, SOURCE, SPAN_COLUMNS, TARGET, Example, Span, problems_of
from stancelab.tables.cells import cell_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stancelab.offsets import OffsetVotes


def example_of(
    file: str,
    number: int,
    row: Mapping[str, Any],
    columns: Mapping[str, str],
    offsets: str = CHARACTERS,
    votes: OffsetVotes | None = None,
) -> Example | RowProblem:
    """Return a row as an example, or the first reason why it cannot be one.

    Args:
        file: The file's name, for the reason.
        number: The row's number, also the example's id.
        row: Its cells by column.
        columns: Field -> column.
        offsets: How spans are counted.
        votes: Takes note of how they seem to be counted.
    """
    texts = {}
    for field, column in columns.items():
        cell = row.get(column)
        if isinstance(cell, dict | list | bytes):
            return RowProblem(file, number, column, cell_text(cell), "expected text")
        texts[field] = cell_text(cell)
    ends = {}
    for field in SPAN_COLUMNS:
        value = texts.get(field, "").removesuffix(".0")
        if value and not value.isdecimal():
            reason = "expected a whole number of characters, 0 or more"
            return RowProblem(file, number, columns[field], value, reason)
        ends[field] = int(value) if value else None
    for part in PARTS[::-1]:
        if (ends[f"{part}_start"] is None) != (ends[f"{part}_end"] is None):
            return RowProblem(file, number, "", "", f"{part}_start and {part}_end: only one is given")
    spans = {}
    for part in PARTS:
        start, end = ends[f"{part}_start"], ends[f"{part}_end"]
        span = None if start is None or end is None else _counted(texts, part, start, end, offsets, votes)
        if isinstance(span, str):
            return RowProblem(file, number, columns[f"{part}_start"], f"{start}:{end}", span)
        spans[part] = span
    example = Example(
        id=str(number),
        text=texts["text"],
        target=texts["target"],
        source=texts.get("source", ""),
        target_span=spans[TARGET],
        source_span=spans[SOURCE],
    )
    example = mark_names(example, {TARGET: split_names(texts.get("aliases", ""))})
    problems = problems_of(example)
    if problems:
        field, found, reason = problems[0]
        return RowProblem(file, number, columns.get(field, field), found, reason)
    return example


def _counted(
    texts: Mapping[str, str], part: str, start: int, end: int, offsets: str, votes: OffsetVotes | None
) -> Span | str:
    """Return the characters that two offsets mean, or why there are none."""
    reading = parse_reading(offsets)
    if votes is not None:
        votes.add(texts["text"], [texts.get(part, "")], start, end, reading)
    span = reading.span(texts["text"], start, end)
    if span is None and reading == Reading():
        return Span(start, end)  # what is wrong with it is said where the row is checked
    return span or f"outside the text, or inside a character, as predict.offsets={offsets} reads it"
