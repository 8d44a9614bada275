"""Numbers, lists and nested values as people read them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any


def percent(value: float) -> str:
    """Return a share in percent with one decimal, without the sign, as tables of scores have it: 0.774 -> "77.4"."""
    # Adding 0 makes a rounded -0.0 a 0.0.
    return f"{round(100 * value, 1) + 0.0:.1f}"


def points(difference: float) -> str:
    """Return a difference of two shares in words: 0.012 -> "1.2 points"."""
    number = percent(difference)
    return f"{number} point" if number == "1.0" else f"{number} points"


def p_value(value: float) -> str:
    """Return a p-value as papers have it: 0.04987 -> "= 0.0499", 0.00021 -> "< 0.001"; never rounded up to a level."""
    return "< 0.001" if value < 0.001 else f"= {value:.3g}"


def decimals(value: float) -> str:
    """Return a score that is no share with three decimals: 0.41 -> "0.410"."""
    return f"{value:.3f}"


def count(value: float) -> str:
    """Return a count with thousands set apart; a mean of counts has one decimal where it is not whole."""
    return f"{value:,.0f}" if abs(value - round(value)) < 0.05 else f"{value:,.1f}"


def counted(number: int, noun: str) -> str:
    """Return a count with its noun: 1, "row" -> "1 row"; 2 -> "2 rows"."""
    return f"{count(number)} {noun}{'' if number == 1 else 's'}"


def listed(names: Sequence[str]) -> str:
    """Return names in a row: "a", "a and b", "a, b and c"."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def shortened(text: str, width: int) -> str:
    """Return text that is at most `width` characters long, the rest cut off with an ellipsis."""
    return text if len(text) <= width else text[: width - 1] + "…"


def sentence_case(text: str) -> str:
    """Return text with its first letter in upper case, the others as they are."""
    return text[:1].upper() + text[1:]


def plain_number(value: Any) -> str:
    """Return a value of unknown meaning: integers with thousands set apart, floats with four significant digits."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "" if value is None else str(value)
    return f"{value:,}" if isinstance(value, int) else f"{value:.4g}"


def outline(value: Any, depth: int = 0) -> str:
    """Return a nested JSON-like value as indented lines in YAML's manner, for reading."""
    pad = "  " * depth
    if isinstance(value, Mapping) and value:
        lines = []
        for key, each in value.items():
            nested = isinstance(each, Mapping | list) and bool(each) and not _is_flat(each)
            lines.append(f"{pad}{key}:\n{outline(each, depth + 1)}" if nested else f"{pad}{key}: {_flat(each)}")
        return "\n".join(lines)
    if isinstance(value, list) and value and not _is_flat(value):
        return "\n".join(f"{pad}- {outline(each, depth + 1).lstrip()}" for each in value)
    return pad + _flat(value)


def _is_flat(value: Any) -> bool:
    return isinstance(value, Sequence) and not any(isinstance(each, Mapping | list) for each in value)


def _flat(value: Any) -> str:
    if isinstance(value, str):
        is_plain = re.fullmatch(r"[^\s:#{}\[\],&*!|>'\"%@`-][^\n:#]*", value) and value == value.strip()
        looks_typed = value in ("null", "true", "false") or re.fullmatch(r"[-+.\d][-+.\deE]*", value)
        return value if is_plain and not looks_typed else json.dumps(value, ensure_ascii=False)
    if isinstance(value, list):
        return f"[{', '.join(_flat(each) for each in value)}]"
    return json.dumps(value, ensure_ascii=False)
