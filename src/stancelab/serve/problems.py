"""What a caller is told of a request that cannot be answered: problem details (RFC 9457), in JSON or as a page."""

from __future__ import annotations

import html
import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from starlette.responses import Response

from stancelab.errors import CheckpointError, MissingPackageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from stancelab.errors import StancelabError

PROBLEM_TYPE: Final = "application/problem+json"
#: Names of the status codes that Python has under an older one.
_TITLES: Final = {413: "Content Too Large", 422: "Unprocessable Content"}


class Problem(Exception):  # noqa: N818 - what RFC 9457 calls it
    """A request that cannot be answered.

    Args:
        status: The status code.
        detail: Where, what was found, what is allowed, what to do.
        errors: The single problems, where there are several.
        headers: Further headers of the answer.
    """

    def __init__(
        self, status: int, detail: str, errors: Sequence[str] = (), headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.errors = list(errors)
        self.headers = dict(headers or {})

    @property
    def title(self) -> str:
        """The name of the status code."""
        return _TITLES.get(self.status) or HTTPStatus(self.status).phrase

    def content(self) -> dict[str, Any]:
        """Return the members of the problem; half characters (lone surrogates) are replaced."""
        content: dict[str, Any] = {"type": "about:blank", "title": self.title, "status": self.status}
        content["detail"] = _writable(self.detail)
        if self.errors:
            content["errors"] = [_writable(each) for each in self.errors]
        return content

    def response(self, *, page: bool = False) -> Response:
        """Return the answer, as JSON or as a page for people."""
        if page:
            return Response(self._page(), self.status, self.headers, "text/html; charset=utf-8")
        body = json.dumps(self.content(), ensure_ascii=False, separators=(",", ":")).encode()
        return Response(body, self.status, self.headers, PROBLEM_TYPE)

    def _page(self) -> str:
        items = "".join(f"<li>{html.escape(_writable(each))}</li>" for each in self.errors)
        return (
            '<!doctype html><html lang="en"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f'<title>{self.title}</title><link rel="icon" href="/static/icon.svg">'
            '<link rel="stylesheet" href="/static/serve.css"></head><body><main>'
            f'<h1>{self.title}</h1><p class="problem" role="alert">{html.escape(_writable(self.detail))}</p>'
            f'<ul>{items}</ul><p><a href="/">Read an article</a></p></main></body></html>\n'
        )


def busy(detail: str, seconds: int = 1) -> Problem:
    """Return the problem of a server that cannot take a request now, with when to try again."""
    return Problem(503, detail, headers={"Retry-After": str(seconds)})


def problem_of(error: Problem | StancelabError) -> Problem:
    """Return the problem that an error of the project's own is told as."""
    if isinstance(error, Problem):
        return error
    return Problem(
        501 if isinstance(error, MissingPackageError) else 500 if isinstance(error, CheckpointError) else 422,
        str(error),
    )


def _writable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()
