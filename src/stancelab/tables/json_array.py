"""JSON files that hold one array of objects: each is a row. They are read as a whole."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from stancelab.errors import DataError, RowProblem
from stancelab.tables.cells import is_unicode

if TYPE_CHECKING:
    from stancelab.tables.text_file import TextFile


def read_json_array(text: TextFile) -> tuple[list[tuple[int, dict[str, Any]]], list[RowProblem]]:
    """Return the rows, numbered from 1, and what is no row.

    Raises:
        DataError: The file is no JSON, or holds something else than an array.
    """
    content = "".join(text)
    try:
        items = json.loads(content)
    except (json.JSONDecodeError, RecursionError) as error:
        advice = ""
        if str(error).startswith("Extra data"):
            advice = "; a file with one object a line is JSON Lines: name it .jsonl"
        raise DataError(f"{text.path}: not readable as JSON ({error}){advice or '; is the file cut off?'}") from None
    if not isinstance(items, list):
        keys = f" with the keys {', '.join(map(repr, list(items)[:8]))}" if isinstance(items, dict) else ""
        raise DataError(f"{text.path}: holds one {type(items).__name__}{keys}; expected an array of objects: [{{...}}]")
    rows, problems = [], []
    for number, item in enumerate(items, start=1):
        if not isinstance(item, dict):
            reason = 'expected a JSON object such as {"text": "..."}'
            problems.append(RowProblem(str(text.path), number, "", json.dumps(item), reason))
        elif half := next((key for key, cell in item.items() if isinstance(cell, str) and not is_unicode(cell)), None):
            reason = "holds half of a character (a lone surrogate)"
            problems.append(RowProblem(str(text.path), number, half, repr(item[half]), reason))
        else:
            rows.append((number, item))
    return rows, problems
