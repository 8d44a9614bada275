from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from stancelab.report.sections.corpora import corpora_sentences
from stancelab.results import CorporaComparison

FOUND = CorporaComparison(
    systems=("net", "svm"),
    p=dict.fromkeys("abcd", 0.1),
    level=0.01,
    better=2,
    better_if_independent=3,
    named=["a", "c"],
    worse=0,
)


def words(**changes: Any) -> str:
    results: Any = SimpleNamespace(corpora=[replace(FOUND, **changes)])
    return corpora_sentences(results)[0]


def test_on_how_many_corpora_in_words() -> None:
    assert words() == "net is better than svm on at least 2 of 4 corpora: a and c."
    assert words(named=[], worse=1) == (
        "net is better than svm on at least 2 of 4 corpora, and svm is better on at least 1."
    )
    assert words(better=0) == "net is not shown to be better than svm on any of 4 corpora."
    assert words(better=0, worse=1) == "svm is better than net on at least 1 of 4 corpora."
