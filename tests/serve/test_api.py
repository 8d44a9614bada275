"""The API answers as prediction and reading do, and tells what it cannot use."""

from __future__ import annotations

import json
import logging
import re
import socket
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

import stancelab.serve
from stancelab.article.read import read_text
from stancelab.article.results import Reading
from stancelab.article.results_check import problems_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.testclient import TestClient
    from tests.serve.conftest import FixedClassifier

ROW = {"text": "Norway condemned Iran .", "source": "Norway", "target": "Iran"}
STATIC = Path(stancelab.serve.__file__).parent / "static"
JSON = {"content-type": "application/json"}


def problem(answer: Any, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    content: dict[str, Any] = answer.json()
    assert content["status"] == status
    assert {"type", "title", "status", "detail"} <= set(content) <= {"type", "title", "status", "detail", "errors"}
    return content


def test_rows_are_answered_with_the_columns_of_predictions(client: TestClient) -> None:
    rows = [ROW, {"text": "Kenya praised China .", "target": "China"}, {"text": "Iran met Iran .", "target": "Iran"}]
    answer = client.post("/v1/predict", json={"rows": rows})
    assert answer.status_code == 200
    first = {
        "predicted": "against", "confidence": 0.9, "p_against": 0.9, "p_neutral": 0.08, "p_favor": 0.02,
        "score": -0.88, "abstained": False,
    }  # fmt: skip
    assert answer.json()["rows"][0] == first
    assert [row["predicted"] for row in answer.json()["rows"]] == ["against", "favor", "neutral"]


def test_the_threshold_is_the_requests_else_the_servers(client_of: Callable[..., TestClient]) -> None:
    rows = [ROW, {"text": "Norway warned Iran .", "target": "Iran"}]

    def abstained(client: TestClient, **asked: Any) -> list[bool]:
        answer = client.post("/v1/predict", json={"rows": rows, **asked})
        assert answer.status_code == 200, answer.text
        return [row["abstained"] for row in answer.json()["rows"]]

    assert abstained(client_of()) == [False, False]
    named = client_of(threshold="accuracy_90")
    assert abstained(named) == [False, True]
    assert abstained(named, min_confidence=0.0) == [False, False]
    assert abstained(named, min_confidence=0.95) == [True, True]
    assert abstained(client_of(min_confidence=0.85), threshold="accuracy_90") == [False, True]
    told = problem(named.post("/v1/predict", json={"rows": rows, "threshold": "accuracy_95"}), 422)
    assert told["detail"].startswith("threshold: 'accuracy_95' was not reached on dev; allowed accuracy_90 (0.85)")
    both = {"rows": rows, "threshold": "accuracy_90", "min_confidence": 0.5}
    assert problem(named.post("/v1/predict", json=both), 422)["detail"].startswith("threshold: stands in the place")


def test_spans_are_counted_as_the_request_says(client: TestClient) -> None:
    row = {"text": "\U0001f600 Iran condemned Iran .", "target": "Iran", "target_start": 18, "target_end": 22}
    assert client.post("/v1/predict", json={"rows": [row], "offsets": "utf16"}).status_code == 200
    row |= {"target_start": 30, "target_end": 34}
    assert "rows[0]" in problem(client.post("/v1/predict", json={"rows": [row]}), 422)["errors"][0]
    told = problem(client.post("/v1/predict", json={"rows": [ROW], "offsets": "words"}), 422)
    assert told["detail"].startswith("offsets: found 'words', allowed")


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({}, ["rows: is missing; give it"]),
        ({"rows": []}, ["rows: found an empty list, allowed is a list with 1 or more"]),
        ({"rows": "x"}, ["rows: found 'x', allowed is a list"]),
        ({"rows": [3]}, ["rows[0]: found a number, allowed is an object"]),
        ({"rows": [{"text": 1, "target": "a"}]}, ["rows[0].text: found a number, allowed is text"]),
        ({"rows": [{"text": "a"}]}, ["rows[0].target: is missing; give it"]),
        ({"rows": [ROW | {"tagret": 1}]}, ["rows[0].tagret: 'tagret' is no key of this request; take it out"]),
        ({"rows": [ROW | {"target_start": "1"}]}, ["rows[0].target_start: found '1', allowed is a whole number"]),
        ({"rows": [ROW | {"text": ""}]}, ["rows[0].text: found '', allowed is text that is not empty"]),
        ({"rows": [ROW], "min_confidence": 2}, ["min_confidence: found 2, allowed are numbers up to 1.0"]),
        ({"rows": [ROW | {"target_end": 5.5}]}, ["rows[0].target_end: found 5.5, allowed is a whole number"]),
        ({"rows": [ROW | {"target_start": -1}]}, ["rows[0].target_start: found -1, allowed are numbers from 0 on"]),
        ({"rows": [ROW | {"target_start": True}]}, ["rows[0].target_start: found true or false, allowed is a whole "
                                                    "number"]),
        ({"rows": [ROW | {"text": "\0", "source": "a\x7f"}]},
         [f"rows[0].{name}: holds the control character {found}; allowed are tabs, line breaks and page breaks; take "
          "it out" for name, found in (("text", "U+0000 at 0"), ("source", "U+007F at 1"))]),
        ({"rows": [ROW | {"text": " "}]}, ["rows[0].text: the text is empty; every row needs a sentence"]),
        ({"rows": [ROW | {"target_start": 3}]}, ["rows[0]: target_start is 3, target_end is missing; give two whole "
                                                 "numbers or neither"]),
    ],
)  # fmt: skip
def test_rows_that_cannot_be_used_are_named(body: Any, errors: list[str], client: TestClient) -> None:
    assert problem(client.post("/v1/predict", json=body), 422)["errors"] == errors


def test_of_many_problems_the_first_are_named(client: TestClient) -> None:
    told = problem(client.post("/v1/predict", json={"rows": [{"text": " ", "target": "a"}] * 50}), 422)
    assert told["detail"] == "rows: 50 problems; mend what `errors` lists"
    assert (len(told["errors"]), told["errors"][-1]) == (21, "... and 30 more")


@pytest.mark.parametrize(
    ("content", "headers", "status", "detail"),
    [
        (b"{", JSON, 400, "body: is no JSON from character 1 on"),
        (b"", JSON, 422, "request: 1 problem"),
        (b'"\xff\xfe"', JSON, 400, "body: is not UTF-8 from byte 1 on"),
        (b"[" * 100_000, JSON, 400, "body: has lists or objects within each other, too deep"),
        (b"9" * 10_000, JSON, 400, "body: has a number with too many digits"),
        (b"null", JSON, 422, "request: 1 problem"),
        (b'{"rows": [{"text": "\\ud800", "target": "a"}]}', JSON, 422, "request: "),
        (b'{"rows": [{"text": "a", "target": "a"}], "min_confidence": NaN}', JSON, 422, "request: "),
        (b"text", {"content-type": "text/plain"}, 415, "Content-Type: found 'text/plain', allowed is application/json"),
        (b"text", {}, 415, "Content-Type: found ''"),
        (b"{}", JSON | {"content-encoding": "gzip"}, 415, "Content-Encoding: found 'gzip', allowed is none"),
    ],
)
def test_bodies_that_are_no_json_are_told(
    content: bytes, headers: dict[str, str], status: int, detail: str, client: TestClient
) -> None:
    for path in ("/v1/predict", "/v1/read"):
        answer = client.post(path, content=content, headers=headers)
        assert problem(answer, status)["detail"].startswith(detail)


def test_an_article_is_answered_with_the_content_of_stances_json(client: TestClient, article: str) -> None:
    asked = {"text": article, "title": "Talks", "date": "29 November 2026", "outlet": "The Paper"}
    answer = client.post("/v1/read", json=asked)
    assert answer.status_code == 200
    reading = msgspec.json.decode(answer.content, type=Reading)
    assert list(problems_of(reading)) == []
    stances = {(pair.source, pair.target): pair.stance for pair in reading.pairs}
    assert stances["Norway", "Iran"] == "against"
    assert stances["Kenya", "China"] == stances["China", "Kenya"] == "favor"
    assert stances["Somalia", "Kenya"] == "none"
    document = reading.documents[0]
    assert (document.title, document.date, document.outlet) == ("Talks", "2026-11-29", "The Paper")
    assert reading.provenance.codebook == ""  # proposed, as `stancelab read` does


def test_an_article_brings_its_own_codebook(client: TestClient) -> None:
    asked = {"text": "Mr Smith condemned the rent cap.", "codebook": "Smith: [Mr Smith]\nrent cap: {source: false}\n"}
    reading = msgspec.json.decode(client.post("/v1/read", json=asked).content, type=Reading)
    assert [(pair.source, pair.target, pair.stance) for pair in reading.pairs] == [("Smith", "rent cap", "against")]
    assert [entry.name for entry in reading.entries] == ["Smith", "rent cap"]


def test_an_article_says_how_it_is_written(client: TestClient) -> None:
    asked = {"text": "# Talks\n\n**Norway** condemned Iran.", "codebook": "default"}
    for form, text in (
        ("text", asked["text"]),
        ("markdown", "Talks\n\nNorway condemned Iran."),
        ("auto", "Talks\n\nNor"),
    ):
        answer = client.post("/v1/read", json={**asked, "format": form})
        document = msgspec.json.decode(answer.content, type=Reading).documents[0]
        assert document.text.startswith(text)
        assert document.title == ("Talks" if form != "text" else "# Talks")
    assert client.post("/v1/read", json={**asked, "format": "docx"}).status_code == 422


NAMES = "Mr Smith condemned the rent cap. The rent cap helps nobody, Mr Smith said. Norway praised the rent cap."


@pytest.mark.parametrize(
    ("codebook", "asked", "entries"),
    [
        (None, {}, ["Norway", "Smith", "rent cap"]),
        (None, {"propose": False}, ["Norway", "Smith", "rent cap"]),
        (None, {"codebook": "Norway: []\n"}, ["Norway"]),
        ("mine", {}, ["Jones"]),
        ("mine", {"propose": True}, ["Norway", "Smith", "rent cap"]),
    ],
)
def test_an_article_proposes_its_codebook(
    codebook: str | None,
    asked: dict[str, Any],
    entries: list[str],
    client_of: Callable[..., TestClient],
    tmp_path: Path,
) -> None:
    (tmp_path / "mine.yaml").write_text("Jones: []\n")
    client = client_of(codebook=codebook and str(tmp_path / "mine.yaml"))
    answer = client.post("/v1/read", json={"text": NAMES, **asked})
    reading = msgspec.json.decode(answer.content, type=Reading)
    assert [entry.name for entry in reading.entries] == entries


def test_a_proposal_is_that_of_read(client: TestClient, classifier: FixedClassifier) -> None:
    found = msgspec.json.decode(client.post("/v1/read", json={"text": NAMES}).content, type=Reading)
    expected = read_text(NAMES, None, classifier)
    pairs = [replace(each, document="article") for each in expected.pairs]
    assert (found.entries, found.pairs) == (expected.entries, pairs)
    assert found.provenance.codebook == expected.provenance.codebook


def test_a_proposal_that_cannot_be_made_is_told(client: TestClient) -> None:
    both = {"text": NAMES, "codebook": "default", "propose": True}
    told = problem(client.post("/v1/read", json=both), 422)
    assert told["detail"] == "propose: stands in the place of codebook; give one of the two"
    told = problem(client.post("/v1/read", json={"text": "It rained.", "propose": True}), 422)
    assert told["detail"].startswith("codebook: the article names nothing that may be an entry of a proposed one")
    told = problem(client.post("/v1/read", json={"text": NAMES, "format": "pdf"}), 422)
    assert told["errors"] == ["format: found 'pdf', allowed is 'auto', 'text', 'markdown' or 'html'"]
    told = problem(client.post("/v1/read", json={"text": NAMES, "propose": "yes"}), 422)
    assert told["errors"] == ["propose: found 'yes', allowed is true or false"]
    assert client.post("/v1/read", json={"text": "It rained.", "codebook": "default"}).status_code == 200


@pytest.mark.parametrize(
    ("asked", "detail"),
    [
        (
            {"codebook": "include: /etc/passwd\n"},
            "the codebook cannot be used:\n  codebook:1: include: found '/etc/passwd', allowed here is 'default' alone",
        ),
        (
            {"codebook": "include: world.yaml\n"},
            "the codebook cannot be used:\n  codebook:1: include: found 'world.yaml', allowed here is 'default' alone",
        ),
        (
            {"codebook": "/etc/passwd"},
            "the codebook cannot be used:\n  codebook: found '/etc/passwd', expected entries",
        ),
        ({"codebook": "a: [b"}, "codebook:2: is no YAML"),
        ({"codebook": "x" * 300}, "codebook: found 300 characters, allowed are 200 (serve.codebook_characters)"),
        ({"date": "03/04/2026"}, "date: "),
        ({"text": " \u200b"}, "text: is blank; give an article"),
        ({"text": "a\0b"}, "text: holds the control character U+0000 at 1; allowed are tabs, line breaks and page"),
        ({"outlet": "a\x1bb"}, "outlet: holds the control character U+001B at 1; "),
        ({"text": "a" * 2_001}, "text: found 2,001 characters, allowed are 2,000 (serve.article_characters)"),
    ],
)
def test_articles_that_cannot_be_used_are_told(
    asked: dict[str, str], detail: str, client_of: Callable[..., TestClient]
) -> None:
    client = client_of(article_characters=2_000, codebook_characters=200)
    assert problem(client.post("/v1/read", json={"text": "Norway met Iran.", **asked}), 422)["detail"].startswith(
        detail
    )


def test_one_sentence_may_not_name_all_entries(client_of: Callable[..., TestClient]) -> None:
    names = [f"Actor{number}" for number in range(60)]
    asked = {"text": f"{', '.join(names)} met.", "codebook": "".join(f"{name}: []\n" for name in names)}
    told = problem(client_of(pairs=3_000).post("/v1/read", json=asked), 422)
    assert told["detail"].startswith("text: may ask up to 3,780 pairs of source and target")
    assert client_of(pairs=4_000).post("/v1/read", json=asked).status_code == 200


def test_a_sentence_may_have_so_many_characters(client: TestClient) -> None:
    text = "It was late. " + "Norway said that " * 600
    told = problem(client.post("/v1/read", json={"text": text}), 422)["detail"]
    assert told.startswith("text: has 10,199 characters without the end of a sentence, from character 13 on")


def test_the_model_says_what_the_checkpoint_says(client: TestClient) -> None:
    answer = client.get("/v1/model").json()
    assert answer["labels"] == ["against", "neutral", "favor"]
    assert answer["thresholds"] == [
        {"name": "accuracy_90", "confidence": 0.85, "coverage": None},
        {"name": "accuracy_95", "confidence": None, "coverage": None},
    ]
    assert answer["calibration"]["temperature"] == 1
    assert "languages" not in answer  # no checkpoint says them


def test_health_tells_loading_from_ready(client_of: Callable[..., TestClient]) -> None:
    ready, loading = client_of(), client_of(ready=False)
    assert (ready.get("/v1/health").status_code, ready.get("/v1/health").json()) == (200, {"status": "ready"})
    answer = loading.get("/v1/health")
    assert (answer.status_code, answer.json()) == (503, {"status": "loading"})
    for told in (loading.post("/v1/predict", json={"rows": [ROW]}), loading.get("/v1/model")):
        assert "still being loaded" in problem(told, 503)["detail"]
        assert told.headers["retry-after"] == "2"


def test_head_is_answered_as_get_without_its_body(client: TestClient, article: str) -> None:
    page = client.post("/read", data={"text": article}).headers["location"]
    paths = {
        "/v1/health": 200, "/v1/model": 200, "/metrics": 200, "/openapi.json": 200, "/": 200, "/login": 303,
        "/static/serve.css": 200, page: 200, f"{page}/stances.csv": 200, f"{page}/map.html": 200,
        f"/compare/{page.rpartition('/')[2]}/{page.rpartition('/')[2]}": 200,
        "/readings/none": 404, "/nowhere": 404, "/v1/predict": 405,
    }  # fmt: skip
    for path, status in paths.items():
        head, got = client.head(path), client.get(path)
        assert (path, head.status_code, got.status_code) == (path, status, status)
        assert (head.content, head.headers.get("content-type")) == (b"", got.headers.get("content-type"))
        assert path == "/metrics" or head.headers["content-length"] == str(len(got.content))
    assert 'stancelab_requests_total{method="HEAD",path="/v1/health",status="200"} 1.0' in client.get("/metrics").text
    assert client.put("/v1/health").headers["allow"] == "GET, HEAD"


def test_head_asks_for_the_token_where_get_does(client_of: Callable[..., TestClient]) -> None:
    client = client_of(token="a" * 20)
    assert (client.head("/v1/health").status_code, client.head("/v1/model").status_code) == (200, 401)
    assert client_of(ready=False).head("/v1/health").status_code == 503


def test_tabs_and_breaks_of_lines_and_pages_are_allowed(client: TestClient) -> None:
    text = "Norway\tcondemned\r\nIran\f."
    assert client.post("/v1/predict", json={"rows": [ROW | {"text": text}]}).status_code == 200
    assert client.post("/v1/read", json={"text": text, "codebook": "default"}).status_code == 200


def test_metrics_count_requests_rows_and_batches(client: TestClient) -> None:
    client.post("/v1/predict", json={"rows": [ROW] * 3})
    client.get("/secret/path")
    client.request("BREW", "/v1/model")
    text = client.get("/metrics").text
    assert 'stancelab_requests_total{method="POST",path="/v1/predict",status="200"} 1.0' in text
    assert 'stancelab_requests_total{method="GET",path="other",status="404"} 1.0' in text
    assert 'method="other",path="/v1/model",status="405"' in text
    assert "stancelab_rows_total 3.0" in text
    assert 'stancelab_batch_rows_bucket{le="4.0"} 1.0' in text
    assert "stancelab_rows_queued 0.0" in text
    assert "secret" not in text
    assert "BREW" not in text


def test_other_paths_and_methods_are_told(client: TestClient) -> None:
    assert problem(client.get("/v2/predict"), 404)["detail"].startswith("path: '/v2/predict' is none of this server")
    answer = client.get("/v1/predict")
    assert problem(answer, 405)["detail"] == "method: found GET, allowed are POST"
    assert answer.headers["allow"] == "POST"
    assert client.post("/v1/predict/", json={"rows": [ROW]}).status_code == 404
    for path in ("/docs", "/redoc"):
        assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/login", "GET, HEAD, POST"), ("/logout", "POST"), ("/", "GET, HEAD"), ("/read", "POST"),
        ("/codebook", "POST"), ("/proposal", "POST"), ("/readings/a", "GET, HEAD"),
        ("/readings/a/sentences", "GET, HEAD"), ("/readings/a/stances.csv", "GET, HEAD"),
        ("/readings/a/forget", "GET, HEAD, POST"), ("/readings/a/labels/0", "POST"), ("/compare/a/b", "GET, HEAD"),
        ("/static/serve.css", "GET, HEAD"), ("/openapi.json", "GET, HEAD"), ("/metrics", "GET, HEAD"),
        ("/v1/health", "GET, HEAD"), ("/v1/model", "GET, HEAD"), ("/v1/predict", "POST"), ("/v1/read", "POST"),
    ],
)  # fmt: skip
def test_other_methods_are_told_all_that_the_path_has(client: TestClient, path: str, allowed: str) -> None:
    for method in ("PUT", "DELETE", "OPTIONS"):
        answer = client.request(method, path, headers={"Origin": "http://127.0.0.1:8765"})
        assert problem(answer, 405)["detail"] == f"method: found {method}, allowed are {allowed}"
        assert answer.headers["allow"] == allowed


def test_no_path_leads_out_of_the_static_files(running: Callable[..., str]) -> None:
    """The lines of the request are sent as they are: a client of HTTP would take the dots out of a path."""
    place = running().removeprefix("http://")
    host, _, port = place.partition(":")

    def status_of(path: str) -> int:
        with socket.create_connection((host, int(port)), timeout=60) as connection:
            connection.sendall(f"GET {path} HTTP/1.1\r\nHost: {place}\r\nConnection: close\r\n\r\n".encode())
            with connection.makefile("rb") as answer:
                return int(answer.readline().split()[1])

    assert (STATIC / "serve.css").is_file()
    assert (STATIC.parent / "settings.py").is_file()
    assert status_of("/static/serve.css") == 200
    for path in (
        "/../../etc/passwd", "/static/../settings.py", "/static/%2e%2e/settings.py", "/static/%2e%2e%2fsettings.py",
        "/static/..%2fsettings.py", "/static//etc/passwd", "/static/..\\settings.py", f"/static/{'../' * 20}etc/passwd",
        f"/static/{'%2e%2e/' * 20}etc/passwd", f"/static{STATIC.parent / 'settings.py'}",
    ):  # fmt: skip
        assert (path, status_of(path)) == (path, 404)


def test_a_failure_is_told_without_its_message(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        answer = client.post("/v1/predict", json={"rows": [{"text": "it fails", "target": "it"}]})
    assert problem(answer, 500)["detail"] == "the server has failed; its log says where"
    assert "ValueError at conftest.py" in caplog.text
    assert "it fails" not in caplog.text
    assert client.post("/v1/predict", json={"rows": [ROW]}).status_code == 200


def test_no_text_is_logged(client: TestClient, article: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        client.post("/v1/predict?secret=Norway", json={"rows": [ROW]})
        client.post("/v1/read", json={"text": article, "title": "Secret title"})
        client.post("/v1/read", json={"text": article, "codebook": "Norway: {secret: 3}"})
        client.get("/Norway")
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("stancelab")]
    assert [line.rsplit(" ", 2)[0] for line in ours] == [
        "POST /v1/predict 200", "POST /v1/read 200", "POST /v1/read 422", "GET other 404",
    ]  # fmt: skip


def test_the_description_names_every_path_and_the_limits(client_of: Callable[..., TestClient]) -> None:
    content = client_of(rows=7, row_characters=50).get("/openapi.json").json()
    assert set(content["paths"]) == {"/v1/predict", "/v1/read", "/v1/model", "/v1/health", "/metrics"}
    schemas = content["components"]["schemas"]
    assert schemas["PredictRequest"]["properties"]["rows"]["maxItems"] == 7
    assert schemas["Row"]["properties"]["text"]["maxLength"] == 50
    for text in (schemas["Row"]["properties"]["source"], schemas["ReadRequest"]["properties"]["outlet"]):
        assert [bool(re.search(text["pattern"], each)) for each in ("", "a\tb\nc", "a\0", "\x1f")] == [
            True,
            True,
            False,
            False,
        ]
    named = set(json.dumps(content).split('"#/components/schemas/')[1:])
    assert {each.partition('"')[0] for each in named} <= set(schemas)
    assert {"Reading", "Evidence", "ProblemAnswer"} <= set(schemas)


def test_answers_have_the_headers_of_security(client: TestClient) -> None:
    for path in ("/v1/health", "/nowhere", "/", "/metrics"):
        headers = client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"
        assert headers["content-security-policy"].startswith("default-src 'none'")
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "access-control-allow-origin" not in headers
