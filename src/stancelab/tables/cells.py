"""Cells as text."""

from __future__ import annotations

import json


def cell_text(value: object) -> str:
    """Return a cell as a string: "" for nothing, numbers as Python writes them, everything else as it prints."""
    if value is None or value != value:  # NaN, the only value that is not itself, is how pandas writes "nothing"
        return ""
    return value if isinstance(value, str) else str(value)


def flat_text(value: object) -> str:
    """Return a cell as a string for a format without nested values: lists and objects as JSON."""
    return json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, dict | list) else cell_text(value)


def is_unicode(text: str) -> bool:
    """Tell whether a string can be written as UTF-8; JSON escapes can hold half of a character."""
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
