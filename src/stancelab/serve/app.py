"""The application: routes, errors as problem details, and the OpenAPI description."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from starlette.exceptions import HTTPException
from starlette.routing import Match

import stancelab
from stancelab.article.results import Reading
from stancelab.errors import StancelabError, shorten
from stancelab.schema import CONTROLS
from stancelab.serve.access import Access
from stancelab.serve.api import api_routes
from stancelab.serve.gate import Gate, answer_to
from stancelab.serve.login import login_routes
from stancelab.serve.pages import Pages
from stancelab.serve.problems import Problem, problem_of
from stancelab.serve.rows import unusable
from stancelab.serve.schemas import ProblemAnswer

if TYPE_CHECKING:
    from starlette.responses import Response

    from stancelab.serve.service import Service

#: What is said of a value's kind, in place of the value.
_KINDS: Final = {
    type(None): "null", bool: "true or false", int: "a number", float: "a number", list: "a list", dict: "an object"
}  # fmt: skip
#: pydantic's kinds of problems -> what is allowed, with pydantic's names of the limits.
_ALLOWED: Final = {
    "string_type": "allowed is text",
    "string_unicode": "allowed is text without half characters (lone surrogates)",
    "string_too_short": "allowed is text that is not empty",
    "string_too_long": "allowed are {max_length} characters",
    "int_type": "allowed is a whole number",
    "float_type": "allowed is a number",
    "bool_type": "allowed is true or false",
    "list_type": "allowed is a list",
    "too_short": "allowed is a list with {min_length} or more",
    "literal_error": "allowed is {expected}",
    "model_type": "allowed is an object",
    "model_attributes_type": "allowed is an object",
    "greater_than_equal": "allowed are numbers from {ge} on",
    "less_than_equal": "allowed are numbers up to {le}",
    "finite_number": "allowed are finite numbers",
}
#: What `control_problem` leaves.
_WITHOUT_CONTROLS: Final = f"^[^{CONTROLS}]*$"
#: The methods that a route may have.
_METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")
_REF: Final = "#/components/schemas/{name}"


def make_app(service: Service, token: str | None = None) -> Gate:
    """Return the application of a server.

    Args:
        service: What it works with.
        token: What callers have to show, None for nothing.
    """
    app = FastAPI(
        title="stancelab",
        summary="Who is for or against what, in which sentence, how sure.",
        version=stancelab.__version__,
        docs_url=None,  # these pages load scripts from elsewhere
        redoc_url=None,
        redirect_slashes=False,
    )
    access = Access(service.settings, token)
    pages = Pages(service, asks_token=access.asks_token)
    app.include_router(api_routes(service))
    app.include_router(login_routes(access, pages))
    app.include_router(pages.routes())
    for kind, handler in _HANDLERS.items():
        app.add_exception_handler(kind, handler)
    app.openapi = lambda: _description(app, service)  # type: ignore[method-assign]
    return Gate(app, service.settings, access, service.counters)


async def _on_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    return answer_to(error, request.scope)


async def _on_http(request: Request, error: Exception) -> Response:
    """Answer paths and methods that the server does not have."""
    assert isinstance(error, HTTPException)
    headers = dict(error.headers or {})
    if error.status_code == 405:
        headers["Allow"] = ", ".join(_methods_of(request))
    details = {
        404: f"path: {shorten(request.url.path)!r} is none of this server; /openapi.json lists those of the API",
        405: f"method: found {shorten(request.method)}, allowed are {headers.get('Allow', 'others')}",
        400: f"body: {_reason_of(error.__cause__)}; send it as the path's description in /openapi.json says",
    }
    detail = details.get(error.status_code, str(error.detail))
    return answer_to(Problem(error.status_code, detail, headers=headers), request.scope)


def _methods_of(request: Request) -> list[str]:
    """Return the methods that the path of a request has, over all its routes: Starlette names those of one alone."""
    found = {
        method
        for method in _METHODS
        for route in request.app.routes
        # A scope of its own: that of the request holds what FastAPI found of it.
        if route.matches({"type": "http", "method": method, "path": request.scope["path"]})[0] is Match.FULL
    }
    return sorted(found | ({"HEAD"} if "GET" in found else set()))  # the gate answers HEAD wherever GET is answered


def _reason_of(cause: BaseException | None) -> str:
    """Return why a body cannot be read, from what Python's reader of JSON raised."""
    if isinstance(cause, UnicodeDecodeError):
        return f"is not UTF-8 from byte {cause.start} on"
    if isinstance(cause, RecursionError):
        return "has lists or objects within each other, too deep"
    if isinstance(cause, ValueError):  # Python converts up to 4,300 digits
        return "has a number with too many digits"
    return "cannot be read"


async def _on_invalid(request: Request, error: Exception) -> Response:
    """Answer bodies that are no JSON, or not of the type that the path takes."""
    assert isinstance(error, RequestValidationError)
    found = error.errors()
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json" and any(each["loc"][:1] == ("body",) for each in found):
        detail = f"Content-Type: found {shorten(kind)!r}, allowed is application/json"
        return answer_to(Problem(415, detail), request.scope)
    if any(each["type"] == "json_invalid" for each in found):
        place = found[0]["loc"][-1]
        detail = f"body: is no JSON from character {place} on ({found[0].get('ctx', {}).get('error', '')}); mend it"
        return answer_to(Problem(400, detail), request.scope)
    return answer_to(unusable("request", [_line(each) for each in found]), request.scope)


def _line(problem: Any) -> str:
    """Return one problem of a body: its place, what is allowed, and what was found where that is short."""
    *_, last = place = [each for each in problem["loc"] if each != "body"] or ["body"]
    where = "".join(f"[{each}]" if isinstance(each, int) else f".{each}" for each in place).lstrip(".")
    if problem["type"] == "missing":
        return f"{where}: is missing; give it"
    if problem["type"] == "extra_forbidden":
        return f"{where}: {shorten(str(last))!r} is no key of this request; take it out"
    found, limits = problem.get("input"), problem.get("ctx", {})
    kind = "an empty list" if found == [] else _KINDS.get(type(found), "something else")
    # Where a number is allowed, the one that was found tells more than its kind.
    is_number = type(found) in (int, float) and problem["type"].startswith(("int_", "greater_", "less_", "finite_"))
    what = f"{shorten(found, 40)!r}" if isinstance(found, str) else shorten(str(found), 40) if is_number else kind
    allowed = _ALLOWED.get(problem["type"])
    wanted = f"{problem['msg'][:1].lower()}{problem['msg'][1:]}" if allowed is None else allowed.format_map(limits)
    return f"{where}: found {what}, {wanted}"


async def _on_ours(request: Request, error: Exception) -> Response:
    """Answer what the project's own errors say."""
    assert isinstance(error, StancelabError)
    return answer_to(problem_of(error), request.scope)


async def _on_failure(request: Request, error: Exception) -> Response:
    return answer_to(Problem(500, "the server has failed; its log says where"), request.scope)


_HANDLERS: Final[dict[type[Exception], Any]] = {
    Problem: _on_problem,
    HTTPException: _on_http,
    RequestValidationError: _on_invalid,
    StancelabError: _on_ours,
    Exception: _on_failure,
}


def _description(app: FastAPI, service: Service) -> dict[str, Any]:
    """Return the OpenAPI description, with the layout of stances.json and the limits of this server."""
    if app.openapi_schema is None:
        content = get_openapi(title=app.title, summary=app.summary, version=app.version, routes=app.routes)
        schemas = content["components"]["schemas"]
        _, readings = msgspec.json.schema_components([Reading], ref_template=_REF)
        schemas |= readings
        schemas["ProblemAnswer"] = ProblemAnswer.model_json_schema(ref_template=_REF.replace("name", "model"))
        for unused in ("HTTPValidationError", "ValidationError"):
            schemas.pop(unused, None)
        limits = service.settings
        for name in ("text", "target", "source"):
            schemas["Row"]["properties"][name] |= {"maxLength": limits.row_characters, "pattern": _WITHOUT_CONTROLS}
        for name in ("text", "title", "outlet"):
            schemas["ReadRequest"]["properties"][name]["pattern"] = _WITHOUT_CONTROLS
        schemas["PredictRequest"]["properties"]["rows"]["maxItems"] = limits.rows
        schemas["ReadRequest"]["properties"]["text"]["maxLength"] = limits.article_characters
        app.openapi_schema = content
    return app.openapi_schema
