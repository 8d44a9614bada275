"""What people fill in on the pages -> an article, its codebook, filters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException

from stancelab.serve.problems import Problem

if TYPE_CHECKING:
    from starlette.datastructures import FormData
    from starlette.requests import Request

    from stancelab.serve.settings import ServeSettings

#: Which codebook a form asks for.
SERVERS, OWN = "server", "own"
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
        title: The article's title.
        date: Its date.
        outlet: Where it was published.
        book: `SERVERS` or `OWN`.
        codebook: The codebook that was written.
        beside: The reading that this one is to be compared with, "" for none.
        name: The name of the file that was dropped, "" for none.
        content: That file.
    """

    text: str = ""
    title: str = ""
    date: str = ""
    outlet: str = ""
    book: str = SERVERS
    codebook: str = ""
    beside: str = ""
    name: str = ""
    content: bytes = b""

    @classmethod
    async def of(cls, form: FormData) -> ArticleForm:
        """Read the form; fields that are missing are empty."""
        file = form.get("file")
        named = isinstance(file, UploadFile) and bool(file.filename)
        return cls(
            **{name: text_of(form, name) for name in ("text", "title", "date", "outlet", "codebook", "beside")},
            book=OWN if text_of(form, "book") == OWN else SERVERS,
            name=(file.filename or "") if isinstance(file, UploadFile) else "",
            content=await file.read() if named and isinstance(file, UploadFile) else b"",
        )

    @property
    def own_codebook(self) -> str | None:
        """The codebook that was written, None where the server's is asked for."""
        return self.codebook if self.book == OWN else None


def text_of(form: FormData, name: str) -> str:
    """Return a field as text, "" where it is missing or a file."""
    value = form.get(name)
    return value if isinstance(value, str) else ""
