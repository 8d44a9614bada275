"""Pages of the web, where the user asks for them: trafilatura fetches them, within bounds.

Only http and https; no more than one page's size; no longer than a limit in all; and no address of this machine or of a
network that is not public, neither the one that is given nor one that a redirect leads to.
"""

from __future__ import annotations

import configparser
import logging
import os
import queue
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from stancelab.article.documents.bounded import MOST_BYTES
from stancelab.article.documents.web_page import page_document
from stancelab.errors import DataError
from stancelab.extras import require

if TYPE_CHECKING:
    from stancelab.article.documents.notes import Notes
    from stancelab.article.types import Document

#: Seconds until an answer begins, and until the page is there.
_WAIT: Final = 20
_MOST_SECONDS: Final = 60
#: Through a proxy nobody sees which address is reached.
_PROXIES: Final = ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")
_OK: Final = 200
#: trafilatura tells no more of it.
_NO_ANSWER: Final = "no answer in time, or an address of this machine or of a network that is not public"


def fetch_page(url: str, notes: Notes) -> Document:
    """Fetch a page and read it; its id is its address.

    Raises:
        DataError: The address is not of the public web, the page cannot be fetched, or no article is found in it.
        MissingPackageError: trafilatura is not installed.
    """
    require("trafilatura", "read", "fetching web pages")
    instead = f"; download it first (curl -L -o FILE '{url}'), and name the file"
    try:
        parts = urlsplit(url)
        if parts.scheme.lower() not in ("http", "https") or not parts.hostname or parts.username is not None:
            raise DataError(f"{url}: only http:// and https:// pages without a user's name are fetched{instead}")
    except ValueError as error:
        raise DataError(f"{url}: is no address ({error})") from None
    if any(os.environ.get(name) for name in _PROXIES):
        raise DataError(f"{url}: a proxy is set ({', '.join(filter(os.environ.get, _PROXIES))}){instead}")
    return page_document(_content(url, instead), Path(url), url, notes, address=url)


def _content(url: str, instead: str) -> bytes:
    reasons = _Reasons()
    logger = logging.getLogger("trafilatura.downloads")
    logger.addHandler(reasons)
    try:
        response = _within(_MOST_SECONDS, url)
    finally:
        logger.removeHandler(reasons)
    if response is None or not response.data:
        raise DataError(f"{url}: could not be fetched ({reasons.last or _NO_ANSWER}){instead}")
    if response.status != _OK:
        raise DataError(f"{url}: the server answers {response.status}{instead}")
    if len(response.data) > MOST_BYTES["html"]:
        raise DataError(f"{url}: the page is too large{instead}")
    content: bytes = response.data
    return content


def _within(seconds: float, url: str) -> Any:
    """Return the answer, None where none is there in time; a server that sends a byte now and then is left behind."""
    import trafilatura

    answers: queue.Queue[Any] = queue.Queue()
    config = _config()
    thread = threading.Thread(
        target=lambda: answers.put(trafilatura.fetch_response(url, decode=False, config=config)), daemon=True
    )
    thread.start()
    try:
        return answers.get(timeout=seconds)
    except queue.Empty:
        return None


def _config() -> configparser.ConfigParser:
    from trafilatura.settings import DEFAULT_CONFIG

    config = configparser.ConfigParser()
    config.read_dict(DEFAULT_CONFIG)
    own = {
        "DOWNLOAD_TIMEOUT": str(_WAIT),
        "MAX_FILE_SIZE": str(MOST_BYTES["html"]),
        "MAX_REDIRECTS": "3",
        "SSRF_PROTECTION": "on",
        "INSECURE_SSL_FALLBACK": "off",
        "USER_AGENTS": "",
        "COOKIE": "",
    }
    config["DEFAULT"].update(own)
    return config


class _Reasons(logging.Handler):
    """Keeps the last thing that trafilatura said of a page that it did not get."""

    last: str = ""

    def emit(self, record: logging.LogRecord) -> None:
        self.last = record.getMessage()
