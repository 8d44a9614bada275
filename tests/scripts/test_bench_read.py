"""The articles and the codebook of the benchmark of reading: as many as are asked for, and in a form that is read."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import pytest

from stancelab.article.codebook import read_codebook
from stancelab.article.documents import read_documents

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "bench_read.py"


@pytest.fixture(scope="module")
def bench_read() -> Any:
    spec = importlib.util.spec_from_file_location("bench_read", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_articles_are_as_many_and_as_long_as_asked_for(bench_read: Any, tmp_path: Path) -> None:
    total = bench_read.write_articles(tmp_path / "articles", 3, 200, seed=1)
    documents = list(read_documents(str(tmp_path / "articles")))
    assert len(documents) == 3
    assert 600 <= total < 900
    assert {document.date for document in documents} == {"2026-01-01", "2026-02-02", "2026-03-03"}
    bench_read.write_articles(tmp_path / "again", 3, 200, seed=1)
    assert [each.text for each in read_documents(str(tmp_path / "again"))] == [each.text for each in documents]


def test_the_codebooks_of_all_articles_fit_together(bench_read: Any, tmp_path: Path) -> None:
    assert len(read_codebook(bench_read.write_codebook(tmp_path / "codebook.yaml")).entries) > 50
