"""JSON Lines: one object a line; each row names its own columns."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from stancelab.errors import RowProblem
from stancelab.tables.batches import RowBatch
from stancelab.tables.cells import is_unicode

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from stancelab.tables.text_file import TextFile


def read_json_lines(text: TextFile, batch_rows: int) -> Iterator[RowBatch]:
    """Yield the rows in batches; a row's number is that of its line."""
    batch = RowBatch()
    blank: list[int] = []
    for number, line in enumerate(text, start=1):
        if not line.strip():
            blank.append(number)
            continue
        # Empty lines at the end of a file are harmless; one with rows after it is a sign of damage.
        batch.problems += [RowProblem(str(text.path), row, "", "", "the line is empty") for row in blank]
        blank.clear()
        row = json_object(text.path, number, line)
        if isinstance(row, RowProblem):
            batch.problems.append(row)
        else:
            batch.rows.append((number, row))
        if len(batch) >= batch_rows:
            batch.bytes_read = text.bytes_read
            yield batch
            batch = RowBatch()
    batch.bytes_read = text.bytes_read
    yield batch


def json_object(path: Path, number: int, line: str) -> dict[str, Any] | RowProblem:
    """Read one line of JSON Lines as an object whose strings can be written as UTF-8."""
    try:
        value = json.loads(line)
    except (json.JSONDecodeError, RecursionError) as error:
        reason = f"not a complete JSON object ({error}); the line may be cut off"
        return RowProblem(str(path), number, "", line, reason)
    if not isinstance(value, dict):
        return RowProblem(str(path), number, "", line, 'expected a JSON object such as {"text": "..."}')
    for name, cell in value.items():
        if isinstance(cell, str) and not is_unicode(cell):
            return RowProblem(str(path), number, name, repr(cell), "holds half of a character (a lone surrogate)")
    return value
