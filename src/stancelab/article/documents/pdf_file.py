"""PDF files, by pypdf: the lines of the pages, put together to paragraphs as far as lines tell.

A PDF has places of letters, not paragraphs. Lines at the head and foot of pages that return on others are left out, and
so are page numbers; a word that a line end divides is put together; a paragraph ends where a line is short and ends a
sentence. Columns come in the order in which the file has them.
"""

from __future__ import annotations

import io
import logging
import re
import time
from collections import Counter
from itertools import takewhile
from typing import TYPE_CHECKING, Any, Final

from stancelab.article.documents.bounded import check_length, read_bytes
from stancelab.article.documents.parts import Parts, visible
from stancelab.article.types import Document
from stancelab.errors import DataError
from stancelab.extras import require

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

    from stancelab.article.documents.notes import Notes
    from stancelab.article.documents.settings import DocumentSettings

_MOST_PAGES: Final = 2_000
#: pypdf bounds what one page may cost, to some seconds; so long all of them may take.
_MOST_SECONDS: Final = 300
#: So many lines at the head and at the foot of a page may be a running head.
_EDGE: Final = 2
#: On so many pages, and so large a share of them, a running head returns.
_FEWEST_PAGES: Final = 3
_SHARE: Final = 0.5
#: A line is compared with so many before and behind it, and short where it has less than this share of the longest.
_NEAR: Final = 3
_SHORT: Final = 0.85
_SHORT_HEADING: Final = 0.6
#: Two or three letters that fonts have as one.
_LIGATURES: Final = {
    0xFB00 + number: letters for number, letters in enumerate(("ff", "fi", "fl", "ffi", "ffl", "st", "st"))
}
_PAGE_NUMBER: Final = re.compile(r"(?:page\s+)?[-–—|\s]*\d{1,4}[-–—|\s]*(?:(?:/|of)\s*\d{1,4})?", re.IGNORECASE)
_ENDS: Final = re.compile(r"[.!?…:][\"'”’)\]»]*$")
_DIVIDED: Final = re.compile(r"\b([^\W\d_]{2,})[-\u2010\u00ad]$")
_COMPOUND: Final = re.compile(r"\b[^\W\d_]+-[^\W\d_]+\b")
#: Titles that programs put in: the name or address of what was printed, "Untitled".
_FILE_NAME: Final = re.compile(
    r"(?:https?|file)://\S+|about:blank|untitled(?: document)?|microsoft (?:word|powerpoint) - .*"
    r"|.*\.(?:html?|mhtml|php|aspx?|docx?|odt|rtf|txt|tex|dvi|pdf|pptx?|indd|pages)",
    re.IGNORECASE,
)
#: A heading goes on where its line ends with one of these.
_GOES_ON: Final = frozenset(["a", "an", "the", "of", "in", "on", "to", "for", "from", "with", "by", "at", "and", "or"])
#: What keeps its hyphen.
_BEFORE_HYPHEN: Final = frozenset({"anti", "non", "self", "vice", "well"})


def read_pdf_file(path: Path, name: str, settings: DocumentSettings, notes: Notes) -> Document:
    """Read a PDF file; its title is that of its properties, unless that is the name of the file it was made of.

    Raises:
        DataError: It cannot be read, needs a password, has too many pages, or holds no text (a scan).
        MissingPackageError: pypdf is not installed.
    """
    require("pypdf", "read", "reading .pdf files")
    pages, properties = _pages(path, read_bytes(path, "pdf"))
    parts = Parts(path)
    for paragraph in paragraphs(pages):
        parts.add(paragraph)
    if not parts.text:
        raise DataError(f"{path}: holds no text; a scan needs text recognition first (ocrmypdf IN OUT)")
    return Document(
        id=name,
        text=parts.text,
        title=_title(properties.pop("title", "")),
        path=str(path),
        fields={key: visible(value) for key, value in properties.items() if visible(value)},
        kinds=parts.kinds,
    )


def _pages(path: Path, content: bytes) -> tuple[list[list[str]], dict[str, str]]:
    """Return the lines of each page, and what the file says of itself."""
    import pypdf

    logging.getLogger("pypdf").setLevel(logging.ERROR)  # it tells of each small fault of a file
    if not content.lstrip()[:5].startswith(b"%PDF-"):
        raise DataError(f"{path}: is not a PDF file; its first bytes are others than %PDF-")
    try:
        reader = pypdf.PdfReader(io.BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):
            raise DataError(f"{path}: is protected by a password; save it without one")
        if len(reader.pages) > _MOST_PAGES:
            raise DataError(f"{path}: has {len(reader.pages):,} pages, allowed are {_MOST_PAGES:,}; split it")
        pages, count, begun = [], 0, time.monotonic()
        for page in reader.pages:
            if time.monotonic() - begun > _MOST_SECONDS:
                raise DataError(
                    f"{path}: takes longer than {_MOST_SECONDS} seconds; split it, or save its text as .txt"
                )
            text = page.extract_text().translate(_LIGATURES)
            count += len(text)
            check_length(path, count)
            pages.append([line.strip() for line in text.splitlines() if line.strip()])
        return pages, _properties(reader.metadata)
    except DataError:
        raise
    except Exception as error:  # noqa: BLE001 - what a damaged file raises depends on where it is damaged
        raise DataError(f"{path}: cannot be read as a PDF ({type(error).__name__}: {error})") from None


def _title(given: str) -> str:
    title = visible(given)
    return "" if _FILE_NAME.fullmatch(title) else title


def _properties(metadata: Any) -> dict[str, str]:
    if metadata is None:
        return {}
    date = metadata.creation_date
    told = {"title": metadata.title, "author": metadata.author, "created": date.date().isoformat() if date else ""}
    return {key: str(value) for key, value in told.items() if value}


def paragraphs(pages: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield the paragraphs of the lines of pages; one may go on over the end of a page."""
    lines = [line for page in without_running_heads(pages) for line in page]
    compounds = set(_COMPOUND.findall(" ".join(lines)))
    begun = ""
    for index, line in enumerate(lines):
        begun = _joined(begun, line, compounds)
        if _ends_paragraph(lines, index):
            yield begun
            begun = ""
    if begun:
        yield begun


def _ends_paragraph(lines: Sequence[str], index: int) -> bool:
    """Tell whether a paragraph or a heading ends with a line: it is short beside its neighbors, whose column it shares.

    A line that ends a sentence is the last one of its paragraph then; one that ends without a mark, before a line that
    begins with a capital, is a heading; so is the first line of all where it is somewhat shorter.
    """
    line, near = lines[index], lines[max(0, index - _NEAR) : index + _NEAR + 1]
    width = max(map(len, near))
    if _ENDS.search(line):
        return len(line) < _SHORT * width
    if line.rpartition(" ")[2] in _GOES_ON:
        return False
    following = lines[index + 1][:1] if index + 1 < len(lines) else ""
    return len(line) < (_SHORT_HEADING if index else _SHORT) * width and line[:1].isupper() and following.isupper()


def _joined(begun: str, line: str, compounds: Collection[str]) -> str:
    """Put a line behind what was begun; a word that the line end divides loses its hyphen, unless it has one always.

    Args:
        begun: What was begun.
        line: The line.
        compounds: The words with a hyphen that stand in the document undivided.
    """
    match = _DIVIDED.search(begun)
    if match is None or not line[:1].islower():
        return f"{begun} {line}" if begun else line
    rest = re.match(r"\w+", line)
    keeps = match[1].lower() in _BEFORE_HYPHEN or f"{match[1]}-{rest[0] if rest else ''}" in compounds
    return (begun if keeps else begun[:-1]) + line


def without_running_heads(pages: Sequence[Sequence[str]]) -> list[list[str]]:
    """Return pages without their numbers, and without the lines at head and foot that return, whatever number is in.

    The second line of a page is looked at only where the first one goes, and so from its foot.
    """
    counts: Counter[str] = Counter()
    for page in pages:
        counts.update({_pattern(line) for line in (*page[:_EDGE], *page[-_EDGE:])})
    least = max(_FEWEST_PAGES, _SHARE * len(pages))

    def is_running(line: str) -> bool:
        return _PAGE_NUMBER.fullmatch(line) is not None or counts[_pattern(line)] >= least

    result = []
    for page in pages:
        head = sum(1 for _ in takewhile(is_running, page[:_EDGE]))
        foot = sum(1 for _ in takewhile(is_running, reversed(page[head:][-_EDGE:])))
        result.append(list(page[head : len(page) - foot]))
    return result


def _pattern(line: str) -> str:
    return re.sub(r"\d+", "#", line.casefold())
