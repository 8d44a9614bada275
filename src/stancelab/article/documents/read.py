"""Files, folders, tables and pages → documents, one after the other."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from stancelab.article.documents.fetched import fetch_page
from stancelab.article.documents.inputs import find_sources, written_name
from stancelab.article.documents.markdown import read_markdown
from stancelab.article.documents.notes import Notes
from stancelab.article.documents.pdf_file import read_pdf_file
from stancelab.article.documents.plain_text import read_plain_text
from stancelab.article.documents.settings import DocumentSettings
from stancelab.article.documents.table import read_table
from stancelab.article.documents.unused import check_used
from stancelab.article.documents.web_page import read_web_archive, read_web_page
from stancelab.article.documents.word_file import read_word_file
from stancelab.errors import DataError
from stancelab.setting_types import check_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from stancelab.article.documents.formats import DocumentFormat
    from stancelab.article.documents.inputs import Given, Source
    from stancelab.article.types import Document

logger = logging.getLogger(__name__)

#: Format -> what reads a file of one document.
READERS: Final[dict[DocumentFormat, Callable[[Path, str, DocumentSettings, Notes], Document]]] = {
    "text": read_plain_text,
    "markdown": read_markdown,
    "html": read_web_page,
    "mhtml": read_web_archive,
    "docx": read_word_file,
    "pdf": read_pdf_file,
}


def read_documents(given: Given, settings: DocumentSettings | None = None) -> Iterator[Document]:
    """Yield the documents of a file, a folder, a pattern, a list of them, or standard input ("-").

    Files are opened one after the other, and rows of tables come in batches, so that one document is in memory at a
    time. What was passed over and dates that could not be read are told in the log at the end.

    Args:
        given: The inputs. A URL is fetched only where `settings.fetch` says so.
        settings: How they are read.

    Raises:
        ConfigError: A setting cannot be used, or concerns none of the inputs.
        DataError: An input is missing or cannot be read; with `on_bad_files="skip"` only where nothing is left.
        MissingPackageError: A format needs a package of the extra `read`, or of `excel`.
    """
    settings = settings or DocumentSettings()
    check_settings(read=settings)
    notes = Notes(day_first=settings.day_first)
    sources = find_sources(given, settings, notes)
    check_used(sources, settings)
    return documents_of(sources, settings, notes)


def documents_of(sources: Sequence[Source], settings: DocumentSettings, notes: Notes) -> Iterator[Document]:
    """Yield the documents of files that `find_sources` found, as `read_documents` does.

    Args:
        sources: The files.
        settings: How they are read.
        notes: Where what was passed over is counted, and what was skipped is listed.

    Raises:
        DataError: As `read_documents`.
    """
    count = 0
    for source in sources:
        try:
            for document in _of(source, settings, notes, is_only=len(sources) == 1):
                count += 1
                yield document
        except DataError as error:
            if len(sources) == 1:
                raise
            if settings.on_bad_files == "fail":
                how = "" if "on_bad_files" in str(error) else "; mend it, or leave it out with read.on_bad_files=skip"
                raise DataError(f"{str(error).removesuffix('.') if how else error}{how}") from None
            notes.skip(str(error))
            logger.warning("skipped: %s", error)
    notes.tell()
    if not count:
        raise DataError(f"{sources[0].path}: no document could be read{' (nor others)' if len(sources) > 1 else ''}")


def _of(source: Source, settings: DocumentSettings, notes: Notes, *, is_only: bool) -> Iterator[Document]:
    written = written_name(str(source.path))
    if written != str(source.path):
        raise DataError(f"{written}: the name of the file is not UTF-8")
    if source.url:
        yield fetch_page(source.url, notes)
    elif source.format == "table":
        yield from read_table(source.path, "" if is_only else source.name, settings, notes)
    else:
        yield READERS[source.format](source.path, source.name, settings, notes)
