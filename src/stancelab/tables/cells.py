"""Cells as text."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from stancelab.schema import is_unicode
from stancelab.tables.arrow_cells import ExactText

if TYPE_CHECKING:
    from collections.abc import Iterator


def cell_text(value: object) -> str:
    """Return a cell as a string: "" for nothing, numbers as Python writes them, everything else as it prints."""
    if value is None or value != value:  # NaN, the only value that is not itself, is how pandas writes "nothing"
        return ""
    return value if isinstance(value, str) else str(value)


def flat_text(value: object) -> str:
    """Return a cell as a string for a format without nested values: lists and objects as JSON."""
    if isinstance(value, dict | list):
        return json.dumps(json_value(value), ensure_ascii=False, default=str)
    return cell_text(value)


def wrong_type(field: str, cell: object) -> str | None:
    """Return what is wrong with the type of a cell that is the text, the target or the source; None where nothing is.

    A number may name a target ("370"), and is no sentence. CSV and TSV know no types.

    Args:
        field: The field that it is read for; those besides the three may be of any type.
        cell: The cell.
    """
    is_text = isinstance(cell, str) and not isinstance(cell, ExactText)
    if is_text or cell is None or cell != cell or field not in ("text", "target", "source"):
        return None
    if isinstance(cell, bool):
        return "is true or false; expected text"
    if isinstance(cell, int | float | Decimal):
        return "is a number; expected a sentence" if field == "text" else None
    return "is no text; expected a sentence" if field == "text" else None


def json_value(value: Any) -> Any:
    """Return a cell as JSON has it: nothing for NaN, and as text whole numbers of more than 64 bits.

    Other programs read larger numbers rounded or not at all.
    """
    if isinstance(value, float):
        return None if value != value else value
    if isinstance(value, int) and not isinstance(value, bool):
        return value if -(2**63) <= value < 2**63 else str(value)
    if isinstance(value, dict):
        return {name: json_value(cell) for name, cell in value.items()}
    return [json_value(cell) for cell in value] if isinstance(value, list) else value


def strings_in(value: object) -> Iterator[str]:
    """Yield the strings of a cell, also those in lists and objects, their keys included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, cell in value.items():
            yield from strings_in(name)
            yield from strings_in(cell)
    elif isinstance(value, list):
        for cell in value:
            yield from strings_in(cell)


def half_character(value: object) -> str | None:
    """Return the first string of a cell that holds half of a character, None where none does."""
    return next((text for text in strings_in(value) if not is_unicode(text)), None)
