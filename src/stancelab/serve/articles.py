"""A text that was pasted or sent, and what is known of it -> a document."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from stancelab.article.documents import text_document
from stancelab.article.documents.dates import read_date
from stancelab.article.documents.markdown import markdown_document
from stancelab.article.documents.marks import format_of_text
from stancelab.article.documents.notes import Notes
from stancelab.article.documents.web_page import page_document
from stancelab.errors import DataError, shorten
from stancelab.schema import control_problem, is_blank
from stancelab.serve.problems import Problem
from stancelab.serve.schemas import LONGEST_NAME

if TYPE_CHECKING:
    from stancelab.article.types import Document

#: How a text is said to be written; `auto` finds it out by its marks.
GivenFormat = Literal["auto", "text", "markdown", "html"]
FORMATS: Final[tuple[GivenFormat, ...]] = ("auto", "text", "markdown", "html")
#: More characters than any text that comes has.
_ANY: Final = 10**9
#: What the document is called, and its text in messages.
_NAME, _WHERE = "article", Path("text")


def article_of(text: str, title: str, date: str, outlet: str, form: GivenFormat = "text", most: int = _ANY) -> Document:
    """Return the article of a text and what is known of it; what is not given is taken from the text where that tells.

    Args:
        text: The text; of Markdown and web pages the document has the words alone.
        title: Its title, "" where it is not given.
        date: When it was published.
        outlet: Where it was published.
        form: How the text is written.
        most: Its characters, at most, but of a page, of which the words alone are bounded.

    Raises:
        Problem: 422, its text is blank, too long, or holds what no table or page can, or it or its date cannot be read.
        MissingPackageError: It is a web page, and a package of the extra `read` is not installed.
    """
    for name, value in (("text", text), ("title", title), ("outlet", outlet)):
        if reason := control_problem(value):
            raise Problem(422, f"{name}: {reason}")
    for name, value in (("title", title), ("outlet", outlet), ("date", date)):
        if len(value) > LONGEST_NAME:
            raise Problem(422, f"{name}: found {len(value):,} characters, allowed are {LONGEST_NAME:,}")
    if is_blank(text):
        raise Problem(422, "text: is blank; give an article")
    found = read_date(date)
    if found.reason:
        raise Problem(
            422, f"date: found {shorten(date)!r}, which {found.reason.partition(';')[0]}; write it as 2026-11-29"
        )
    document = _document(text.replace("\r\n", "\n").replace("\r", "\n"), form, most)
    return replace(
        document,
        title=title.strip() or document.title,
        date=found.iso or document.date,
        outlet=outlet.strip() or document.outlet,
        path="",
    )


def check_length(found: int, most: int) -> None:
    """Check the length of an article.

    Raises:
        Problem: 422, it is too long.
    """
    if found > most:
        raise Problem(
            422,
            f"text: found {found:,} characters, allowed are {most:,} (serve.article_characters); send it in parts, or "
            "use `stancelab read`",
        )


def _document(text: str, form: GivenFormat, most: int) -> Document:
    written = format_of_text(text) if form == "auto" else form
    if written != "html":
        check_length(len(text), most)
    try:
        if written == "markdown":
            return markdown_document(text, _WHERE, _NAME)
        if written == "html":
            return page_document(text, _WHERE, _NAME, Notes())
    except DataError as error:
        raise Problem(422, str(error)) from None
    return text_document(text, name=_NAME)
