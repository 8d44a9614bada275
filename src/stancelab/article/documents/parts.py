"""A document's plain text, made of paragraphs, headlines, items and cells, whose places are kept."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from stancelab.article.documents.bounded import check_length
from stancelab.schema import CONTROLS, Span

if TYPE_CHECKING:
    from pathlib import Path

    from stancelab.article.types import SentenceKind

#: Soft hyphens, marks of the order of bytes, and control characters, which no reader sees.
_UNSEEN: Final = re.compile(f"[\u00ad\ufeff\u200b{CONTROLS}]")


class Parts:
    """Puts a text together; parts are separated by an empty line.

    Args:
        path: The file, for messages.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._pieces: list[str] = []
        self._place = 0
        self._kinds: list[tuple[Span, SentenceKind]] = []
        self._bold: list[Span] = []

    @property
    def text(self) -> str:
        """What was put together."""
        return "".join(self._pieces)

    @property
    def kinds(self) -> tuple[tuple[Span, SentenceKind], ...]:
        """The stretches that are no running prose."""
        return tuple(self._kinds)

    @property
    def bold(self) -> tuple[Span, ...]:
        """The stretches in bold with which parts begin."""
        return tuple(self._bold)

    @property
    def first(self) -> tuple[str, SentenceKind | None]:
        """The first part, and what it is; None where there is none."""
        if not self._pieces:
            return "", None
        is_told = bool(self._kinds) and self._kinds[0][0].start == 0
        return self._pieces[0], self._kinds[0][1] if is_told else "sentence"

    def add(self, text: str, kind: SentenceKind = "sentence", bold: str = "") -> None:
        """Add a part; blanks in a row become one, and a part of blanks alone is left out.

        Args:
            text: Its text.
            kind: What it is.
            bold: The words in bold with which it begins, "" where it begins with none.
        """
        plain = visible(text)
        if not plain:
            return
        if self._pieces:
            self._pieces.append("\n\n")
            self._place += 2
        check_length(self._path, self._place + len(plain))
        if kind != "sentence":
            self._kinds.append((Span(self._place, self._place + len(plain)), kind))
        if (strong := visible(bold)) and plain.startswith(strong):
            self._bold.append(Span(self._place, self._place + len(strong)))
        self._pieces.append(plain)
        self._place += len(plain)


def visible(text: str) -> str:
    """Return a text on one line, without characters that nobody sees and without halves of characters."""
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return " ".join(_UNSEEN.sub("", whole).split())
