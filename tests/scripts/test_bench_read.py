"""The articles and the codebook of the benchmark of reading: as many as are asked for, and in a form that is read."""

from __future__ import annotations

import importlib.util
import random
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from stancelab.article.asked import Asker
from stancelab.article.codebook import Codebook, Entry, Matcher, read_codebook
from stancelab.article.documents import read_documents
from stancelab.article.known import key_of
from stancelab.article.read import read_text
from stancelab.article.settings import ReadSettings
from stancelab.schema import System

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "bench_read.py"


@pytest.fixture(scope="module")
def bench_read() -> Any:
    spec = importlib.util.spec_from_file_location("bench_read", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def favor() -> System:
    class Favor(System):
        name = "favor"

        def predict_proba(self, examples: Any) -> Any:
            return np.array([(0.1, 0.1, 0.8)] * len(examples))

    return Favor()


def test_articles_are_as_many_and_as_long_as_asked_for(bench_read: Any, tmp_path: Path) -> None:
    total = bench_read.write_articles(tmp_path / "articles", 3, 200, seed=1)
    documents = list(read_documents(str(tmp_path / "articles")))
    assert len(documents) == 3
    assert 600 <= total < 900
    assert {document.date for document in documents} == {"2026-01-01", "2026-02-02", "2026-03-03"}
    bench_read.write_articles(tmp_path / "again", 3, 200, seed=1)
    assert [each.text for each in read_documents(str(tmp_path / "again"))] == [each.text for each in documents]


def test_nearly_all_questions_are_distinct(bench_read: Any, tmp_path: Path) -> None:
    """Two words of the tuning articles stand for two entries each ("both sides"), with one question for both."""
    bench_read.write_articles(tmp_path / "articles", 30, 300, seed=2)
    codebook = read_codebook(bench_read.write_codebook(tmp_path / "codebook.yaml"))
    asker = Asker(Matcher(codebook), ReadSettings().pairs())
    examples = [example for each in read_documents(str(tmp_path / "articles")) for example in asker.ask(each).examples]
    assert len(examples) > 500
    assert len(set(map(key_of, examples))) / len(examples) > 0.98


def test_numbers_and_places_vary_and_names_stay(bench_read: Any) -> None:
    seen: set[str] = set()
    paragraph = "Angola sent 12 ships. \u201cMrs. Vaz saw them,\u201d said A. B. Costa of Kenya."
    pattern = (
        r"Angola sent [1-9]\d ships near [A-Z][a-z]{8,9}\. "
        r"\u201cMrs\. Vaz saw them,\u201d said A\. B\. Costa of Kenya near [A-Z][a-z]{8,10}\."
    )
    found = [bench_read.varied(paragraph, random.Random(1), seen) for _ in range(3)]
    assert len(set(found)) == 3
    for each in found:
        assert re.fullmatch(pattern, each), each
    assert bench_read.varied("|---|---|", random.Random(1), {"|---|---|"}) == "|---|---|"


def test_the_share_of_distinct_questions(bench_read: Any, favor: System) -> None:
    codebook = Codebook({name: Entry(name=name) for name in ("Kenya", "Oman", "Chile")})
    reading = read_text("Kenya praised Oman.\n\nKenya praised Oman.\n\nKenya saw Chile.", codebook, favor)
    assert len(reading.evidence) == 6
    assert bench_read.distinct_share(reading) == pytest.approx(4 / 6)


def test_the_codebooks_of_all_articles_fit_together(bench_read: Any, tmp_path: Path) -> None:
    assert len(read_codebook(bench_read.write_codebook(tmp_path / "codebook.yaml")).entries) > 50
