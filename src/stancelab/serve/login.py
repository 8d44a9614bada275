"""The login of the pages: the token once, then a cookie."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from stancelab.serve.access import COOKIE, LOGIN_SECONDS
from stancelab.serve.problems import Problem

if TYPE_CHECKING:
    from stancelab.serve.access import Access
    from stancelab.serve.pages import Pages


def login_routes(access: Access, pages: Pages) -> APIRouter:
    """Return the routes of login and logout, which are no part of the API's description."""
    router = APIRouter(include_in_schema=False)

    @router.get("/login", response_class=Response)
    async def show() -> Response:
        return pages.login() if access.asks_token else RedirectResponse("/", 303)

    @router.post("/login", response_class=Response)
    async def login(request: Request) -> Response:
        if not access.asks_token:
            return RedirectResponse("/", 303)
        form = await pages.form(request)
        token = form.get("token")
        if not isinstance(token, str) or not access.is_token(token.strip()):
            return pages.login("token: is another one; take the one that the server was started with")
        answer = RedirectResponse("/", 303)
        answer.set_cookie(
            COOKIE, access.login(), max_age=LOGIN_SECONDS, httponly=True, samesite="strict",
            secure=request.headers.get("x-forwarded-proto") == "https",
        )  # fmt: skip
        return answer

    @router.post("/logout", response_class=Response)
    async def logout() -> Response:
        if not access.asks_token:
            raise Problem(404, "logout: this server asks for no token")
        answer = RedirectResponse("/login", 303)
        answer.delete_cookie(COOKIE, httponly=True, samesite="strict")
        return answer

    return router
