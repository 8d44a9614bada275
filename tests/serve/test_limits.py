"""More than the settings allow is told by its status, and what nobody waits for is not computed."""

from __future__ import annotations

import asyncio
import json
import re
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx2
from starlette.testclient import TestClient

from stancelab.serve.app import make_app

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest
    from tests.serve.conftest import FixedClassifier

    from stancelab.serve.service import Service

ROWS = {"rows": [{"text": "Norway met Iran .", "target": "Iran"}]}
WAIT = 60


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + WAIT
    while not condition():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.005)


def given_up(client: TestClient) -> float:
    """Return how many requests took too long."""
    found = re.search(r'^stancelab_given_up_total{reason="time"} (\S+)$', client.get("/metrics").text, re.MULTILINE)
    return float(found[1]) if found else 0.0


def test_a_body_may_have_so_many_bytes(client_of: Callable[..., TestClient]) -> None:
    client = client_of(body_bytes=1_000)
    body = b'{"rows": [{"text": "Norway met Iran .", "target": "Iran"}]}'
    headers = {"content-type": "application/json"}
    assert client.post("/v1/predict", content=body.ljust(1_000), headers=headers).status_code == 200
    for content in (body.ljust(1_001), iter([body.ljust(900), b" " * 101])):  # with its length told, and without
        answer = client.post("/v1/predict", content=content, headers=headers)
        assert answer.status_code == 413
        assert (
            answer.json()["detail"] == "body: found 1.0 kB, allowed are 1.0 kB (serve.body_bytes); send less at a time"
        )
        assert answer.headers["connection"] == "close"


def test_a_request_may_have_so_many_rows_and_letters(client_of: Callable[..., TestClient]) -> None:
    client = client_of(rows=2, row_characters=10)
    row = {"text": "a" * 10, "target": "a"}
    assert client.post("/v1/predict", json={"rows": [row] * 2}).status_code == 200
    answer = client.post("/v1/predict", json={"rows": [row] * 3})
    assert (answer.status_code, answer.json()["detail"]) == (
        422, "rows: found 3, allowed are 2 (serve.rows); send them in several requests",
    )  # fmt: skip
    answer = client.post("/v1/predict", json={"rows": [row | {"text": "a" * 11, "target": "a" * 12}]})
    assert answer.status_code == 422
    assert [line.partition(";")[0] for line in answer.json()["errors"]] == [
        "rows[0].text: found 11 characters, allowed are 10 (serve.row_characters)",
        "rows[0].target: found 12 characters, allowed are 10 (serve.row_characters)",
    ]


def test_a_path_may_be_so_long(client: TestClient) -> None:
    assert client.get("/" + "a" * 4_000).status_code == 414
    assert client.get("/v1/health?" + "a" * 4_000).status_code == 414


def test_what_takes_too_long_is_given_up(
    client_of: Callable[..., TestClient], classifier: FixedClassifier, article: str
) -> None:
    client = client_of(seconds=0.2)
    classifier.gate.clear()
    # What begins is not ended: whatever comes then has to wait.
    until(lambda: client.post("/v1/predict", json=ROWS).status_code == 504 and classifier.begun == 1)
    before = given_up(client)
    for path, asked in (("/v1/predict", ROWS), ("/v1/read", {"text": article})):
        answer = client.post(path, json=asked)
        assert (answer.status_code, answer.headers["content-type"]) == (504, "application/problem+json")
        assert answer.json()["detail"].startswith("the answer took longer than 0.2 seconds (serve.seconds)")
    assert given_up(client) == before + 2
    classifier.gate.set()
    until(lambda: client.post("/v1/predict", json=ROWS).status_code == 200)  # a slow machine needs longer than 0.2 s
    assert set(classifier.calls) == {1}  # neither that request nor the article's rows, which are several


def test_pages_and_files_are_given_up_as_well(
    service_of: Callable[..., Service], article: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = service_of()
    client = TestClient(make_app(service), base_url="http://127.0.0.1:8765", follow_redirects=False)
    page = client.post("/read", data={"text": article}).headers["location"]
    key = page.removeprefix("/readings/")
    wait = threading.Event()

    def waits(*_: object) -> None:
        wait.wait(20)

    for name in ("file_of", "choices_of", "compared", "sentence_list"):
        monkeypatch.setattr(f"stancelab.serve.pages.{name}", waits)
    service.settings.seconds = 0.2
    for path in (page, f"{page}/sentences", f"{page}/map.html", f"/compare/{key}/{key}"):
        answer = client.get(path, headers={"hx-request": "true"})
        assert (path, answer.status_code) == (path, 504)
        assert answer.json()["detail"].startswith("the answer took longer than 0.2 seconds (serve.seconds)")
    assert client.get("/v1/health").status_code == 200
    wait.set()


def test_an_article_that_waits_too_long_is_not_begun(
    client_of: Callable[..., TestClient], classifier: FixedClassifier, article: str
) -> None:
    client = client_of(seconds=0.3, readers=1)
    classifier.gate.clear()
    with ThreadPoolExecutor(2) as pool:
        answers = [pool.submit(client.post, "/v1/read", json={"text": article}) for _ in range(2)]
        assert [answer.result().status_code for answer in answers] == [504, 504]
    classifier.gate.set()
    until(lambda: client.post("/v1/predict", json=ROWS).status_code == 200)  # a slow machine needs longer than 0.3 s
    assert "stancelab_articles_total 0.0" in client.get("/metrics").text


def test_a_full_queue_says_when_to_try_again(
    running: Callable[..., str], classifier: FixedClassifier, article: str
) -> None:
    address = running(queue=2)
    classifier.gate.clear()
    with ThreadPoolExecutor(2) as pool, httpx2.Client(base_url=address, timeout=WAIT) as client:
        waiting = [pool.submit(httpx2.post, f"{address}/v1/predict", json=ROWS, timeout=WAIT) for _ in range(2)]
        until(lambda: "stancelab_requests_in_work 2.0" in client.get("/metrics").text)
        for path, asked in (("/v1/predict", ROWS), ("/v1/read", {"text": article})):
            answer = client.post(path, json=asked)
            assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
            assert answer.json()["detail"].startswith("2 requests are in work, the most that are allowed (serve.queue)")
        assert client.get("/v1/health").status_code == 200
        classifier.gate.set()
        assert [each.result().status_code for each in waiting] == [200, 200]
        assert client.post("/v1/predict", json=ROWS).status_code == 200


def test_a_caller_who_has_gone_is_not_computed_for(running: Callable[..., str], classifier: FixedClassifier) -> None:
    address = running()
    place = urlsplit(address)
    classifier.gate.clear()
    body = json.dumps({"rows": ROWS["rows"] * 9}).encode()
    head = f"POST /v1/predict HTTP/1.1\r\nHost: {place.netloc}\r\nContent-Type: application/json\r\n"
    with ThreadPoolExecutor(1) as pool, httpx2.Client(base_url=address, timeout=WAIT) as client:
        first = pool.submit(httpx2.post, f"{address}/v1/predict", json=ROWS, timeout=WAIT)
        until(lambda: classifier.begun == 1)
        with socket.create_connection((place.hostname, place.port), timeout=WAIT) as connection:
            connection.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
            until(lambda: "stancelab_rows_queued 9.0" in client.get("/metrics").text)
        until(lambda: 'stancelab_given_up_total{reason="gone"} 1.0' in client.get("/metrics").text)
        classifier.gate.set()
        assert first.result().status_code == 200
        assert client.post("/v1/predict", json=ROWS).status_code == 200
    assert classifier.calls == [1, 1]


def test_requests_that_arrive_together_are_computed_together(
    running: Callable[..., str], classifier: FixedClassifier
) -> None:
    address = running()
    words = ["condemned", "praised", "met", "warned"]
    alone = httpx2.Client(base_url=address, timeout=WAIT)

    def row(number: int) -> dict[str, Any]:
        return {"rows": [{"text": f"Norway {words[number % 4]} Iran .", "target": "Iran"}] * (1 + number % 3)}

    expected = [alone.post("/v1/predict", json=row(number)).json() for number in range(12)]
    classifier.calls.clear()
    classifier.gate.clear()
    with ThreadPoolExecutor(24) as pool:
        first = pool.submit(httpx2.post, f"{address}/v1/predict", json=ROWS, timeout=WAIT)
        until(lambda: classifier.begun == 13)
        answers = [
            pool.submit(httpx2.post, f"{address}/v1/predict", json=row(number), timeout=WAIT) for number in range(12)
        ]
        until(lambda: "stancelab_requests_in_work 13.0" in alone.get("/metrics").text)
        until(lambda: "stancelab_rows_queued 24.0" in alone.get("/metrics").text)
        classifier.gate.set()
        assert [answer.result().json() for answer in answers] == expected
        assert first.result().status_code == 200
    assert classifier.calls == [1, 24]


def test_a_body_that_comes_too_slowly_is_not_waited_for(running: Callable[..., str]) -> None:
    place = urlsplit(running(seconds=0.3))
    with socket.create_connection((place.hostname, place.port), timeout=WAIT) as connection:
        connection.sendall(
            f"POST /v1/predict HTTP/1.1\r\nHost: {place.netloc}\r\nContent-Length: 50\r\n\r\nhalf".encode()
        )
        head = connection.makefile("rb").readline()
    assert head.startswith(b"HTTP/1.1 408")


def test_a_body_that_ends_early_leaves_the_server_well(running: Callable[..., str]) -> None:
    address = running()
    place = urlsplit(address)
    with socket.create_connection((place.hostname, place.port), timeout=WAIT) as connection:
        connection.sendall(
            f"POST /v1/predict HTTP/1.1\r\nHost: {place.netloc}\r\nContent-Length: 50\r\n\r\nhalf".encode()
        )
    with socket.create_connection((place.hostname, place.port), timeout=WAIT) as connection:
        connection.sendall(b"\x16\x03\x01 no HTTP at all\r\n\r\n")
        assert connection.recv(20).startswith(b"HTTP/1.1 400")
    with httpx2.Client(base_url=address, timeout=WAIT) as client:
        assert client.post("/v1/predict", json=ROWS).status_code == 200
        until(lambda: "stancelab_requests_in_work 0.0" in client.get("/metrics").text)


def test_the_loop_answers_while_articles_are_read(
    running: Callable[..., str], classifier: FixedClassifier, article: str
) -> None:
    address = running(readers=1)
    classifier.gate.clear()

    async def ask() -> list[int]:
        async with httpx2.AsyncClient(base_url=address, timeout=WAIT) as client:
            reading = [asyncio.create_task(client.post("/v1/read", json={"text": article})) for _ in range(3)]
            for _ in range(5):
                assert (await client.get("/v1/health")).status_code == 200
            threading.Timer(0.1, classifier.gate.set).start()
            return [(await each).status_code for each in reading]

    assert asyncio.run(ask()) == [200, 200, 200]
