"""Text files, and texts that a program passes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from stancelab.article.documents.bounded import read_text
from stancelab.article.sentences.blocks import blocks_of
from stancelab.article.types import Document
from stancelab.errors import DataError
from stancelab.schema import CONTROLS

if TYPE_CHECKING:
    from pathlib import Path

    from stancelab.article.documents.notes import Notes
    from stancelab.article.documents.settings import DocumentSettings

_CONTROL: Final = re.compile(f"[{CONTROLS}]")


def text_document(text: str, *, name: str = "text", path: str = "") -> Document:
    """Return a document of a text, which stays as it is; its title is the headline that it begins with, if any."""
    document = Document(id=name, text=text, path=path)
    blocks = blocks_of(document)
    if not blocks or blocks[0].kind != "headline":
        return document
    start, end = blocks[0].span
    return Document(id=name, text=text, title=" ".join(text[start:end].split()), path=path)


def read_plain_text(path: Path, name: str, settings: DocumentSettings, notes: Notes) -> Document:
    """Read a text file: its text as it is, but for the marks of line ends, and without control characters.

    Raises:
        DataError: It cannot be read, or holds no text.
    """
    text = _CONTROL.sub("", read_text(path, settings.table_options()))
    if not text.strip():
        raise DataError(f"{path}: holds no text")
    return text_document(text, name=name, path=str(path))
