"""Text made safe for Markdown."""

from __future__ import annotations

import re

#: What would be markup inside a Markdown table cell or paragraph.
_MARKUP = re.compile(r"([\\`*{}\[\]|#~$]|(?<![^\W_])_|_(?![^\W_]))")


def markdown_text(value: object) -> str:
    """Return text as one line in which nothing is read as Markdown or HTML."""
    line = _MARKUP.sub(r"\\\1", " ".join(str(value).split()))
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
