"""What every request passes: who asks, how large it is, whether there is room; and what every answer carries."""

from __future__ import annotations

import asyncio
import logging
import time
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import RedirectResponse, Response

from stancelab.errors import shorten
from stancelab.files import size_text
from stancelab.serve.access import SAFE_METHODS
from stancelab.serve.counters import UNKNOWN
from stancelab.serve.problems import Problem, busy

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from stancelab.serve.access import Access
    from stancelab.serve.counters import Counters
    from stancelab.serve.settings import ServeSettings

logger = logging.getLogger(__name__)
access_log = logging.getLogger("stancelab.serve.access")

#: Paths of programs; all others are for people.
PROGRAMS: Final = ("/v1/", "/metrics", "/openapi.json")
_HEADERS: Final = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cache-control": "no-store",
}
#: What an answer may load or run that is no page of ours.
_NOTHING: Final = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
#: Bytes of a body that is too large, which are read all the same: callers that still send do not see an answer.
_PASSED_OVER: Final = 50_000_000
#: Bytes of a request's path and query, at most.
_LONGEST_PATH: Final = 4_000


class Gate:
    """The outermost layer of the application.

    Args:
        app: What answers.
        settings: The limits.
        access: Who may ask.
        counters: What is counted.
    """

    def __init__(self, app: ASGIApp, settings: ServeSettings, access: Access, counters: Counters) -> None:
        self._app = app
        self._settings = settings
        self._access = access
        self._counters = counters
        #: Requests with a body that are in work.
        self.in_work = 0
        counters.watch("requests_in_work", "Requests with a body that are in work or wait.", lambda: self.in_work)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; what is no HTTP goes on as it is."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        method = scope["method"]
        answer = _Answer(send, has_body=method != "HEAD")
        if method == "HEAD":  # what GET answers, without its body (RFC 9110, 9.3.2), on every path
            scope = {**scope, "method": "GET"}
        try:
            await self._answer(scope, receive, answer)
        except Problem as problem:
            await answer.tell(problem, scope, receive)
        except Exception as error:  # noqa: BLE001 - the message may hold a text, which is not for the log
            logger.error("%s", place_of(error))
            await answer.tell(Problem(500, "the server has failed; its log says where"), scope, receive)
        finally:
            seconds = time.perf_counter() - started
            path = getattr(scope.get("route"), "path", UNKNOWN)
            self._counters.answered(method, path, answer.status, seconds)
            # The path as the server knows it: one with an id in it would let a reader of the log see the reading.
            access_log.info("%s %s %d %.1f ms", method, path, answer.status, 1000 * seconds)

    async def _answer(self, scope: Scope, receive: Receive, answer: _Answer) -> None:
        headers, path = Headers(scope=scope), scope["path"]
        self._access.check_host(headers)
        if len(scope.get("raw_path", b"")) + len(scope["query_string"]) > _LONGEST_PATH:
            raise Problem(414, f"path: is longer than {_LONGEST_PATH:,} bytes, the most that is allowed")
        self._access.check_origin(scope["method"], headers)
        self._access.check_token(path, headers)
        if scope["method"] in SAFE_METHODS:
            await self._app(scope, receive, answer.send)
            return
        if (coding := headers.get("content-encoding", "").strip().lower()) not in ("", "identity"):
            raise Problem(415, f"Content-Encoding: found {shorten(coding)!r}, allowed is none; send the body as it is")
        if self.in_work >= self._settings.queue:
            raise busy(f"{self.in_work:,} requests are in work, the most that are allowed (serve.queue); try again")
        self.in_work += 1
        try:
            body = await self._body(headers, receive)
            await self._app(scope, _Replayed(body, receive), answer.send)
        finally:
            self.in_work -= 1

    async def _body(self, headers: Headers, receive: Receive) -> bytes:
        """Return the whole body.

        Raises:
            Problem: It is too large (413), comes too slowly (408) or not at all (400).
        """
        most = self._settings.body_bytes
        length = headers.get("content-length", "")
        told = int(length) if length.isascii() and length.isdecimal() else 0
        chunks, count, more = [], 0, True
        try:
            async with asyncio.timeout(self._settings.seconds):
                while more and count <= most + _PASSED_OVER:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        raise Problem(400, "body: ended before it was whole")
                    more = message.get("more_body", False)
                    count += len(message.get("body", b""))
                    if max(count, told) <= most:
                        chunks.append(message.get("body", b""))
        except TimeoutError:
            detail = f"body: did not come within {self._settings.seconds:g} seconds (serve.seconds)"
            raise Problem(408, detail, headers={"Connection": "close"}) from None
        if max(count, told) > most:
            raise Problem(
                413,
                f"body: found {size_text(max(count, told))}, allowed are {size_text(most)} (serve.body_bytes); send "
                "less at a time",
                headers={"Connection": "close"},
            )
        return b"".join(chunks)


class _Answer:
    """Sends an answer with the headers that all have, and takes note of its status.

    Args:
        send: Takes the answer.
        has_body: Whether its body is sent; its headers are the same without.
    """

    def __init__(self, send: Send, *, has_body: bool = True) -> None:
        self._send = send
        self._has_body = has_body
        self.status = 0

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
            page = headers.get("content-type", "").startswith("text/html")
            headers.setdefault("content-security-policy", PAGE_POLICY if page else _NOTHING)
        elif not self._has_body:
            message = {**message, "body": b""}
        await self._send(message)

    async def tell(self, problem: Problem, scope: Scope, receive: Receive) -> None:
        """Send a problem, unless an answer has begun."""
        if not self.status:
            await answer_to(problem, scope)(scope, receive, self.send)


#: What our pages may load and run: what the server itself has. The map stands in a frame of its own.
PAGE_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; frame-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


class _Replayed:
    """A body that has been read, for what is to answer; afterwards what the connection tells."""

    def __init__(self, body: bytes, receive: Receive) -> None:
        self._body: bytes | None = body
        self._receive = receive

    async def __call__(self) -> Message:
        if self._body is None:
            return await self._receive()
        body, self._body = self._body, None
        return {"type": "http.request", "body": body, "more_body": False}


def is_for_people(scope: Scope) -> bool:
    """Tell whether an answer is shown to a person: its path is none for programs, and the caller takes HTML."""
    return not scope["path"].startswith(PROGRAMS) and "text/html" in Headers(scope=scope).get("accept", "")


def answer_to(problem: Problem, scope: Scope) -> Response:
    """Return the answer of a problem: problem details, or for people a page, the login where they need one."""
    people = is_for_people(scope)
    if people and problem.status == 401:
        return RedirectResponse("/login", 303)
    return problem.response(page=people)


def place_of(error: BaseException) -> str:
    """Return the kind of an error and where it was raised, without its message, which may hold a text."""
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    places = " < ".join(f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in reversed(frames))
    return f"{type(error).__name__} at {places or 'an unknown place'}"
