"""A table's row as an example, or the reason why it cannot be one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from stancelab.aliases import mark_names, split_names
from stancelab.errors import RowProblem
from stancelab.inference.spans import counted_span
from stancelab.offsets import CHARACTERS, parse_reading
from stancelab.schema import PARTS, SOURCE, SPAN_COLUMNS, TARGET, Example, problems_of
from stancelab.tables.cells import cell_text, wrong_type
from stancelab.tables.mending import Mending
from stancelab.tables.writable import unwritable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stancelab.inference.settings import PredictSettings
    from stancelab.offsets import OffsetVotes
    from stancelab.schema import Part, Span
    from stancelab.tables.formats import Format


AS_IT_IS: Final = Mending()
#: Digits of an offset at most: no text is so long, and Python refuses to read numbers of thousands of digits.
_DIGITS: Final = 20


def example_of(
    file: str,
    number: int,
    row: Mapping[str, Any],
    columns: Mapping[str, str],
    mending: Mending = AS_IT_IS,
    offsets: str = CHARACTERS,
    votes: OffsetVotes | None = None,
    constants: Mapping[str, str] | None = None,
) -> Example | RowProblem:
    """Return a row as an example, or the first reason why it cannot be one.

    Args:
        file: The file's name, for the reason.
        number: The row's number, also the example's id.
        row: Its cells by column.
        columns: Field -> column.
        mending: What is done to its cells.
        offsets: How spans are counted.
        votes: Takes note of how they seem to be counted.
        constants: Field -> its value in every row.
    """
    texts = dict(constants or {})
    for field, column in columns.items():
        cell = row.get(column)
        if isinstance(cell, dict | list | bytes):
            return RowProblem(file, number, column, cell_text(cell), "expected text")
        reason = wrong_type(field, cell)
        if reason is not None:
            return RowProblem(file, number, column, cell_text(cell), reason)
        text = cell_text(cell)
        texts[field] = "" if mending.is_missing(text) else text
    ends = {}
    for field in SPAN_COLUMNS:
        value = texts.get(field, "").strip().removesuffix(".0")
        if value and not (value.isdecimal() and len(value) <= _DIGITS):
            reason = "expected a whole number of characters, 0 or more"
            return RowProblem(file, number, columns[field], value, reason)
        ends[field] = int(value) if value else None
    for part in PARTS[::-1]:
        if (ends[f"{part}_start"] is None) != (ends[f"{part}_end"] is None):
            return RowProblem(file, number, "", "", f"{part}_start and {part}_end: only one is given")
    spans: dict[Part, Span | None] = {}
    aliases = split_names(texts.get("aliases", ""))
    for part in PARTS:
        start, end = ends[f"{part}_start"], ends[f"{part}_end"]
        if start is None or end is None:
            spans[part] = None
            continue
        names = [texts.get(part, ""), *(aliases if part == TARGET else [])]
        spans[part] = counted_span(texts["text"], names, start, end, parse_reading(offsets), votes)
        if spans[part] is None:
            reason = f"outside the text, or inside a character, as predict.offsets={offsets} reads it"
            return RowProblem(file, number, columns[f"{part}_start"], f"{start}:{end}", reason)
    example = Example(
        id=str(number),
        text=texts["text"],
        target=texts["target"],
        source=texts.get("source", ""),
        target_span=spans[TARGET],
        source_span=spans[SOURCE],
    )
    problems = problems_of(example)
    if problems:
        field, found, reason = problems[0]
        return RowProblem(file, number, _column_of(field, columns), found, reason)
    mended = mending.repaired(example)
    if not isinstance(mended, Example):
        field, found, reason = mended
        return RowProblem(file, number, _column_of(field, columns), found, reason)
    if mended is not example and (problems := problems_of(mended)):  # an entity may stand for a control character
        field, found, reason = problems[0]
        return RowProblem(file, number, _column_of(field, columns), found, reason)
    return mark_names(mended, {TARGET: aliases}) if aliases else mended


def checked_row(
    file: str,
    number: int,
    row: Mapping[str, Any],
    columns: Mapping[str, str],
    output: Format,
    settings: PredictSettings,
    votes: OffsetVotes | None = None,
) -> Example | RowProblem:
    """Return a row as an example, or the first reason why it cannot be one or cannot be written to the output.

    Args:
        file: The file's name, for the reason.
        number: The row's number, also the example's id.
        row: Its cells by column.
        columns: Field -> column.
        output: The format of the output.
        settings: What is done to the cells before they are classified, and how spans are counted.
        votes: Takes note of how they seem to be counted.
    """
    found = example_of(file, number, row, columns, settings.mending, settings.offsets, votes, settings.constants())
    wrong = None if isinstance(found, RowProblem) else unwritable(output, row)
    return found if wrong is None else RowProblem(file, number, *wrong)


def _column_of(field: str, columns: Mapping[str, str]) -> str:
    """Return the column of a field, or the two of a span, as the table calls them."""
    part = field.removesuffix("_span")
    ends = (f"{part}_start", f"{part}_end")
    return (
        ", ".join(columns[end] for end in ends) if ends[0] in columns and part != field else columns.get(field, field)
    )
