"""JSON files that hold one array of objects: each is a row. They are read as a whole."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from stancelab.errors import DataError, RowProblem
from stancelab.tables.json_lines import KeyTwiceError, half_problem, unique_pairs

if TYPE_CHECKING:
    from stancelab.tables.text_file import TextFile


def read_json_array(text: TextFile) -> tuple[list[tuple[int, dict[str, Any]]], list[RowProblem]]:
    """Return the rows, numbered from 1, and what is no row.

    Raises:
        DataError: The file is no JSON, or holds something else than an array.
    """
    content = "".join(text)
    try:
        items = json.loads(content, object_pairs_hook=unique_pairs)
    except KeyTwiceError as error:
        raise DataError(
            f"{text.path}: the key {error.key!r} occurs twice in one object; one of the two values would be lost"
        ) from None
    except (ValueError, RecursionError) as error:  # also a number of more digits than Python reads
        advice = ""
        if str(error).startswith("Extra data"):
            advice = "; a file with one object a line is JSON Lines: name it .jsonl"
        raise DataError(f"{text.path}: not readable as JSON ({error}){advice or '; is the file cut off?'}") from None
    if not isinstance(items, list):
        keys = f" with the keys {', '.join(map(repr, list(items)[:8]))}" if isinstance(items, dict) else ""
        raise DataError(f"{text.path}: holds one {type(items).__name__}{keys}; expected an array of objects: [{{...}}]")
    rows: list[tuple[int, dict[str, Any]]] = []
    problems: list[RowProblem] = []
    for number, item in enumerate(items, start=1):
        if not isinstance(item, dict):
            reason = 'expected a JSON object such as {"text": "..."}'
            problems.append(RowProblem(str(text.path), number, "", json.dumps(item), reason))
        elif problem := half_problem(text.path, number, item):
            problems.append(problem)
        else:
            rows.append((number, item))
    return rows, problems
