"""Who may ask: by which name, with which token, and from which page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from stancelab.serve.access import COOKIE, Access
from stancelab.serve.settings import ServeSettings

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.testclient import TestClient

TOKEN = "a-token-that-is-long-enough"
ROWS = {"rows": [{"text": "Norway met Iran .", "target": "Iran"}]}
PAGE = {"accept": "text/html"}


@pytest.mark.parametrize(
    "host", ["127.0.0.1:8765", "localhost", "localhost:1", "[::1]:8765", "10.0.0.1", "stances.example.org", "LOCALHOST"]
)
def test_addresses_and_own_names_are_answered(host: str, client_of: Callable[..., TestClient]) -> None:
    client = client_of(hosts=["stances.example.org"])
    assert client.get("/v1/health", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "", "a@127.0.0.1", "127.0.0.1/x",
             "[::1", "127.0.0.1:port"]
)  # fmt: skip
def test_other_names_are_refused(host: str, client: TestClient) -> None:
    answer = client.get("/v1/health", headers={"host": host})
    assert (answer.status_code, answer.headers["content-type"]) == (421, "application/problem+json")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"origin": "http://127.0.0.1:8765"}, 200),
        ({"origin": "https://127.0.0.1:8765"}, 200),  # a proxy in front speaks https
        ({"sec-fetch-site": "same-origin", "origin": "null"}, 200),
        ({"sec-fetch-site": "none"}, 200),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "http://127.0.0.1:9999"}, 403),
        ({"origin": "null"}, 403),
        ({"sec-fetch-site": "cross-site", "origin": "http://127.0.0.1:8765"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"cookie": f"{COOKIE}=x"}, 403),
    ],
)
def test_what_changes_something_comes_from_a_page_of_ours(
    headers: dict[str, str], status: int, client: TestClient
) -> None:
    assert client.post("/v1/predict", json=ROWS, headers=headers).status_code == status


def test_pages_of_others_may_be_linked_from(client: TestClient) -> None:
    assert client.get("/", headers={"sec-fetch-site": "cross-site"}).status_code == 200


@pytest.mark.parametrize(
    ("authorization", "status"),
    [(None, 401), (f"Bearer {TOKEN}", 200), (f"bearer {TOKEN}", 200), ("Bearer other", 401), (f"Basic {TOKEN}", 401),
     ("Bearer ", 401), (f"Bearer {TOKEN}x", 401), ("Bearer t\xf6ken", 401)],
)  # fmt: skip
def test_a_token_is_asked_for(authorization: str | None, status: int, client_of: Callable[..., TestClient]) -> None:
    client = client_of(token=TOKEN)
    headers = {} if authorization is None else {b"authorization": authorization.encode("latin-1")}
    answers = [client.get(path, headers=headers) for path in ("/v1/model", "/metrics", "/openapi.json", "/nowhere")]
    answers.append(client.post("/v1/predict", json=ROWS, headers=headers))
    assert [answer.status_code for answer in answers] == [status, status, status, 404 if status == 200 else 401, status]
    if status == 401:
        assert answers[0].headers["www-authenticate"] == "Bearer"
        assert TOKEN not in answers[0].text


def test_health_and_the_login_need_no_token(client_of: Callable[..., TestClient]) -> None:
    client = client_of(token=TOKEN)
    for path in ("/v1/health", "/login", "/static/serve.css"):
        assert client.get(path).status_code == 200
    answer = client.get("/", headers=PAGE)
    assert (answer.status_code, answer.headers["location"]) == (303, "/login")


def test_the_login_gives_a_cookie_that_scripts_and_others_do_not_see(client_of: Callable[..., TestClient]) -> None:
    client = client_of(token=TOKEN)
    same = {**PAGE, "sec-fetch-site": "same-origin"}
    assert client.post("/login", data={"token": "other"}, headers=same).status_code == 401
    assert client.post("/login", data={"token": TOKEN}, headers={"origin": "http://evil.example"}).status_code == 403
    answer = client.post("/login", data={"token": TOKEN}, headers=same)
    cookie = answer.headers["set-cookie"]
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert all(word in cookie for word in ("HttpOnly", "SameSite=strict", "Path=/"))
    assert TOKEN not in cookie
    assert client.get("/", headers=PAGE).status_code == 200
    assert client.post("/v1/predict", json=ROWS, headers={"sec-fetch-site": "same-origin"}).status_code == 200
    assert client.post("/v1/predict", json=ROWS).status_code == 403  # a cookie without the page that it belongs to
    assert client.get("/v1/model", headers={"authorization": "Bearer other"}).status_code == 401
    client.post("/logout", headers=same)
    assert client.get("/", headers=PAGE).status_code == 303


def test_a_cookie_ends_and_cannot_be_made(
    monkeypatch: pytest.MonkeyPatch, client_of: Callable[..., TestClient]
) -> None:
    access, other = (Access(ServeSettings(), TOKEN) for _ in range(2))
    value = access.login()

    def taken(by: Access, value: str) -> bool:
        from starlette.datastructures import Headers

        from stancelab.serve.problems import Problem

        try:
            by.check_token("/", Headers({"cookie": f"{COOKIE}={value}"}))
        except Problem:
            return False
        return True

    assert taken(access, value)
    assert not taken(other, value)
    end, _, signature = value.partition(".")
    assert not taken(access, f"{int(end) + 1}.{signature}")
    assert not taken(access, end)
    monkeypatch.setattr("stancelab.serve.access.time.time", lambda: int(end) + 1)
    assert not taken(access, value)


def test_without_a_token_there_is_no_login(client: TestClient) -> None:
    answer: Any = client.get("/login")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert client.post("/logout").status_code == 404
