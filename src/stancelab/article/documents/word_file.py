"""DOCX files, by python-docx: paragraphs, headings, items of lists and cells, in the order of the document.

Insertions that are tracked are read, deletions are not. Text boxes, notes, comments, headers and footers are left out.
"""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any, Final

from stancelab.article.documents.bounded import read_bytes
from stancelab.article.documents.parts import Parts, visible
from stancelab.article.types import Document
from stancelab.errors import DataError
from stancelab.extras import require
from stancelab.files import size_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from stancelab.article.documents.notes import Notes
    from stancelab.article.documents.settings import DocumentSettings
    from stancelab.article.types import SentenceKind

_MOST_PARTS: Final = 10_000
#: What the parts of a file may unpack to in all, and the XML among them.
_MOST_UNPACKED: Final = 300 * 10**6
_MOST_XML: Final = 60 * 10**6
_WORDS: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
#: Stretches of a paragraph that are not read: what was moved away or stands in a box, and the copies for old programs.
_PASSED_OVER: Final = ("moveFrom", "txbxContent", "pict")
_TITLES: Final = ("title", "heading", "subtitle")


def read_word_file(path: Path, name: str, settings: DocumentSettings, notes: Notes) -> Document:
    """Read a DOCX file; its title is that of its properties, or the heading that it begins with.

    The date on which a file was written is not when the article was published: it is kept in `fields` as "created".

    Raises:
        DataError: It cannot be read, is too large, or holds no text.
        MissingPackageError: python-docx is not installed.
    """
    require("docx", "read", "reading .docx files")
    content = read_bytes(path, "docx")
    _check_archive(path, content)
    parts = Parts(path)
    try:
        import docx

        document = docx.Document(io.BytesIO(content))
        for text, kind, bold in _paragraphs(document):
            parts.add(text, kind, bold)
        properties = document.core_properties
        told, author, created = properties.title or "", properties.author or "", properties.created
    except DataError:
        raise
    except Exception as error:  # noqa: BLE001 - what a damaged file raises depends on where it is damaged
        raise DataError(f"{path}: cannot be read as a Word document ({type(error).__name__}: {error})") from None
    if not parts.text:
        raise DataError(f"{path}: holds no text")
    first, kind_of_first = parts.first
    further = {"author": visible(author), "created": created.date().isoformat() if created else ""}
    return Document(
        id=name,
        text=parts.text,
        title=first if kind_of_first == "headline" else visible(told),
        path=str(path),
        fields={key: value for key, value in further.items() if value},
        kinds=parts.kinds,
        bold=parts.bold,
    )


def _check_archive(path: Path, content: bytes) -> None:
    """Raise a `DataError` where a file is no Word document, or unpacks to more than it may."""
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise DataError(f"{path}: is an old Word document, or protected by a password; save it as .docx without one")
    try:
        members = zipfile.ZipFile(io.BytesIO(content)).infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise DataError(f"{path}: cannot be read as a Word document ({error}); is it cut off?") from None
    if not any(member.filename.lstrip("/") == "[Content_Types].xml" for member in members):
        raise DataError(f"{path}: is a zip archive, and no Word document")
    unpacked = sum(member.file_size for member in members)
    xml = sum(member.file_size for member in members if member.filename.lower().endswith((".xml", ".rels")))
    for found, most, what in ((unpacked, _MOST_UNPACKED, "it unpacks to"), (xml, _MOST_XML, "its text unpacks to")):
        if found > most:
            raise DataError(
                f"{path}: {what} {size_text(found)}, allowed are {size_text(most)}; save it without pictures"
            )
    if len(members) > _MOST_PARTS:
        raise DataError(f"{path}: has {len(members):,} parts, allowed are {_MOST_PARTS:,}")


def _paragraphs(document: Any) -> Iterator[tuple[str, SentenceKind, str]]:
    """Yield the paragraphs, what they are, and the words in bold with which they begin."""
    from docx.text.paragraph import Paragraph

    for element in document.element.body.iter(f"{_WORDS}p"):
        above = [each.tag.removeprefix(_WORDS) for each in element.iterancestors()]
        if not any(tag in above for tag in _PASSED_OVER):
            text = "".join(_words(element))
            yield text, "cell" if "tbl" in above else _kind(Paragraph(element, document)), _bold(element)


def _bold(element: Any) -> str:
    """Return the words of the runs in bold with which a paragraph begins."""
    words = []
    for run in element.iter(f"{_WORDS}r"):
        text = "".join(_words(run))
        mark = run.find(f"{_WORDS}rPr/{_WORDS}b")
        is_bold = mark is not None and mark.get(f"{_WORDS}val") not in ("0", "false")
        if text.strip() and not is_bold:
            break
        words.append(text)
    return "".join(words)


def _kind(paragraph: Any) -> SentenceKind:
    style = paragraph.style
    style_name = (style.name or "").lower() if style is not None else ""
    if style_name.startswith(_TITLES):
        return "headline"
    is_numbered = paragraph._p.find(f"{_WORDS}pPr/{_WORDS}numPr") is not None
    return "item" if is_numbered or style_name.startswith("list") else "sentence"


def _words(element: Any) -> Iterator[str]:
    """Yield the words of a paragraph: also those of links and tracked insertions, which python-docx leaves out."""
    for child in element:
        tag = str(child.tag).removeprefix(_WORDS)
        if tag == "t":
            yield child.text or ""
        elif tag in ("tab", "br", "cr"):
            yield " "
        elif tag == "noBreakHyphen":
            yield "-"
        elif tag not in _PASSED_OVER and tag != "pPr":
            yield from _words(child)
