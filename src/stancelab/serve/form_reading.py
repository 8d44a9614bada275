"""What the form asks for: an article read, and the one that it stands beside, both with one codebook."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from stancelab.article.codebook.write import codebook_text
from stancelab.errors import DataError
from stancelab.serve.articles import article_of
from stancelab.serve.books import PROPOSED
from stancelab.serve.forms import PROPOSAL
from stancelab.serve.kept import KeptReading

if TYPE_CHECKING:
    from stancelab.article.codebook import Codebook
    from stancelab.article.types import Document
    from stancelab.serve.books import Book
    from stancelab.serve.forms import ArticleForm
    from stancelab.serve.kept import Kept
    from stancelab.serve.service import Service
    from stancelab.serve.waiting import Deadline


def read_form(
    service: Service, kept: Kept, form: ArticleForm, deadline: Deadline
) -> tuple[KeptReading, KeptReading | None]:
    """Return the reading that a form asks for, and that of the article beside it where it is read again.

    Two articles that are compared have one codebook, so that an actor has one name: where it is proposed, it is from
    both, and where it is another than the first one was read with, that one is read again.

    Args:
        service: What reads.
        kept: The readings that the form may name.
        form: The form.
        deadline: When the request is given up.

    Raises:
        Problem: 404, a reading that the form names is not kept; 422, an article or the codebook cannot be used.
        DataError: An article has too long a sentence, or may ask too much.
    """
    before = kept.whole(form.beside) if form.beside else None
    document = _document(service, kept, form)
    documents = [document] if before is None else [before.document, document]
    book = service.book(documents, form.given_codebook, deadline, proposes=form.book == PROPOSAL)
    found = _kept(service, document, book, form.with_text(document), deadline, len(documents))
    if before is None or codebook_text(before.codebook) == codebook_text(book.codebook):
        return found, None
    form_before = replace(before.form, book=form.book, codebook=form.codebook)
    try:
        return found, _kept(service, before.document, book, form_before, deadline, len(documents))
    except DataError as error:
        raise DataError(f"the first article, read again with this codebook: {error}") from None


def propose_form(service: Service, kept: Kept, form: ArticleForm, deadline: Deadline) -> tuple[ArticleForm, Codebook]:
    """Return the form with the codebook that its article proposes, with the one beside it where there is one.

    Raises:
        Problem: As `read_form`.
        DataError: As `read_form`.
    """
    document = _document(service, kept, form)
    documents = [*([kept.whole(form.beside).document] if form.beside else ()), document]
    codebook = service.book(documents, None, deadline, proposes=True).codebook
    return form.with_text(document).with_proposal(codebook, len(documents)), codebook


def _document(service: Service, kept: Kept, form: ArticleForm) -> Document:
    """Return the article; one of a file that is read again keeps the headlines and words in bold of the file."""
    before = kept.find(form.again)
    if before is None or form.name or form.text != before.document.text:
        return form.document(service.settings.article_characters)
    given = article_of(form.text, form.title, form.date, form.outlet)
    return replace(before.document, title=given.title, date=given.date, outlet=given.outlet)


def _kept(
    service: Service, document: Document, book: Book, form: ArticleForm, deadline: Deadline, articles: int
) -> KeptReading:
    form = replace(form, beside="", again="")
    is_proposed = book.name == PROPOSED
    if is_proposed:
        form = form.with_proposal(book.codebook, articles)
    reading = service.read(document, book, deadline)
    return KeptReading(reading, book.codebook, document, form, is_shared=is_proposed and articles > 1)
