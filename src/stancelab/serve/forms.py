"""What people fill in on the pages -> an article and its codebook."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException

from stancelab.article.codebook.write import codebook_text
from stancelab.article.documents.marks import format_of_text
from stancelab.serve.articles import FORMATS, article_of
from stancelab.serve.books import PROPOSAL_HEAD
from stancelab.serve.problems import Problem
from stancelab.serve.settings import DEFAULT
from stancelab.serve.uploads import uploaded_document

if TYPE_CHECKING:
    from starlette.datastructures import FormData
    from starlette.requests import Request

    from stancelab.article.codebook import Codebook
    from stancelab.article.types import Document
    from stancelab.serve.articles import GivenFormat
    from stancelab.serve.settings import ServeSettings

#: Which codebook a form asks for, besides `DEFAULT`; "" where none was chosen.
SERVERS, PROPOSAL, OWN = "server", "proposal", "own"
_MOST_FIELDS: Final = 30


async def form_of(request: Request, settings: ServeSettings) -> FormData:
    """Return the fields of a form.

    Raises:
        Problem: 400, it is broken.
    """
    try:
        return await request.form(max_files=2, max_fields=_MOST_FIELDS, max_part_size=settings.body_bytes)
    except (HTTPException, MultiPartException, ValueError) as error:
        raise Problem(400, f"form: cannot be read ({type(error).__name__}); send it from the page") from None


@dataclass(frozen=True)
class ArticleForm:
    """The form of the first page.

    Attributes:
        text: The text that was pasted.
        format: How it is written.
        title: The article's title.
        date: Its date.
        outlet: Where it was published.
        book: `SERVERS`, `PROPOSAL`, `DEFAULT` or `OWN`; "" where none was chosen.
        codebook: The codebook that was written.
        beside: The reading that this one is to be compared with, "" for none.
        again: The reading that is read again, "" for none.
        name: The name of the file that was dropped, "" for none.
        content: That file.
    """

    text: str = ""
    format: GivenFormat = "auto"
    title: str = ""
    date: str = ""
    outlet: str = ""
    book: str = ""
    codebook: str = ""
    beside: str = ""
    again: str = ""
    name: str = ""
    content: bytes = b""

    @classmethod
    async def of(cls, form: FormData) -> ArticleForm:
        """Read the form; fields that are missing are empty."""
        file = form.get("file")
        named = isinstance(file, UploadFile) and bool(file.filename)
        book = text_of(form, "book")
        names = ("text", "title", "date", "outlet", "codebook", "beside", "again")
        # Browsers send the lines of a text area with \r\n.
        fields = {name: text_of(form, name).replace("\r\n", "\n") for name in names}
        return cls(
            **fields,
            format=next((each for each in FORMATS if each == text_of(form, "format")), "auto"),
            book=book if book in (SERVERS, PROPOSAL, DEFAULT, OWN) else "",
            name=(file.filename or "") if isinstance(file, UploadFile) else "",
            content=await file.read() if named and isinstance(file, UploadFile) else b"",
        )

    @property
    def given_codebook(self) -> str | None:
        """The codebook that was written or named, None where the server's or a proposal is asked for."""
        return {OWN: self.codebook, DEFAULT: DEFAULT}.get(self.book)

    @property
    def written(self) -> str:
        """What the marks of the pasted text are taken for, "" where it is plain or there is none."""
        found = format_of_text(self.text) if self.format == "auto" else self.format
        return {"markdown": "Markdown", "html": "HTML"}.get(found, "")

    def document(self, most: int) -> Document:
        """Return the article: the file that was dropped, else the text that was pasted.

        Args:
            most: Characters of a text that was pasted, at most.

        Raises:
            Problem: 422, there is neither, both are there, or it cannot be read.
        """
        if self.name and self.text.strip():
            raise Problem(422, "article: found a text and a file; take one of them away")
        if not self.name:
            return article_of(self.text, self.title, self.date, self.outlet, self.format, most)
        document = uploaded_document(self.name, self.content)
        given = article_of(document.text, self.title, self.date, self.outlet)
        return replace(
            document,
            title=self.title.strip() or document.title,
            date=given.date or document.date,
            outlet=given.outlet or document.outlet,
        )

    def with_text(self, document: Document) -> ArticleForm:
        """Return the form with the text of its article in the place of the file that was dropped."""
        if not self.name:
            return self
        return replace(
            self,
            text=document.text,
            format="text",
            title=document.title,
            date=document.date,
            outlet=document.outlet,
            name="",
            content=b"",
        )

    def with_proposal(self, codebook: Codebook, articles: int = 1) -> ArticleForm:
        """Return the form with a codebook that one or two articles proposed, for a person to edit."""
        head = PROPOSAL_HEAD.format(what="the article" if articles == 1 else "both articles")
        return replace(self, book=OWN, codebook=codebook_text(codebook, head))


def text_of(form: FormData, name: str) -> str:
    """Return a field as text, "" where it is missing or a file."""
    value = form.get(name)
    return value if isinstance(value, str) else ""
