"""Whether a text that has no file name is plain, in Markdown, or the source of a web page."""

from __future__ import annotations

import itertools
import re
from typing import Final, Literal

#: How a text may be written.
TextFormat = Literal["text", "markdown", "html"]
#: Expressions here take time with the length of a text alone, since texts of strangers come to the server.
_FIRST: Final = 4096
_ROOT: Final = re.compile(r"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
#: What may stand before the root of a page.
_BEFORE_ROOT: Final = (("<?xml", ">"), ("<!--", "-->"))
#: Marks that plain prose does not have: a head, a heading, a line below a heading, words in bold, a link.
_MARKS: Final = (
    re.compile(r"\A\ufeff?---[ \t]*\n"),
    re.compile(r"^ {0,3}#{1,6}[ \t]+\S", re.MULTILINE),
    re.compile(r"(?<=\S\n)={3,}[ \t]*$", re.MULTILINE),
    re.compile(r"\*\*(?=\S)[^*\n]+(?<=\S)\*\*"),
    re.compile(r"\[[^\[\]\n]+\]\((?:https?://|/|#)[^\s()]*\)"),
)


def format_of_text(text: str) -> TextFormat:
    """Return how a text is written, by its marks.

    Lists alone are no mark, since plain text has them too, and is read by its lines; a quoted paragraph is one.

    Args:
        text: The text, or its beginning, with line feeds as line ends.
    """
    if _is_page(text[:_FIRST]):
        return "html"
    return "markdown" if any(mark.search(text) for mark in _MARKS) or _has_quoted_paragraph(text) else "text"


def _is_page(start: str) -> bool:
    start = start.removeprefix("\ufeff").lstrip()
    while found := next((close for opening, close in _BEFORE_ROOT if start.startswith(opening)), None):
        start = start.partition(found)[2].lstrip()
    return _ROOT.match(start) is not None


def _has_quoted_paragraph(text: str) -> bool:
    """Tell whether all lines between two empty ones begin with ">"."""
    paragraphs = itertools.groupby(text.split("\n"), key=lambda line: not line.strip())
    return any(not is_empty and all(line.startswith(">") for line in lines) for is_empty, lines in paragraphs)
