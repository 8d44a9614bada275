"""A checkpoint of a small encoder is served and used in a browser: pasted, read, labeled, saved."""

from __future__ import annotations

import csv
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.request import urlopen

import pytest

from stancelab.article.settings import ReadSettings
from stancelab.inference.classifier import StanceClassifier
from stancelab.schema import STANCES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

WAIT = 120
ARTICLE = "Norway welcomed the treaty.\n\nIran condemned the treaty.\n\nKenya discussed the treaty."
ROWS = [{"text": text, "source": text.split()[0], "target": "the treaty"} for text in ARTICLE.split("\n\n")]
CODEBOOK = "Norway: []\nIran: []\nKenya: []\nthe treaty: {source: false}\n"


def until(is_true: Callable[[], bool]) -> None:
    end = time.monotonic() + WAIT
    while not is_true():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.05)


def is_ready(address: str) -> bool:
    try:
        with urlopen(f"{address}/v1/health") as answer:
            return bool(answer.status == 200)
    except OSError:  # 503 while the checkpoint is loaded
        return False


@contextmanager
def served(*words: str) -> Iterator[str]:
    """Start `stancelab serve` in a process of its own, and give its address once it is ready."""
    command = [sys.executable, "-m", "stancelab", "serve", "serve.port=0", "serve.threads=1", *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stdout is not None
            address = process.stdout.readline().removeprefix("serving: ").strip()
            assert address.startswith("http://127.0.0.1:")
            until(lambda: is_ready(address))
            yield address
            process.terminate()
            assert process.wait(WAIT) == 0
        finally:
            process.kill()


def test_what_a_checkpoint_answers_is_shown_labeled_and_saved(
    family_checkpoint: Callable[[str, str, Path], Path], browser: Any, workplace: Path
) -> None:
    checkpoint = family_checkpoint("Bert", "pair", workplace / "checkpoint")
    expected = StanceClassifier.from_pretrained(checkpoint).predict_proba(ROWS)
    assert expected.std(axis=0).min() > 0.01  # the answers differ, so that they cannot be taken for each other
    stances = {row["source"]: STANCES[place] for row, place in zip(ROWS, expected.argmax(axis=1), strict=True)}
    other = next(stance for stance in STANCES if stance != stances["Norway"])

    with served(f"checkpoint={checkpoint}", "serve.labels=labels.csv") as address:
        browser.open(address)
        browser.run("document.getElementById('book-own').click()")
        for name, value in {"text": ARTICLE, "codebook": CODEBOOK, "title": "Talks"}.items():
            browser.run(f"document.getElementById({name!r}).value = {value!r}")
        browser.run("document.querySelector('button.main').click()")
        browser.wait()
        assert browser.run("document.querySelector('h1').textContent") == "Talks"
        assert browser.run("document.querySelectorAll('#listed .text').length") == len(ROWS)

        until(lambda: browser.run("Boolean(document.querySelector('#listed .give')['htmx-internal-data'])"))
        browser.run(f"document.querySelector('#listed button[value={other}]').click()")
        until(lambda: browser.run("Boolean(document.querySelector('#listed .saved'))"))

        browser.ask("Page.setDownloadBehavior", behavior="allow", downloadPath=str(workplace))
        for name in ("evidence.csv", "map.html"):
            browser.run(f"document.querySelector('.files [href$=\"{name}\"]').click()")
            until((workplace / name).is_file)
        assert browser.told == []

    with (workplace / "evidence.csv").open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    assert {row["source"]: row["stance"] for row in found} == stances
    for row, probabilities in zip(found, expected, strict=True):
        assert [float(row[f"p_{stance}"]) for stance in STANCES] == pytest.approx(probabilities, abs=1e-4)

    browser.open(workplace / "map.html")
    until(lambda: browser.run("document.querySelectorAll('table.map td a').length") == len(ROWS))
    cells = browser.run("[...document.querySelectorAll('table.map td a')].map((each) => each.textContent)")
    for stance in ("favor", "against"):  # of one sentence each: the stance that has half of the probability
        shown = sum(stance in cell for cell in cells)
        assert shown == (expected[:, STANCES.index(stance)] >= ReadSettings().evidence).sum()

    with (workplace / "labels.csv").open(encoding="utf-8", newline="") as file:
        [label] = csv.DictReader(file)
    assert (label["source"], label["predicted"], label["correction"]) == ("Norway", stances["Norway"], other)
