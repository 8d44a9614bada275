"""Whether a text that has no file name is plain, in Markdown, or the source of a web page."""

from __future__ import annotations

import re
from typing import Final, Literal

#: How a text may be written.
TextFormat = Literal["text", "markdown", "html"]
_FIRST: Final = 4096
_PAGE: Final = re.compile(
    r"\ufeff?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
#: Marks that plain prose does not have: a head, a heading, a line below a heading, words in bold, a link.
_MARKS: Final = (
    re.compile(r"\A\ufeff?---[ \t]*\n"),
    re.compile(r"^ {0,3}#{1,6}[ \t]+\S", re.MULTILINE),
    re.compile(r"^[^\n]*\S[^\n]*\n={3,}[ \t]*$", re.MULTILINE),
    re.compile(r"\*\*(?=\S)[^*\n]+(?<=\S)\*\*"),
    re.compile(r"\[[^\[\]\n]+\]\((?:https?://|/|#)[^\s()]*\)"),
)
_PARAGRAPHS: Final = re.compile(r"\n[ \t]*\n")
_QUOTED: Final = re.compile(r"(?:>[ \t]?[^\n]*(?:\n|\Z))+")


def format_of_text(text: str) -> TextFormat:
    """Return how a text is written, by its marks.

    Lists alone are no mark, since plain text has them too, and is read by its lines; a quoted paragraph is one.

    Args:
        text: The text, or its beginning, with "\\n" as line ends.
    """
    if _PAGE.match(text[:_FIRST]):
        return "html"
    is_marked = any(mark.search(text) for mark in _MARKS) or any(
        _QUOTED.fullmatch(paragraph) for paragraph in _PARAGRAPHS.split(text.strip())
    )
    return "markdown" if is_marked else "text"
