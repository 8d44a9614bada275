"""A server in a process of its own, without PyTorch: it answers, ends in order, and says why it cannot begin."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx2
import pytest

from stancelab.errors import ConfigError
from stancelab.inference.classifier import StanceClassifier
from stancelab.serve.server import listening
from stancelab.serve.settings import ServeSettings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

WAIT = 60
#: As if these were not installed.
REFUSE = """
import sys

for name in ("torch", "transformers", "datasets", "hydra", "pandas", "sklearn", "onnx"):
    sys.modules[name] = None
"""
ROWS = [
    {"text": "Norway condemned Iran .", "source": "Norway", "target": "Iran"},
    {"text": "Kenya met China .", "target": "China"},
    {"text": "Iran praised the ceasefire .", "source": "Iran", "target": "the ceasefire"},
]


@pytest.fixture(scope="module")
def folder(exported: Callable[[str, str], Path]) -> Path:
    return exported("Bert", "pair")


def command(checkpoint: object, *words: str) -> list[str]:
    given = ["serve", f"checkpoint={checkpoint}", "serve.port=0", "serve.threads=1", *words]
    return [sys.executable, "-c", f"{REFUSE}\nfrom stancelab.cli import main\nsys.exit(main({given!r}))"]


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + WAIT
    while not condition():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.02)


def until_in_work(address: str) -> None:
    until(lambda: "stancelab_requests_in_work 1.0" in httpx2.get(f"{address}/metrics", timeout=WAIT).text)


@contextmanager
def started(folder: Path, place: Path, *words: str) -> Iterator[tuple[subprocess.Popen[str], str, IO[str]]]:
    """Start a server, wait until it is ready, and give its process, its address and the file of its log."""
    # A pipe that nobody reads would hold up a server that is asked for long whether it is ready.
    with (
        tempfile.TemporaryFile("w+", encoding="utf-8") as log,
        subprocess.Popen(command(folder, *words), cwd=place, stdout=subprocess.PIPE, stderr=log, text=True) as process,
    ):
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert line.startswith("serving: http://127.0.0.1:"), content_of(log)
            address = line.split()[1]
            until(lambda: httpx2.get(f"{address}/v1/health", timeout=WAIT).status_code == 200)
            yield process, address, log
        finally:
            process.kill()


def content_of(log: IO[str]) -> str:
    log.seek(0)
    return log.read()


def test_the_answers_are_those_of_the_classifier(folder: Path, tmp_path: Path) -> None:
    expected = StanceClassifier.from_pretrained(folder, backend="onnx").predict_proba(ROWS)
    article = "\n\n".join(str(row["text"]) for row in ROWS)
    with started(folder, tmp_path) as (process, address, log):
        with httpx2.Client(base_url=address, timeout=WAIT) as client:
            together = client.post("/v1/predict", json={"rows": ROWS * 5}).json()["rows"]
            alone = [client.post("/v1/predict", json={"rows": [row]}).json()["rows"][0] for row in ROWS]
            provenance = client.post("/v1/read", json={"text": article}).json()["provenance"]
            assert client.head("/v1/health").status_code == 200
            assert client.post("/read", data={"text": article}).status_code == 303
            assert client.get("/v1/model").json()["backend"] == "onnx"
        process.send_signal(signal.SIGINT)
        assert process.wait(WAIT) == 0
        told = content_of(log)
    for place, row in enumerate([*together, *alone]):
        found = [row[f"p_{stance}"] for stance in ("against", "neutral", "favor")]
        assert found == pytest.approx(expected[place % 3], abs=2e-5)
    stated = json.loads((folder / "manifest.json").read_text())["files"]["model.safetensors"]["sha256"]
    assert (len(stated), provenance["checkpoint_sha256"]) == (64, stated)
    assert "POST /v1/predict 200" in told
    assert "Norway" not in told
    assert list(tmp_path.iterdir()) == []


def test_sigterm_finishes_what_is_in_work_and_refuses_the_rest(folder: Path, tmp_path: Path) -> None:
    body = json.dumps({"rows": ROWS}).encode()
    with started(folder, tmp_path) as (process, address, _):
        place: Any = urlsplit(address)
        with socket.create_connection((place.hostname, place.port), timeout=WAIT) as connection:
            head = f"POST /v1/predict HTTP/1.1\r\nHost: {place.netloc}\r\nContent-Type: application/json\r\n"
            connection.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body[:10])
            until_in_work(address)
            process.send_signal(signal.SIGTERM)
            until(lambda: is_refused(place))
            assert process.poll() is None
            connection.sendall(body[10:])
            answer = connection.makefile("rb").read()
        assert answer.startswith(b"HTTP/1.1 200 OK")
        assert len(json.loads(answer.partition(b"\r\n\r\n")[2])["rows"]) == 3
        assert process.wait(WAIT) == 0


def is_refused(place: Any) -> bool:
    try:
        socket.create_connection((place.hostname, place.port), timeout=WAIT).close()
    except ConnectionError:  # refused, or taken by the system and ended when the server no longer listened
        return True
    return False


def test_a_second_signal_ends_it_at_once(folder: Path, tmp_path: Path) -> None:
    with started(folder, tmp_path) as (process, address, _):
        place: Any = urlsplit(address)
        with socket.create_connection((place.hostname, place.port), timeout=WAIT) as connection:
            connection.sendall(
                f"POST /v1/predict HTTP/1.1\r\nHost: {place.netloc}\r\nContent-Length: 9\r\n\r\n".encode()
            )
            until_in_work(address)
            process.send_signal(signal.SIGTERM)
            until(lambda: is_refused(place))
            process.send_signal(signal.SIGTERM)
            assert process.wait(WAIT) == 130


def test_small_answers_are_sent_at_once() -> None:
    with listening(ServeSettings(port=0)) as listener:
        assert listener.proto == socket.IPPROTO_TCP  # what asyncio sets TCP_NODELAY by

    with pytest.raises(
        ConfigError, match=r"serve\.host: 'no\.such\.name\.invalid' is no name or address of this machine"
    ):
        listening(ServeSettings(host="no.such.name.invalid", port=0))


def refused(folder: object, place: Path, *words: str) -> str:
    done = subprocess.run(command(folder, *words), cwd=place, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr.splitlines()[-1]


def test_what_keeps_it_from_beginning_is_told(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "labels.csv").write_text("a,b\n")
    (tmp_path / "bad.yaml").write_text("a: [b")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert f"serve.port: cannot listen on 127.0.0.1, port {port}" in refused(folder, tmp_path, f"serve.port={port}")
    assert "serve.labels: labels.csv: found the columns a, b" in refused(folder, tmp_path, "serve.labels=labels.csv")
    assert "bad.yaml:2: is no YAML" in refused(folder, tmp_path, "serve.codebook=bad.yaml")
    assert "none.yaml: no such file" in refused(folder, tmp_path, "serve.codebook=none.yaml")
    assert "serve.threshold: 'nothing'" in refused(folder, tmp_path, "serve.threshold=nothing")
    assert "serve.token_file: none: cannot be read" in refused(folder, tmp_path, "serve.token_file=none")
    assert "can be reached by others" in refused(folder, tmp_path, "serve.host=0.0.0.0")
    assert "needs PyTorch" in refused(folder, tmp_path, "serve.backend=torch")
    assert "nowhere: no such folder; expected a checkpoint" in refused("nowhere", tmp_path)
    assert "serve.prot" in refused(folder, tmp_path, "serve.prot=1")
    assert sorted(os.listdir(tmp_path)) == ["bad.yaml", "labels.csv"]  # noqa: PTH208
