"""Pages of the web: refused unless a setting says otherwise, and then within bounds."""

from __future__ import annotations

import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from stancelab.article.documents import DocumentSettings, fetched, read_documents
from stancelab.errors import DataError

FETCH = DocumentSettings(fetch=True)


class Server(ThreadingHTTPServer):
    """A server of this machine that keeps which paths it was asked for."""

    daemon_threads = True

    def __init__(self, handler, asked):
        super().__init__(("127.0.0.1", 0), handler)
        self.asked = asked
        self.url = f"http://127.0.0.1:{self.server_port}"


@pytest.fixture
def server(page, monkeypatch):
    for name in fetched._PROXIES:
        monkeypatch.delenv(name, raising=False)
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            if self.path.startswith("/to/"):
                self.send_response(302)
                self.send_header("Location", self.path.removeprefix("/to/"))
                self.end_headers()
                return
            self.send_response(404 if self.path == "/gone" else 200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            if self.path == "/slow":
                stop.wait(20)
            with suppress(ConnectionError):
                self.wfile.write(b"x" * 30_000_000 if self.path == "/large" else page.encode())

        def log_message(self, *_):
            pass

    stop = threading.Event()
    made = Server(Handler, asked)
    threading.Thread(target=made.serve_forever, daemon=True).start()
    yield made
    stop.set()
    made.shutdown()
    made.server_close()


@pytest.fixture
def public(monkeypatch):
    """Take 127.0.0.1 for an address of the public web; 127.0.0.2 stays one of this machine."""
    from trafilatura import downloads

    vet = downloads._vet_peer
    monkeypatch.setattr(downloads, "_vet_peer", lambda host: None if host == "127.0.0.1" else vet(host))


def test_urls_are_refused_and_nothing_is_asked_of_the_server(server):
    with pytest.raises(DataError, match=r"URLs are not read; download it first .* fetch it with read\.fetch=true"):
        list(read_documents(f"{server.url}/page"))
    assert server.asked == []


@pytest.mark.parametrize(
    "address",
    ["{url}/page", "http://localhost:{port}/page", "http://[::ffff:127.0.0.1]:{port}/page", "http://0.0.0.0:{port}/"],
)
def test_addresses_of_this_machine_are_not_fetched(server, address):
    with pytest.raises(DataError, match="could not be fetched"):
        list(read_documents(address.format(url=server.url, port=server.server_port), FETCH))
    assert server.asked == []


@pytest.mark.parametrize(
    "address",
    ["file:///etc/passwd", "ftp://x.example/a", "http://user:word@x.example/", "gopher://x.example", "http:///x"],
)
def test_only_pages_of_the_web_are_fetched(address):
    with pytest.raises(DataError, match="only http"):
        list(read_documents(address, FETCH))


def test_a_page_is_fetched_where_the_setting_says_so(server, public):
    (document,) = read_documents(f"{server.url}/page", FETCH)
    assert (document.id, document.path) == (f"{server.url}/page", "")
    assert (document.title, document.date, document.outlet) == (
        "Ministers fail to agree",
        "2026-03-04",
        "The Corto Post",
    )
    assert document.fields["url"] == f"{server.url}/page"


def test_redirects_to_this_machine_are_not_followed(server, public):
    (document,) = read_documents(f"{server.url}/to//page", FETCH)
    assert document.title == "Ministers fail to agree"
    server.asked.clear()
    with pytest.raises(DataError, match="could not be fetched"):
        list(read_documents(f"{server.url}/to/http://127.0.0.2:{server.server_port}/page", FETCH))
    with pytest.raises(DataError, match="could not be fetched"):
        list(read_documents(f"{server.url}/to/file:///etc/passwd", FETCH))
    assert all(path.startswith("/to/") for path in server.asked)


def test_pages_are_bounded_in_size_and_time(server, public, monkeypatch):
    with pytest.raises(DataError, match="could not be fetched"):
        list(read_documents(f"{server.url}/large", FETCH))
    monkeypatch.setattr(fetched, "_MOST_SECONDS", 0.5)
    with pytest.raises(DataError, match="no answer in time"):
        list(read_documents(f"{server.url}/slow", FETCH))


def test_other_answers_and_proxies_are_told(server, public, monkeypatch):
    with pytest.raises(DataError, match="the server answers 404"):
        list(read_documents(f"{server.url}/gone", FETCH))
    monkeypatch.setenv("https_proxy", "http://proxy.example:3128")
    with pytest.raises(DataError, match="a proxy is set"):
        list(read_documents(f"{server.url}/page", FETCH))
