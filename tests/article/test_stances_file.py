"""stances.json: what is written is read back, and what is damaged or does not fit together ends in one clear error."""

from __future__ import annotations

import dataclasses
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from stancelab.article import results, stances_file
from stancelab.article.results import FORMAT, Reading, TokenWeight
from stancelab.article.stances_file import read_stances, write_stances
from stancelab.errors import DataError
from stancelab.layout import STANCES_JSON
from stancelab.schema import Span

if TYPE_CHECKING:
    from collections.abc import Callable

MAP_PAGE = Path(__file__).resolve().parents[2] / "docs" / "map.md"


@pytest.mark.parametrize("name", ["one_article", "thirty_articles", "hostile"])
def test_what_is_written_is_read_back(name: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    reading = request.getfixturevalue(name)
    written = write_stances(tmp_path, reading)
    assert read_stances(tmp_path) == written
    assert written.documents == reading.documents
    assert written.evidence == reading.evidence
    assert isinstance(written.evidence[0].target_span, Span)
    assert [pair.score for pair in written.pairs] == pytest.approx([pair.score for pair in reading.pairs], abs=1e-6)


def test_each_record_has_a_line(one_article: Reading, tmp_path: Path) -> None:
    write_stances(tmp_path, one_article)
    text = (tmp_path / STANCES_JSON).read_text(encoding="utf-8")
    lines = text.splitlines()
    assert json.loads(text)["format"] == FORMAT
    assert sum('"p_favor":' in line for line in lines) == len(one_article.evidence)
    assert json.loads(next(line for line in lines if '"p_favor":' in line).rstrip(","))["document"] == "briefing.txt"


def test_tokens_keep_their_weights(one_article: Reading, tmp_path: Path) -> None:
    weights = write_stances(tmp_path, one_article).evidence[0].weights
    assert weights[0] == TokenWeight(0, 7, -0.08)
    assert one_article.documents[0].text[0:7] == "Norland"


def damaged(tmp_path: Path, reading: Reading, change: Callable[[dict[str, Any]], object]) -> str:
    """Return the error that a change of the file's content ends in."""
    write_stances(tmp_path, reading)
    path = tmp_path / STANCES_JSON
    content = json.loads(path.read_text(encoding="utf-8"))
    change(content)
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(DataError) as found:
        read_stances(tmp_path)
    message = str(found.value)
    assert str(path) in message
    assert "read the articles again" in message
    return message


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda c: c.update(format=FORMAT + 1), f"found format {FORMAT + 1}, this version reads {FORMAT}"),
        (lambda c: c.pop("format"), "found format None"),
        (lambda c: c.update(format=True), "found format True"),
        (lambda c: c.pop("evidence"), "missing required field `evidence`"),
        (lambda c: c["documents"][0].update(text=3), "Expected `str`, got `int` - at `$.documents[0].text`"),
        (lambda c: c["pairs"][0].update(stance="for"), "Invalid enum value 'for' - at `$.pairs[0].stance`"),
        (lambda c: c["evidence"][0].update(target_span=[1]), "`$.evidence[0].target_span`"),
        (
            lambda c: c["evidence"][2].update(target="Norlnd"),
            "evidence[2].target: found 'Norlnd', allowed are names of `entries`. Did you mean 'Norland'?",
        ),
        (lambda c: c["evidence"][0].update(target=""), "evidence[0].target: found ''"),
        (
            lambda c: c["evidence"][0].update(sentence=20),
            "evidence[0].sentence: found 20, the document has 20 sentences, from 0",
        ),
        (
            lambda c: c["evidence"][0].update(document="x"),
            "evidence[0].document: found 'x', allowed are the ids of `documents`",
        ),
        (
            lambda c: c["evidence"][0].update(target_span=[0, 4000]),
            "evidence[0].target_span: found [0, 4000], allowed are ranges within the sentence, [0, 47]",
        ),
        (lambda c: c["evidence"][0].update(source_span=[5, 5]), "evidence[0].source_span: found [5, 5]"),
        (
            lambda c: c["evidence"][0].update(p_favor=1.5),
            "evidence[0].p_against, p_neutral, p_favor: found [0.8, 0.15, 1.5], allowed are shares that sum to 1",
        ),
        (lambda c: c["evidence"][0].update(score=0.5), "evidence[0].score: found 0.5, allowed is p_favor - p_against"),
        (lambda c: c["evidence"][0].update(confidence=0.5), "evidence[0].confidence: found 0.5"),
        (
            lambda c: c["evidence"][0].update(weights=[[900, 901, 0.1]]),
            "evidence[0].weights: found a range outside of the sentence",
        ),
        (
            lambda c: c["documents"][0].update(date="March 3"),
            "documents[0].date: found 'March 3', allowed are 2026-11-29, 2026-11, 2026 or nothing",
        ),
        (lambda c: c["documents"][0].update(date="2026-02-30"), "documents[0].date: found '2026-02-30'"),
        (lambda c: c["documents"][0].update(title="a\0b"), "documents[0].title: holds a NUL character"),
        (
            lambda c: c["documents"][0]["sentences"][1].update(span=[3, 9]),
            "documents[0].sentences[1].span: found [3, 9]",
        ),
        (
            lambda c: c["documents"].append(c["documents"][0]),
            "documents: found 'briefing.txt' 2 times, allowed is once",
        ),
        (lambda c: c["entries"][1].update(within="Atlantic"), "entries[1].within: found 'Atlantic'"),
        (lambda c: c["entries"][0].update(name=" "), "entries[0].name: found ' ', allowed is a name"),
        (lambda c: c["pairs"].append(c["pairs"][0]), "2 times, allowed is once"),
        (lambda c: c["pairs"][0].update(document="x"), "pairs[0].document: found 'x'"),
        (
            lambda c: c["pairs"][0].update(favor=9),
            "pairs[0].sentences: found 1, allowed is the sum of favor, against and neutral (10)",
        ),
        (lambda c: c["corpus"][0].update(score=-2), "corpus[0].score: found -2.0, allowed are numbers from -1 to 1"),
        (lambda c: c["corpus"][0].update(score=None), "corpus[0].score and confidence: are missing"),
        (lambda c: c["corpus"][0].update(low=0.5, high=0.1), "corpus[0].low and high: found 0.5 and 0.1"),
        (
            lambda c: c["corpus"].pop(0),
            "corpus: lacks the pair of 'Norland' and 'Court of the Seas', which has sentences",
        ),
        (lambda c: c["pairs"].pop(0), "pairs: lacks ('briefing.txt', 'Norland', 'Court of the Seas')"),
    ],
)
def test_a_damaged_file_is_told(
    one_article: Reading, tmp_path: Path, change: Callable[[dict[str, Any]], object], told: str
) -> None:
    assert told in damaged(tmp_path, one_article, change)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "not readable or incomplete"),
        (b'{"format": 1, "entries": [', "not readable or incomplete"),
        (b"\xff\xfe", "not readable or incomplete"),
        (b"[1]", "not readable or incomplete"),
        (b'{"format": 1, "provenance": {"settings": ' + b"[" * 100_000 + b"]" * 100_000 + b"}}", "nested too deep"),
        (b'{"format": 1, "evidence": [{"score": 1e999}]}', "not readable or incomplete"),
        (b'{"format": 1, "entries": [{"name": "\\ud800"}]}', "not readable or incomplete"),
    ],
)
def test_what_is_no_json_of_ours_is_told(tmp_path: Path, content: bytes, told: str) -> None:
    (tmp_path / STANCES_JSON).write_bytes(content)
    with pytest.raises(DataError, match=re.escape(told)):
        read_stances(tmp_path)


def test_a_file_that_is_too_large_is_not_read(
    one_article: Reading, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_stances(tmp_path, one_article)
    monkeypatch.setattr(stances_file, "MOST_BYTES", 1000)
    with pytest.raises(DataError, match=r"allowed are 1.0 kB at most; read the articles again"):
        read_stances(tmp_path)
    before = (tmp_path / STANCES_JSON).read_bytes()
    with pytest.raises(DataError, match="read fewer articles"):
        write_stances(tmp_path, one_article)
    assert (tmp_path / STANCES_JSON).read_bytes() == before


def test_a_folder_without_a_reading_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"holds no stances.json; expected the output folder"):
        read_stances(tmp_path)
    with pytest.raises(DataError, match="is no folder"):
        read_stances(tmp_path / "none")


def test_nothing_that_cannot_be_read_is_written(one_article: Reading, tmp_path: Path) -> None:
    changes: list[dict[str, Any]] = [{"title": "half \ud800"}, {"outlet": "a\0"}, {"date": "today"}]
    for change in changes:
        wrong = replace(one_article, documents=[replace(one_article.documents[0], **change)])
        with pytest.raises(DataError, match=f"documents\\[0\\].{next(iter(change))}"):
            write_stances(tmp_path, wrong)
    settings = replace(one_article, provenance=replace(one_article.provenance, settings={"input": "half \ud800"}))
    with pytest.raises(DataError, match="half of a character"):
        write_stances(tmp_path, settings)
    assert not list(tmp_path.iterdir())


def test_the_page_of_the_docs_names_every_field() -> None:
    page = MAP_PAGE.read_text(encoding="utf-8")
    for name in (
        "Entry",
        "SentencePlace",
        "ReadDocument",
        "Evidence",
        "DocumentPair",
        "CorpusPair",
        "ReadingProvenance",
        "Reading",
    ):
        for field in dataclasses.fields(getattr(results, name)):
            assert f"`{field.name}`" in page, f"{name}.{field.name}"
    assert f"`format` is {FORMAT}" in page
