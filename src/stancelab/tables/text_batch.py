"""Rows with cells of any type as rows of text."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from stancelab.errors import RowProblem
from stancelab.tables.cells import cell_text, flat_text, wrong_type

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from stancelab.tables.batches import RowBatch

NO_FIELDS: Final[Mapping[str, str]] = MappingProxyType({})


def text_batch(
    file: str, batch: RowBatch, columns: Sequence[str] | None, fields: Mapping[str, str] = NO_FIELDS
) -> RowBatch:
    """Return a batch whose cells are strings, "" where there is nothing.

    Args:
        file: The file's name, for problems.
        batch: The batch.
        columns: The columns that are wanted, None for all. A list or an object in one of them is a problem; in another
            column such a cell is left out.
        fields: Field -> column: a cell of the wrong type for its field is a problem.
    """
    result = replace(batch, rows=[])
    for number, row in batch.rows:
        nested = [name for name, cell in row.items() if isinstance(cell, dict | list)]
        wrong = [name for name in nested if columns is None or name in columns]
        if wrong:
            reason = "holds a list or an object; expected text or a number"
            result.problems.append(RowProblem(file, number, wrong[0], flat_text(row[wrong[0]]), reason))
        elif found := _wrong_type(row, fields):
            column, reason = found
            result.problems.append(RowProblem(file, number, column, cell_text(row[column]), reason))
        else:
            result.rows.append((number, _texts(row, nested)))
    result.problems.sort(key=lambda problem: problem.row)
    return result


def _wrong_type(row: Mapping[str, Any], fields: Mapping[str, str]) -> tuple[str, str] | None:
    """Return the first column of a row whose cell has the wrong type for its field, and why; None where none has."""
    for field, column in fields.items():
        reason = wrong_type(field, row.get(column))
        if reason is not None:
            return column, reason
    return None


def _texts(row: dict[str, Any], left_out: Sequence[str]) -> dict[str, str]:
    return {name: cell_text(cell) for name, cell in row.items() if name not in left_out}
