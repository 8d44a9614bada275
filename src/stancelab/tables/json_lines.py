"""JSON Lines: one object a line; each row names its own columns."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from stancelab.errors import RowProblem
from stancelab.schema import is_unicode
from stancelab.tables.batches import RowBatch
from stancelab.tables.cells import half_character
from stancelab.tables.text_file import DamagedLine

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
        if isinstance(line, DamagedLine):
            row: dict[str, Any] | RowProblem = RowProblem(str(text.path), number, "", line.readable, line.reason)
        else:
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
    """Read one line of JSON Lines as an object whose strings can be written as UTF-8 and whose keys differ."""
    try:
        value = json.loads(line, object_pairs_hook=unique_pairs)
    except KeyTwiceError as error:
        reason = "the key occurs twice in one object; one of the two values would be lost"
        return RowProblem(str(path), number, error.key, line, reason)
    except (ValueError, RecursionError) as error:  # also a number of more digits than Python reads
        reason = f"not a complete JSON object ({error}); the line may be cut off"
        return RowProblem(str(path), number, "", line, reason)
    if not isinstance(value, dict):
        return RowProblem(str(path), number, "", line, 'expected a JSON object such as {"text": "..."}')
    # Half a character can only come from an escape.
    problem = half_problem(path, number, value) if "\\u" in line else None
    return value if problem is None else problem


def half_problem(path: Path, number: int, row: dict[str, Any]) -> RowProblem | None:
    """Return what is wrong with a row that holds half of a character, in a key or anywhere in a cell; else None."""
    for name, cell in row.items():
        half = name if not is_unicode(name) else half_character(cell)
        if half is not None:
            reason = "holds half of a character (a lone surrogate)"
            return RowProblem(str(path), number, name if is_unicode(name) else repr(name), repr(half), reason)
    return None


class KeyTwiceError(Exception):
    """An object has a key twice."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def unique_pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Make an object of JSON, whose keys differ; else raise a `KeyTwiceError`."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise KeyTwiceError(next(name for name in names if names.count(name) > 1))
    return found
