"""Checks that an environment without PyTorch and transformers reads an article and serves an exported checkpoint.

    PYTHON .ci/read_and_serve.py CHECKPOINT ARTICLE.md PREDICTIONS.csv

PYTHON is the environment's own, and PREDICTIONS.csv what its `stancelab predict` has answered: the server has to answer
the same, and to read the article as `stancelab read` does. Ends with 1 and one line where something fails.
"""

from __future__ import annotations

import csv
import json
import math
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Seconds for a command, a start, an answer and an end.
WAIT: Final = 120
#: Columns of a row that `/v1/predict` knows, and those of its answer that are compared; both have six decimals.
TEXTS: Final = ("text", "source", "target")
SPANS: Final = ("source_start", "source_end", "target_start", "target_end")
PROBABILITIES: Final = ("p_against", "p_neutral", "p_favor")
ROWS: Final = 20
CLOSE: Final = 1e-4


def main(checkpoint: str, article: Path, predictions: Path) -> None:
    """Check one environment."""
    for package in ("torch", "transformers"):
        check(find_spec(package) is None, f"{package} is installed, which this check is to do without")
    with tempfile.TemporaryDirectory() as scratch:
        expected = read(checkpoint, article, Path(scratch))
        with served(checkpoint, Path(scratch)) as address:
            check_predictions(address, predictions)
            check_reading(address, article, expected)
            page = ask(f"{address}/")
            check("<form" in page and "textarea" in page, f"the start page has no form: {page[:200]!r}")
    print("without PyTorch an article is read, and a server answers /v1/health, /v1/predict, /v1/read and / and ends")


def read(checkpoint: str, article: Path, folder: Path) -> list[list[Any]]:
    """Read an article by the command, and return what its sentences say."""
    words = ["read", f"checkpoint={checkpoint}", f"input={article}", "output=read"]
    done = subprocess.run(stancelab(*words), cwd=folder, capture_output=True, text=True, timeout=WAIT, check=False)
    check(done.returncode == 0, f"stancelab read ends with {done.returncode}: {done.stderr}")
    for name in ("stances.csv", "evidence.csv", "stances.json", "map.html", "codebook.yaml", "manifest.json"):
        path = folder / "read" / name
        check(path.is_file() and path.stat().st_size > 0, f"stancelab read leaves no {name}")
    found = evidence_of(json.loads((folder / "read" / "stances.json").read_text(encoding="utf-8")))
    check(len(found) > 10, f"stancelab read finds {len(found)} sentences with a source and a target in {article.name}")
    return found


def evidence_of(reading: dict[str, Any]) -> list[list[Any]]:
    """Return source, target and probabilities of each sentence of `stances.json`."""
    keys = ("source", "target", "sentence", *PROBABILITIES)
    return sorted([each[key] for key in keys] for each in reading["evidence"])


@contextmanager
def served(checkpoint: str, folder: Path) -> Iterator[str]:
    """Start a server on a free port of this machine, give its address, and check that SIGTERM ends it with 0."""
    words = ["serve", f"checkpoint={checkpoint}", "serve.host=127.0.0.1", "serve.port=0"]
    log = folder / "serve.log"
    with (
        log.open("w", encoding="utf-8") as errors,
        subprocess.Popen(stancelab(*words), cwd=folder, stdout=subprocess.PIPE, stderr=errors, text=True) as process,
    ):
        try:
            address = address_of(process, log)
            until_ready(address, process, log)
            yield address
            process.send_signal(signal.SIGTERM)
            try:
                code = process.wait(WAIT)
            except subprocess.TimeoutExpired:
                check(False, f"stancelab serve goes on {WAIT} s after SIGTERM")
            check(code == 0, f"stancelab serve ends with {code} after SIGTERM: {log.read_text(encoding='utf-8')}")
        finally:
            process.kill()


def address_of(process: subprocess.Popen[str], log: Path) -> str:
    """Return what the server prints first, its address."""
    lines: queue.Queue[str] = queue.Queue()
    assert process.stdout is not None
    threading.Thread(target=lambda out=process.stdout: lines.put(out.readline()), daemon=True).start()
    try:
        line = lines.get(timeout=WAIT)
    except queue.Empty:
        line = ""
    start = "serving: http://127.0.0.1:"
    told = log.read_text(encoding="utf-8")
    check(line.startswith(start), f"stancelab serve prints {line!r}, not its address: {told}")
    return line.split()[1]


def until_ready(address: str, process: subprocess.Popen[str], log: Path) -> None:
    """Ask `/v1/health` until the checkpoint is loaded."""
    end = time.monotonic() + WAIT
    while True:
        check(process.poll() is None, f"stancelab serve has ended: {log.read_text(encoding='utf-8')}")
        try:
            found = json.loads(ask(f"{address}/v1/health", none_of=503))
        except LoadingError:
            check(time.monotonic() < end, f"/v1/health says for {WAIT} s that the checkpoint is being loaded")
            time.sleep(0.1)
            continue
        check(found == {"status": "ready"}, f"/v1/health answers {found}")
        return


def check_predictions(address: str, predictions: Path) -> None:
    """Check that `/v1/predict` answers what the command has answered."""
    with predictions.open(encoding="utf-8", newline="") as file:
        expected = list(csv.DictReader(file))[:ROWS]
    rows = [
        {key: row[key] for key in TEXTS} | {key: int(row[key]) for key in SPANS if row.get(key)} for row in expected
    ]
    found = json.loads(ask(f"{address}/v1/predict", {"rows": rows}))["rows"]
    check(len(found) == len(expected) == ROWS, f"/v1/predict answers {len(found)} of {len(expected)} rows")
    for answer, row in zip(found, expected, strict=True):
        same = all(math.isclose(answer[key], float(row[key]), abs_tol=CLOSE) for key in PROBABILITIES)
        check(same, f"/v1/predict answers {answer}, and stancelab predict {[row[key] for key in PROBABILITIES]}")


def check_reading(address: str, article: Path, expected: list[list[Any]]) -> None:
    """Check that `/v1/read` finds what the command has found."""
    given = {"text": article.read_text(encoding="utf-8"), "format": "markdown"}
    found = evidence_of(json.loads(ask(f"{address}/v1/read", given)))
    check(len(found) == len(expected), f"/v1/read finds {len(found)} sentences, and stancelab read {len(expected)}")
    for answer, row in zip(found, expected, strict=True):
        close = (math.isclose(one, other, abs_tol=CLOSE) for one, other in zip(answer[3:], row[3:], strict=True))
        same = answer[:3] == row[:3] and all(close)
        check(same, f"/v1/read answers {answer}, and stancelab read {row}")


class LoadingError(Exception):
    """The server says that it loads the checkpoint."""


def ask(url: str, content: dict[str, Any] | None = None, none_of: int = 0) -> str:
    """Return the body of an answer with status 200.

    Args:
        url: What is asked.
        content: What is posted as JSON; None gets.
        none_of: A status that is raised as `LoadingError`.
    """
    body = None if content is None else json.dumps(content).encode()
    request = urllib.request.Request(url, body, {} if body is None else {"Content-Type": "application/json"})
    # A proxy of the environment has no way to this machine's loopback.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=WAIT) as answer:
            status, text = answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        if error.code == none_of:
            raise LoadingError from None
        status, text = error.code, error.read().decode()
    except OSError as error:
        sys.exit(f"{url}: {error}")
    check(status == 200, f"{url} answers {status}: {text[:500]}")
    return text


def stancelab(*words: str) -> list[str]:
    """Return a command of this environment's installation."""
    return [str(Path(sys.executable).with_name("stancelab")), *words]


def check(holds: bool, otherwise: str) -> None:
    """End with 1 and a line where something does not hold."""
    if not holds:
        sys.exit(otherwise.strip())


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]).resolve(), Path(sys.argv[3]).resolve())
