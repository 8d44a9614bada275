"""Numbers and nested values as people read them; text made safe for Markdown."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

#: What would be markup inside a Markdown table cell or paragraph.
_MARKDOWN = re.compile(r"([\\`*{}\[\]|#~$]|(?<![^\W_])_|_(?![^\W_]))")


def percent(value: float) -> str:
    """Return a share in percent with one decimal, without the sign, as tables of scores have it: 0.774 -> "77.4"."""
    return f"{100 * value:.1f}"


def points(difference: float) -> str:
    """Return a difference of two shares in words: 0.012 -> "1.2 points"."""
    number = percent(difference)
    return f"{number} point" if number == "1.0" else f"{number} points"


def p_value(value: float) -> str:
    """Return a p-value as papers have it: 0.04987 -> "= 0.0499", 0.00021 -> "< 0.001"; never rounded up to a level."""
    return "< 0.001" if value < 0.001 else f"= {value:.3g}"


def count(value: float) -> str:
    """Return a count with thousands set apart; a mean of counts has one decimal where it is not whole."""
    return f"{value:,.0f}" if abs(value - round(value)) < 0.05 else f"{value:,.1f}"


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


def markdown_text(value: object) -> str:
    """Return text as one line in which nothing is read as Markdown or HTML."""
    line = _MARKDOWN.sub(r"\\\1", " ".join(str(value).split()))
    line = line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    # An "@name" or a bare address would notify someone or become a link in a pull request.
    return line.replace("@", "&#64;").replace("://", "&#58;//")


def markdown_piece(text: str, kind: str) -> str:
    """Return a part of a sentence as Markdown, the target in bold and the source in italics; outer spaces stay."""
    inner = markdown_text(text)
    around = {"target": "**", "source": "*"}.get(kind, "") if inner else ""
    before = " " if text[:1].isspace() else ""
    after = " " if text[-1:].isspace() and inner else ""
    return f"{before}{around}{inner}{around}{after}"


def markdown_block(text: str, language: str = "") -> str:
    """Return text as a fenced block whose fence is longer than any in the text."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{text}\n{fence}"


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
