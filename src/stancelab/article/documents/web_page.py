"""Saved web pages: the article's text, title, date and outlet, by trafilatura (Barbaresi, 2021).

Scripts are not run, and nothing that a page names is fetched.
"""

from __future__ import annotations

import email
import email.policy
import re
from typing import TYPE_CHECKING, Any, Final

from stancelab.article.documents.bounded import read_bytes
from stancelab.article.documents.main_content import main_content, no_article, whole_page
from stancelab.article.documents.parts import Parts, visible
from stancelab.article.types import Document
from stancelab.errors import DataError
from stancelab.extras import require

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from stancelab.article.documents.notes import Notes
    from stancelab.article.documents.settings import DocumentSettings
    from stancelab.article.types import SentenceKind

#: Elements of trafilatura's result -> what they are.
_KINDS: Final[dict[str, SentenceKind]] = {
    "head": "headline",
    "item": "item",
    "cell": "cell",
    "p": "sentence",
    "ab": "sentence",
    "quote": "sentence",
}
#: Elements that may hold others of these.
_HOLDERS: Final = frozenset({"p", "item", "cell", "quote", "ab"})
_DEEPEST: Final = 100
#: Stretches in bold that are looked for in the text of a page.
_MOST_BOLD: Final = 1_000
#: Elements whose first words may be in bold.
_BEGINNING: Final = frozenset({"p", "div", "li", "blockquote", "td"})
#: A line that says whose the page is, and nothing of the article: "© The Corto Post 2026. All rights reserved."
_COPYRIGHT: Final = re.compile(
    r"(?:(?:copyright\s*)?©|copyright\s*\d{4}\b|(?:copyright\s*)?\(c\)\s*\d{4}\b).{0,150}$", re.IGNORECASE
)
#: Among so many blocks the title is looked for.
_FIRST: Final = 4
#: Names of metadata that hold when a page was published.
_DATES: Final = frozenset([
    "article:published_time", "date", "datepublished", "dc.date", "dc.date.issued", "dcterms.created", "dcterms.date",
    "dcterms.issued", "parsely-pub-date", "pubdate", "publication_date", "publish-date", "publish_date", "publishdate",
    "sailthru.date",
])  # fmt: skip


def read_web_page(path: Path, name: str, settings: DocumentSettings, notes: Notes) -> Document:
    """Read an HTML file.

    Raises:
        DataError: It cannot be read, or no article is found in it.
        MissingPackageError: trafilatura is not installed.
    """
    return page_document(read_bytes(path, "html"), path, name, notes)


def read_web_archive(path: Path, name: str, settings: DocumentSettings, notes: Notes) -> Document:
    """Read a page that a browser saved as one file (MHTML): its first part that is HTML.

    Raises:
        DataError: It cannot be read, or no article is found in it.
        MissingPackageError: trafilatura is not installed.
    """
    message = email.message_from_bytes(read_bytes(path, "mhtml"), policy=email.policy.default)
    for part in message.walk():
        if part.get_content_type() in ("text/html", "application/xhtml+xml"):
            content = part.get_payload(decode=True)
            if isinstance(content, bytes) and content:
                return page_document(content, path, name, notes)
    raise DataError(f"{path}: holds no page; save it again, or as HTML")


def page_document(content: bytes | str, path: Path, name: str, notes: Notes, address: str = "") -> Document:
    """Return the document of a page; its title is the first line of the text.

    Args:
        content: The page.
        path: Where it is, for messages; of a page that was fetched, its address.
        name: The document's id.
        notes: Where dates that cannot be read are counted.
        address: The page's address, if it was fetched.
    """
    require("trafilatura", "read", "reading web pages")
    content = content if address else whole_page(content)
    found = main_content(content, path, address)
    parts, title = Parts(path), visible(found.title or "")
    blocks = [(visible(text), kind) for text, kind in _blocks(found.body)]
    blocks = [(text, kind) for text, kind in blocks if text and not _COPYRIGHT.match(text)]
    if not blocks:
        raise DataError(no_article(path))
    if title:
        blocks = _with_title(title, blocks)
    bold = _bold(content)
    for text, kind in blocks:
        parts.add(text, kind, next((each for each in bold if text.startswith(each)), ""))
    notes.page(name, parts.text)
    further = {"author": found.author, "url": address or found.url, "description": found.description}
    return Document(
        id=name,
        text=parts.text,
        title=title,
        date=notes.date(_date(found.date or "", content), str(path)),
        outlet=visible(found.sitename or found.hostname or ""),
        path="" if address else str(path),
        fields={key: visible(str(value)) for key, value in further.items() if value},
        kinds=parts.kinds,
        bold=parts.bold,
    )


def _with_title(title: str, blocks: list[tuple[str, SentenceKind]]) -> list[tuple[str, SentenceKind]]:
    """Return the blocks with the title as a headline: where it stands, below a kicker such as "Opinion", or first."""
    for place, (text, _) in enumerate(blocks[:_FIRST]):
        if text.casefold() == title.casefold():
            return [*blocks[:place], (text, "headline"), *blocks[place + 1 :]]
    return [(title, "headline"), *blocks]


def _bold(content: bytes | str) -> list[str]:
    """Return the words in bold with which paragraphs of a page begin, the longest first; the article has no marks."""
    import trafilatura

    page = trafilatura.load_html(content)
    found = set()
    for element in () if page is None else page.iter("b", "strong"):
        above = element.getparent()
        opens = above is not None and above.index(element) == 0 and not (above.text or "").strip()
        if opens and above.tag in _BEGINNING:
            found.add(visible("".join(element.itertext())))
        if len(found) == _MOST_BOLD:
            break
    return sorted(filter(None, found), key=lambda words: (-len(words), words))


def _date(found: str, content: bytes | str) -> str:
    """Return the date of a page as it is printed where trafilatura has none, or guessed one from 03/04/2026."""
    if not found:
        return _printed_date(content)
    text = content if isinstance(content, str) else content.decode("latin-1")
    year, month, day = (*found.split("-"), "1", "1")[:3]
    one, other = f"0?{int(month)}", f"0?{int(day)}"
    guessed = re.search(rf"(?<![\d/])(?:{one}/{other}|{other}/{one})/{year}(?![\d/])", text)
    return guessed.group() if guessed and found not in text else found


def _printed_date(content: bytes | str) -> str:
    """Return the date of a page's metadata as it is printed there, "" where there is none: "Oct. 5, 2026"."""
    import trafilatura

    page = trafilatura.load_html(content)
    for element in () if page is None else page.iter("meta"):
        key = element.get("property") or element.get("name") or element.get("itemprop") or ""
        if key.lower() in _DATES and (element.get("content") or "").strip():
            return str(element.get("content"))
    return ""


def _blocks(element: Any, depth: int = 0) -> Iterator[tuple[str, SentenceKind]]:
    """Yield the text of the elements of a page in order, and what they are."""
    for child in element:
        kind = _KINDS.get(child.tag)
        holds = depth < _DEEPEST and any(each.tag in _HOLDERS for each in child.iterdescendants())
        if kind is None and (holds or (depth < _DEEPEST and len(child) and not (child.text or "").strip())):
            yield from _blocks(child, depth + 1)
        elif kind is not None and holds:
            yield _words(child, own=True), kind
            yield from ((text, kind if inner == "sentence" else inner) for text, inner in _blocks(child, depth + 1))
        else:
            yield _words(child), kind or "sentence"
        if (child.tail or "").strip():
            yield child.tail, "sentence"


def _words(element: Any, *, own: bool = False) -> str:
    """Return the text of an element, line breaks as blanks; with `own` what stands before its first child."""
    if own:
        return element.text or ""
    for line_break in element.iter("lb"):
        line_break.tail = " " + (line_break.tail or "")
    return "".join(element.itertext())
