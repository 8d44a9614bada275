"""The formats of documents: which the name of a file tells, and which the first bytes of standard input tell."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Final, Literal

from stancelab.article.documents.columns import find_fields
from stancelab.article.documents.marks import format_of_text
from stancelab.errors import DataError, did_you_mean, told_ending
from stancelab.tables.compressed import without_compression
from stancelab.tables.formats import is_table_name

DocumentFormat = Literal["text", "markdown", "html", "mhtml", "docx", "pdf", "table"]
FORMATS: Final[tuple[DocumentFormat, ...]] = ("text", "markdown", "html", "mhtml", "docx", "pdf", "table")

_ENDINGS: Final[dict[str, DocumentFormat]] = {
    ".txt": "text",
    ".text": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".mhtml": "mhtml",
    ".mht": "mhtml",
    ".docx": "docx",
    ".docm": "docx",
    ".pdf": "pdf",
}
#: Formats that are documents, but not read -> what to do.
_UNREAD: Final = {
    ".doc": "save it as .docx",
    ".odt": "save it as .docx",
    ".rtf": "save it as .docx",
    ".pages": "export it as .docx or .pdf",
    ".epub": "convert it to .html or .txt",
    ".eml": "save its text as .txt",
}
_FIRST: Final = 4096
_DELIMITERS: Final = ",;\t"
_MHTML: Final = re.compile(rb"(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*Content-Type:\s*multipart/related", re.I)


def format_of(path: Path) -> DocumentFormat | None:
    """Return the format of a document by its file's name, which may end in ".gz" and the like; None for no document."""
    ending = Path(without_compression(path.name.lower())).suffix
    found = _ENDINGS.get(ending)
    return found if found or not is_table_name(path.name) else "table"


def unknown_ending(path: Path) -> str:
    """Return what is said of a file whose name is not one of a document."""
    ending = Path(without_compression(path.name)).suffix.lower()
    if ending in _UNREAD:
        return f"{path}: {ending} files are not read; {_UNREAD[ending]}"
    return (
        f"{path}: the name {told_ending(ending)}; expected .txt, .md, .html, .mhtml, .docx, .pdf or a table (.csv,"
        f" .tsv, .jsonl, .json, .parquet, .xlsx); read.format says what it is.{did_you_mean(ending, _ENDINGS)}"
    )


def sniffed(path: Path) -> DocumentFormat:
    """Return the format of a file by its content, where it has no name.

    CSV and TSV look like text: they are tables where their first line names a text and another field of an article
    ("date,title,body"), and need `read.format=table` otherwise.

    Raises:
        DataError: It is a zip archive of something else than a Word document or a spreadsheet.
    """
    with path.open("rb") as file:
        start = file.read(_FIRST).removeprefix(b"\xef\xbb\xbf")
    if start.startswith(b"%PDF-"):
        return "pdf"
    if start.startswith(b"PK\x03\x04"):
        return _of_zip(path)
    text = start.decode("utf-8", "replace").replace("\r\n", "\n")
    form = format_of_text(text)
    if form == "html":
        return "html"
    if _MHTML.match(start.replace(b"\r\n", b"\n")):
        return "mhtml"
    if start.startswith((b"PAR1", b"{")):
        return "table"
    return "table" if _has_columns(text) else form


def _has_columns(text: str) -> bool:
    """Tell whether the first line names the columns of articles."""
    line, end, _ = text.partition("\n")
    for delimiter in _DELIMITERS if end else "":
        names = [name.strip().strip('"') for name in line.split(delimiter)]
        found = find_fields(names, {})
        if len(names) > 1 and len(found) > 1 and "text" in found:
            return True
    return False


def _of_zip(path: Path) -> DocumentFormat:
    names = zipfile.ZipFile(path).namelist() if zipfile.is_zipfile(path) else []
    if "word/document.xml" in names:
        return "docx"
    if "xl/workbook.xml" in names:
        return "table"
    raise DataError(f"{path}: is a zip archive, and no Word document or spreadsheet; unpack it, and name its folder")
