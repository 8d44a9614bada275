"""The pages for people: an article in, its map out, labels, two articles side by side."""

from __future__ import annotations

from dataclasses import replace
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from stancelab.article.codebook.write import codebook_text
from stancelab.article.page import wording
from stancelab.article.pairs.language import is_english
from stancelab.errors import StancelabError
from stancelab.pages.environment import environment
from stancelab.serve.books import PROPOSED
from stancelab.serve.form_reading import propose_form, read_form
from stancelab.serve.forms import OWN, PROPOSAL, SERVERS, ArticleForm, form_of, text_of
from stancelab.serve.kept import Kept
from stancelab.serve.labels import LabelFile, asked_of, evidence_at, stance_of
from stancelab.serve.problems import Problem, problem_of
from stancelab.serve.reading_files import file_of
from stancelab.serve.settings import DEFAULT
from stancelab.serve.uploads import ENDINGS
from stancelab.serve.views import Filters, choices_of, compared, listed, sentence_list

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.datastructures import FormData

    from stancelab.serve.books import Book
    from stancelab.serve.service import Service

_HTML: Final = "text/html; charset=utf-8"
_NOT_KEPT: Final = 404
_STATIC: Final = {
    "serve.css": "text/css; charset=utf-8",
    "serve.js": "text/javascript; charset=utf-8",
    "icon.svg": "image/svg+xml",
    "htmx.min.js": "text/javascript; charset=utf-8",
    "htmx.NOTICE.txt": "text/plain; charset=utf-8",
}


class Pages:
    """The pages of one server.

    Args:
        service: What they work with.
        asks_token: Whether there is a login.
    """

    def __init__(self, service: Service, *, asks_token: bool) -> None:
        self._service = service
        self._kept = Kept(service.settings.kept)
        self._labels = None if service.labels is None else LabelFile(service.labels)
        self._templates = environment(
            "stancelab.serve",
            person=wording.person,
            signed=wording.signed,
            whole_percent=wording.whole_percent,
            sign=wording.SIGNS.__getitem__,
            word=wording.WORDS.__getitem__,
        )
        self._templates.globals.update(asks_token=asks_token, labels=self._labels is not None, endings=ENDINGS)
        self._static = {name: _static(name) for name in _STATIC}
        service.counters.watch("readings_kept", "Readings that the page keeps.", lambda: float(len(self._kept)))

    def routes(self) -> APIRouter:
        """Return the routes of the pages, which are no part of the API's description."""
        router = APIRouter(include_in_schema=False)
        get: tuple[tuple[str, Callable[..., Any]], ...] = (
            ("/", self.first),
            ("/readings/{key}", self.reading),
            ("/readings/{key}/sentences", self.sentences),
            ("/readings/{key}/{name}", self.file),
            ("/compare/{first}/{second}", self.compare),
            ("/static/{name}", self.static),
        )
        post: tuple[tuple[str, Callable[..., Any]], ...] = (
            ("/read", self.read),
            ("/codebook", self.codebook),
            ("/proposal", self.proposal),
            ("/readings/{key}/labels/{place}", self.label),
            ("/readings/{key}/forget", self.forget),
        )
        for method, routes in (("GET", get), ("POST", post)):
            for path, handler in routes:
                router.add_api_route(path, handler, methods=[method], response_class=Response, response_model=None)
        return router

    async def first(self, request: Request) -> Response:
        """Show the form for an article: empty, of a reading that is read again, or beside another reading."""
        beside = request.query_params.get("beside", "")
        if again := request.query_params.get("again"):
            return self._form(replace(self._kept.whole(again).form, again=again, beside=beside))
        if beside:
            before = self._kept.whole(beside)
            book = PROPOSAL if before.reading.provenance.codebook == PROPOSED else before.form.book
            return self._form(ArticleForm(beside=beside, book=book, codebook=before.form.codebook))
        return self._form(ArticleForm())

    async def read(self, request: Request) -> Response:
        """Read an article and lead to its page; what cannot be read is told above the form."""
        form = await ArticleForm.of(await self.form(request))
        try:
            found, before = await self._service.in_thread(
                lambda deadline: read_form(self._service, self._kept, form, deadline), request
            )
        except (Problem, StancelabError) as error:
            problem = problem_of(error)
            # What is not kept any more cannot be compared with: sent again, the form reads its article alone.
            return self._form(replace(form, beside="") if problem.status == _NOT_KEPT else form, problem)
        beside = form.beside if before is None else self._kept.add(before)
        key = self._kept.add(found)
        return RedirectResponse(f"/compare/{beside}/{key}" if beside else f"/readings/{key}", 303)

    async def codebook(self, request: Request) -> Response:
        """Say how many entries a codebook has, or what is wrong with it."""
        form = await ArticleForm.of(await self.form(request))
        found: Problem | None = None
        entries = None
        try:
            books = self._service.loaded.books
            book: Book = await self._service.in_thread(lambda deadline: books.given(form.codebook), request)
            entries = len(book.codebook.entries)
        except Problem as problem:
            found = problem
        if request.headers.get("hx-request") != "true":
            return self._form(replace(form, book=OWN), found, entries)
        return self._page("parts/checked.html", problem=found, entries=entries, proposed=False, shared=False)

    async def proposal(self, request: Request) -> Response:
        """Fill the editor with the codebook that the article proposes."""
        form = await ArticleForm.of(await self.form(request))
        found: Problem | None = None
        entries = None
        given = form
        try:
            form, codebook = await self._service.in_thread(
                lambda deadline: propose_form(self._service, self._kept, given, deadline), request
            )
            entries = len(codebook.entries)
        except (Problem, StancelabError) as error:
            found = problem_of(error)
        if request.headers.get("hx-request") != "true":
            return self._form(replace(form, book=OWN), found, entries, proposed=found is None)
        return self._page(
            "parts/proposal.html",
            form=form,
            problem=found,
            entries=entries,
            shared=bool(form.beside),
            limits=self._service.settings,
        )

    async def reading(self, key: str, request: Request) -> Response:
        """Show a reading: its map, its sentences, its files."""
        return await self._service.view(lambda: self._reading(key, request), request)

    def _reading(self, key: str, request: Request) -> Response:
        kept = self._kept.whole(key)
        found, filters = kept.reading, _filters(request)
        return self._page(
            "reading.html",
            key=key,
            reading=found,
            codebook=kept.codebook,
            proposed=found.provenance.codebook == PROPOSED,
            shared=kept.is_shared,
            written=kept.form.written,
            is_english=is_english(found.documents[0].text),
            document=found.documents[0],
            filters=filters,
            choices=choices_of(found),
            listed=sentence_list(found, filters),
            query=_query(filters),
            given=request.query_params.get("labeled", ""),
        )

    async def sentences(self, key: str, request: Request) -> Response:
        """Show the sentences that filters leave, for the page that is there already."""
        if request.headers.get("hx-request") != "true":
            return RedirectResponse(f"/readings/{key}?{request.url.query}#sentences", 303)
        return await self._service.view(lambda: self._sentences(key, _filters(request)), request)

    def _sentences(self, key: str, filters: Filters) -> Response:
        left = sentence_list(self._kept.get(key), filters)
        return self._page("parts/sentences.html", key=key, listed=left, query=_query(filters), given="")

    async def file(self, key: str, name: str, request: Request) -> Response:
        """Return a file of a reading."""
        return await self._service.view(lambda: file_of(name, self._kept.whole(key)), request)

    async def label(self, key: str, place: int, request: Request) -> Response:
        """Write a label."""
        if self._labels is None:
            raise Problem(404, "labels: this server keeps none; start it with serve.labels=FILE.csv")
        found = self._kept.get(key)
        evidence = evidence_at(found, place)
        form = await self.form(request)
        stance = stance_of(text_of(form, "stance"))
        labels, example = self._labels, asked_of(found, evidence)
        await self._service.in_thread(lambda deadline: labels.add(example, stance, evidence.stance), request)
        self._service.counters.labels.inc()
        if request.headers.get("hx-request") != "true":
            query = f"{text_of(form, 'query')}&labeled={place}".lstrip("&")
            return RedirectResponse(f"/readings/{key}?{query}#answer-{place}", 303)
        each = listed(found, place, evidence)
        return self._page("parts/label.html", key=key, each=each, query=text_of(form, "query"), given=stance)

    async def forget(self, key: str) -> Response:
        """Drop a reading."""
        self._kept.forget(key)
        return RedirectResponse("/", 303)

    async def compare(self, first: str, second: str, request: Request) -> Response:
        """Show two readings side by side."""
        return await self._service.view(lambda: self._compared((first, second)), request)

    def _compared(self, keys: tuple[str, str]) -> Response:
        both = [self._kept.whole(key) for key in keys]
        readings = [each.reading for each in both]
        one, other = (codebook_text(each.codebook) for each in both)
        return self._page(
            "compare.html",
            articles=list(zip(keys, readings, strict=True)),
            pairs=compared(readings),
            codebook=both[1].codebook if one == other else None,
            shared=both[1].is_shared,
        )

    async def static(self, name: str) -> Response:
        """Return one of the files that pages load."""
        if name not in self._static:
            raise Problem(404, f"file: found {name[:40]!r}, which is none of this server")
        return Response(self._static[name], headers={"cache-control": "max-age=3600"}, media_type=_STATIC[name])

    async def form(self, request: Request) -> FormData:
        """Return the fields of a form."""
        return await form_of(request, self._service.settings)

    def login(self, problem: str = "") -> Response:
        """Show the login."""
        return self._page("login.html", 401 if problem else 200, problem=problem)

    def _form(
        self, form: ArticleForm, problem: Problem | None = None, entries: int | None = None, *, proposed: bool = False
    ) -> Response:
        settings = self._service.settings
        servers = {None: PROPOSAL, DEFAULT: DEFAULT}.get(settings.codebook, SERVERS)
        is_chosen = form.book and (form.book != SERVERS or servers == SERVERS)
        return self._page(
            "index.html",
            200 if problem is None else problem.status,
            {} if problem is None else problem.headers,
            form=form,
            problem=problem,
            entries=entries,
            proposed=proposed,
            shared=bool(form.beside),
            books=self._service.loaded.books if self._service.is_ready else None,
            servers=servers,
            chosen=form.book if is_chosen else servers,
            limits=settings,
        )

    def _page(
        self, template: str, status: int = 200, headers: dict[str, str] | None = None, **content: Any
    ) -> Response:
        text = self._templates.get_template(template).render(**content)
        return Response(text, status, headers, _HTML)


def _filters(request: Request) -> Filters:
    return Filters(**{name: request.query_params.get(name, "") for name in ("source", "target", "stance")})


def _query(filters: Filters) -> str:
    return urlencode({"source": filters.source, "target": filters.target, "stance": filters.stance})


def _static(name: str) -> bytes:
    content = (files("stancelab.serve") / "static" / name).read_bytes()
    if name == "serve.css":  # the reports' style comes first
        content = (files("stancelab.pages") / "templates" / "page.css").read_bytes() + content
    return content
