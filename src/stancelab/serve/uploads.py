"""A file that somebody dropped on the page -> a document."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, Final

from stancelab.article.documents.formats import format_of
from stancelab.article.documents.notes import Notes
from stancelab.article.documents.read import READERS
from stancelab.article.documents.settings import DocumentSettings
from stancelab.errors import DataError, shorten
from stancelab.serve.problems import Problem

if TYPE_CHECKING:
    from stancelab.article.types import Document

#: The endings of articles.
ENDINGS: Final = (
    ".txt",
    ".text",
    ".md",
    ".markdown",
    ".html",
    ".htm",
    ".xhtml",
    ".mhtml",
    ".mht",
    ".docx",
    ".docm",
    ".pdf",
)
_LONGEST_NAME: Final = 200


def uploaded_document(name: str, content: bytes) -> Document:
    """Return the document of a file; of its name the ending alone is used, and what it is called in messages.

    What reads documents takes files, so that the content lies in a folder of its own while it is read.

    Args:
        name: The file's name as the browser tells it.
        content: The file.

    Raises:
        Problem: 422, it is of another format, or cannot be read.
        MissingPackageError: The format needs a package of the extra `read`.
    """
    told = shorten(PureWindowsPath(PurePosixPath(name).name).name, _LONGEST_NAME) or "file"
    ending = Path(told).suffix.lower()
    kind = format_of(Path(f"article{ending}")) if ending in ENDINGS else None
    if kind is None or kind == "table":
        raise Problem(
            422,
            f"file: the name {told!r} ends in {ending!r}, allowed are {', '.join(ENDINGS)}; for tables and folders of "
            "articles there is `stancelab read`",
        )
    with tempfile.TemporaryDirectory(prefix="stancelab-") as folder:
        path = Path(folder) / f"article{ending}"
        path.write_bytes(content)
        try:
            document = READERS[kind](path, "article", DocumentSettings(), Notes())
        except DataError as error:
            raise Problem(422, f"file: {str(error).replace(str(path), told)}") from None
    return replace(document, path="")
