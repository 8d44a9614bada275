"""SEESAW is read with canonical and printed names; pairs without a stance are neutral."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from stancelab.data.corpora import input_files
from stancelab.data.settings import CorpusSettings
from stancelab.errors import DataError
from stancelab.schema import Example, Span

if TYPE_CHECKING:
    from pathlib import Path

SettingsOf = Callable[..., CorpusSettings]
Read = Callable[[CorpusSettings], tuple[list[Example], list[str], Counter[str]]]

ARTICLE = "TRIPLET_001_DOCUMENT_0"
ENTITIES = [
    ["Bernie Sanders", ["People"], ["Main"], ["A"]],
    ["Republican Party", ["People", "Organization"], ["Salient"], ["A", "B"]],
    ["minimum wage", ["Topic"], ["Salient"], ["B"]],
]
SENTENCES = [" Mr. Sanders blamed Republicans.", "He left.", "", "The GOP met Sanders on the minimum wage."]


def stance(subject: str, sentiment: str, target: str) -> dict[str, Any]:
    return {"id": 0, "subject": subject, "sentiment": sentiment, "object": target, "annotators": ["A"]}


def write(folder: Path, kind: str, name: str, value: object) -> None:
    (folder / kind).mkdir(exist_ok=True)
    (folder / kind / f"{name}.json").write_text(json.dumps(value), encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    stances = {
        "0": [stance("Bernie Sanders", "NEG", "Republican Party"), stance("None", "POS", "Bernie Sanders")],
        "1": [
            stance("Bernie Sanders", "POS", "minimum wage"),
            stance("Not in the list", "NEG", "Bernie Sanders"),
            stance("Bernie Sanders", "NEG", "Not in the list"),
        ],
    }
    write(tmp_path, "annotations", ARTICLE, {"entity lists": ENTITIES, "sentence-level stances": stances})
    write(tmp_path, "articles", ARTICLE, {"text": [{"id": i, "text": text} for i, text in enumerate(SENTENCES)]})
    write(tmp_path, "meta", "TRIPLET_001", {"Split": "valid"})
    return tmp_path


def test_seesaw_reads_stances_and_pairs_without_one(folder: Path, read: Read, settings_of: SettingsOf) -> None:
    examples, problems, skipped = read(settings_of("seesaw", path=str(folder)))
    assert problems == []
    assert skipped == {"subject or object is not in the article's list": 2}
    assert [(e.source, e.target, e.stance) for e in examples] == [
        ("Sanders", "Republicans", "against"),
        ("", "Sanders", "favor"),
        ("Republicans", "Sanders", "neutral"),
        ("Bernie Sanders", "minimum wage", "favor"),
        ("GOP", "Sanders", "neutral"),
        ("GOP", "minimum wage", "neutral"),
        ("Sanders", "GOP", "neutral"),
        ("Sanders", "minimum wage", "neutral"),
        ("minimum wage", "GOP", "neutral"),
        ("minimum wage", "Sanders", "neutral"),
    ]
    first = examples[0]
    assert first.text == "Mr. Sanders blamed Republicans."
    assert (first.source_span, first.target_span) == (Span(4, 11), Span(19, 30))
    assert first.extra == {"source_name": "Bernie Sanders", "target_name": "Republican Party"}
    assert (first.id, first.document, first.split) == (f"{ARTICLE}-0-0", ARTICLE, "validation")
    assert examples[1].extra["source_name"] == ""
    assert (examples[3].source_span, examples[3].target_span) == (None, None)
    assert len({e.id for e in examples}) == len(examples)


def test_files_that_are_not_there(folder: Path, settings_of: SettingsOf) -> None:
    settings = settings_of("seesaw", path=str(folder))
    assert len(input_files(settings)) == 3
    (folder / "meta" / "TRIPLET_001.json").rename(folder / "meta" / "TRIPLET_002.json")
    with pytest.raises(DataError, match=r"DOCUMENT_0\.json: has no TRIPLET_001\.json in .*meta; fetch"):
        input_files(settings)
    (folder / "meta" / "TRIPLET_002.json").unlink()
    with pytest.raises(DataError, match=r"lacks meta; it holds annotations, articles, meta\. Expected data\.path="):
        input_files(settings)


def test_stances_that_cannot_be_used(folder: Path, read: Read, settings_of: SettingsOf) -> None:
    stances = {"1": [stance("None", "MIXED", "minimum wage"), {"subject": "None"}], "9": []}
    write(folder, "annotations", ARTICLE, {"entity lists": ENTITIES, "sentence-level stances": stances})
    _, problems, _ = read(settings_of("seesaw", path=str(folder)))
    assert [problem.split(".json: ")[1].partition(";")[0] for problem in problems] == [
        "row 10, column 'sentence-level stances': found '9': the article has no such sentence",
        "row 2, column 'sentiment': found 'MIXED': no known stance",
        "row 2, column 'sentence-level stances': found \"{'subject': 'None'}\": "
        "expected 'subject', 'object' and 'sentiment'",
    ]


@pytest.mark.parametrize(
    ("kind", "name", "value", "said"),
    [
        ("meta", "TRIPLET_001", {"Split": "held"}, "'Split': found 'held', allowed train, valid and test"),
        ("annotations", ARTICLE, {}, "expected one JSON object with 'sentence-level stances'"),
    ],
)
def test_files_of_another_layout(
    folder: Path, read: Read, settings_of: SettingsOf, kind: str, name: str, value: object, said: str
) -> None:
    write(folder, kind, name, value)
    with pytest.raises(DataError, match=said):
        read(settings_of("seesaw", path=str(folder)))


@pytest.mark.benchmark_data
def test_the_whole_corpus(benchmark_data: Path, read: Read, settings_of: SettingsOf) -> None:
    examples, problems, skipped = read(settings_of("seesaw", path=str(benchmark_data / "seesaw")))
    assert problems == []
    assert skipped == {"subject or object is not in the article's list": 1892}
    stances = [e for e in examples if e.stance != "neutral"]
    assert Counter(e.split for e in stances) == {"train": 5154, "validation": 1988, "test": 1585}
    assert len(stances) + 1892 == 10619
    for e in examples:
        for part, words in (("source", e.source), ("target", e.target)):
            span = e.span(part)  # type: ignore[arg-type]
            assert span is None or e.text[slice(*span)] == words
