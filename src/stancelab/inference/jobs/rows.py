"""A table's row as an example, or the reason why it cannot be one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from stancelab.errors import RowProblem
from stancelab.schema import PARTS, SPAN_COLUMNS, Example, Span, problems_of
from stancelab.tables.cells import cell_text
from stancelab.tables.mending import Mending
from stancelab.tables.writable import unwritable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stancelab.tables.formats import Format

AS_IT_IS: Final = Mending()


def example_of(
    file: str, number: int, row: Mapping[str, Any], columns: Mapping[str, str], mending: Mending = AS_IT_IS
) -> Example | RowProblem:
    """Return a row as an example, or the first reason why it cannot be one.

    Args:
        file: The file's name, for the reason.
        number: The row's number, also the example's id.
        row: Its cells by column.
        columns: Field -> column.
        mending: What is done to its cells.
    """
    texts = {}
    for field, column in columns.items():
        cell = row.get(column)
        if isinstance(cell, dict | list | bytes):
            return RowProblem(file, number, column, cell_text(cell), "expected text")
        text = cell_text(cell)
        texts[field] = "" if mending.is_missing(text) else text
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
    example = Example(
        id=str(number),
        text=texts["text"],
        target=texts["target"],
        source=texts.get("source", ""),
        target_span=_span(ends["target_start"], ends["target_end"]),
        source_span=_span(ends["source_start"], ends["source_end"]),
    )
    problems = problems_of(example)
    if problems:
        field, found, reason = problems[0]
        return RowProblem(file, number, columns.get(field, field), found, reason)
    mended = mending.repaired(example)
    return mended if isinstance(mended, Example) else RowProblem(file, number, *mended)


def checked_row(
    file: str, number: int, row: Mapping[str, Any], columns: Mapping[str, str], output: Format, mending: Mending
) -> Example | RowProblem:
    """Return a row as an example, or the first reason why it cannot be one or cannot be written to the output.

    Args:
        file: The file's name, for the reason.
        number: The row's number, also the example's id.
        row: Its cells by column.
        columns: Field -> column.
        output: The format of the output.
        mending: What is done to the cells before they are classified.
    """
    found = example_of(file, number, row, columns, mending)
    wrong = None if isinstance(found, RowProblem) else unwritable(output, row)
    return found if wrong is None else RowProblem(file, number, *wrong)


def _span(start: int | None, end: int | None) -> Span | None:
    return None if start is None or end is None else Span(start, end)
