"""Who may ask: the name by which the server is asked, the token, and the page that a request comes from."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import socket
import time
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from stancelab.errors import shorten
from stancelab.serve.problems import Problem
from stancelab.serve.settings import is_address, is_loopback

if TYPE_CHECKING:
    from starlette.datastructures import Headers

    from stancelab.serve.settings import ServeSettings

COOKIE: Final = "stancelab"
#: Seconds for which a login holds.
LOGIN_SECONDS: Final = 12 * 3600
#: Methods that change nothing.
SAFE_METHODS: Final = ("GET", "HEAD", "OPTIONS", "TRACE")
#: Paths that need no token: whether the server is up, the login, and what its page looks like.
OPEN_PATHS: Final = ("/v1/health", "/login")
OPEN_FOLDER: Final = "/static/"


class Access:
    """The rules of one server.

    Args:
        settings: Where it listens and by which names it is asked.
        token: What callers have to show, None for nothing.
    """

    def __init__(self, settings: ServeSettings, token: str | None) -> None:
        self._token = token
        self._names = {"localhost", settings.host.lower(), *(each.lower() for each in settings.hosts)}
        if not is_loopback(settings.host):
            self._names.add(socket.gethostname().lower())
        self._key = secrets.token_bytes(32)

    @property
    def asks_token(self) -> bool:
        """Whether callers have to show a token."""
        return self._token is not None

    def check_host(self, headers: Headers) -> None:
        """Check by which name the server is asked.

        A page of a stranger whose name is made to point to this machine (DNS rebinding) asks by that name. An address
        cannot be made to point elsewhere.

        Raises:
            Problem: 421, the name is none of the server's.
        """
        found = headers.getlist("host")
        name = _name_of(found[0]) if len(found) == 1 else ""
        if name.lower() not in self._names and not is_address(name):
            allowed = ", ".join(sorted(self._names))
            raise Problem(
                421,
                f"Host: found {shorten(', '.join(found))!r}, allowed are IP addresses and {allowed}; serve.hosts=[NAME]"
                " allows another name",
            )

    def check_origin(self, method: str, headers: Headers) -> None:
        """Check that what changes something is not asked by a page of another server (CSRF).

        Browsers say where such a request comes from; programs say nothing, and bring no cookie either.

        Raises:
            Problem: 403, the request comes from elsewhere.
        """
        if method in SAFE_METHODS:
            return
        site, origin = headers.get("sec-fetch-site"), headers.get("origin")
        if site is not None:
            same = site in ("same-origin", "none")
        elif origin is not None:
            same = urlsplit(origin).netloc.lower() == headers.get("host", "").lower()
        else:
            same = "cookie" not in headers
        if not same:
            found = f"Sec-Fetch-Site {site!r}" if site is not None else f"Origin {origin!r}"
            raise Problem(403, f"Origin: found {shorten(found)}, allowed is a page of this server")

    def check_token(self, path: str, headers: Headers) -> None:
        """Check the token, or the cookie of a login.

        Raises:
            Problem: 401, neither is there, or it is another one.
        """
        if self._token is None or path in OPEN_PATHS or path.startswith(OPEN_FOLDER):
            return
        kind, _, shown = headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer" and self.is_token(shown.strip()):
            return
        if not headers.get("authorization") and self._is_login(cookie_of(headers)):
            return
        raise Problem(
            401,
            "Authorization: found no token, or another one; write `Authorization: Bearer TOKEN` with the token that "
            "the server was started with, or log in at /login",
            headers={"WWW-Authenticate": "Bearer"},
        )

    def is_token(self, shown: str) -> bool:
        """Tell whether a text is the token; the time it takes says nothing of where they differ."""
        return self._token is not None and hmac.compare_digest(
            shown.encode("utf-8", "surrogatepass"), self._token.encode()
        )

    def login(self) -> str:
        """Return the value of a login's cookie: when it ends, signed with a key that ends with this process."""
        end = str(int(time.time()) + LOGIN_SECONDS)
        return f"{end}.{self._signature(end)}"

    def _is_login(self, value: str) -> bool:
        end, _, signature = value.partition(".")
        right = hmac.compare_digest(signature.encode("utf-8", "surrogatepass"), self._signature(end).encode())
        return right and end.isascii() and end.isdecimal() and int(end) > time.time()

    def _signature(self, end: str) -> str:
        return hmac.new(self._key, end.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def cookie_of(headers: Headers) -> str:
    """Return the value of the login's cookie, "" where there is none."""
    try:
        cookie = SimpleCookie(headers.get("cookie", ""))
    except CookieError:
        return ""
    return cookie[COOKIE].value if COOKIE in cookie else ""


def _name_of(host: str) -> str:
    """Return the name or address of a Host header, without its port; "" where it is none."""
    try:
        parts = urlsplit(f"//{host}")
        _ = parts.port
    except ValueError:
        return ""
    return "" if parts.username is not None or parts.path or parts.query else parts.hostname or ""
