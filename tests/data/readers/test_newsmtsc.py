"""NewsMTSC is read as its authors wrote it: targets, spans and articles."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from stancelab.data.settings import CorpusSettings
from stancelab.schema import Example, Span

if TYPE_CHECKING:
    from pathlib import Path

SettingsOf = Callable[..., CorpusSettings]
Read = Callable[[CorpusSettings], tuple[list[Example], list[str], Counter[str]]]


def test_newsmtsc_reads_targets_spans_and_articles(
    newsmtsc_folder: Path, newsmtsc_settings: dict[str, Any], read: Read
) -> None:
    examples, problems, _ = read(CorpusSettings(path=str(newsmtsc_folder), **newsmtsc_settings))
    assert problems == []
    assert Counter(e.split for e in examples) == {
        "train": 18,
        "validation_rw": 6,
        "validation_mt": 6,
        "test_rw": 6,
        "test_mt": 6,
    }
    first, second = examples[:2]
    assert first == Example(
        id="allsides_1000_401_1_Iran_0_4",
        text="Iran rejected what Peru had proposed in paragraph 13.",
        target="Iran",
        stance="neutral",
        target_span=Span(0, 4),
        document="allsides_1000",
        corpus="newsmtsc",
        split="train",
    )
    assert (second.target, second.stance, second.target_span) == ("Peru", "favor", Span(19, 23))


@pytest.mark.parametrize(
    ("gid", "document"),
    [
        ("allsides_1000_401_25_Reality Leigh Winner_0_6", "allsides_1000"),
        ("polusa_v1_4939835_-1_5_Jesus Campos_0_7", "polusa_v1_4939835"),
        ("something else", ""),
    ],
)
def test_newsmtsc_documents(
    tmp_path: Path, newsmtsc_settings: dict[str, Any], gid: str, document: str, read: Read
) -> None:
    target = {"Input.gid": gid, "from": 0, "to": 1, "mention": "a", "polarity": 2.0}
    line = json.dumps({"primary_gid": gid, "sentence_normalized": "a b", "targets": [target]})
    for name in ("train", "rw-dev", "mt-dev", "rw-test", "mt-test"):
        (tmp_path / f"{name}.jsonl").write_text(f"{line}\n", encoding="utf-8")
    examples, _, _ = read(CorpusSettings(path=str(tmp_path), **newsmtsc_settings))
    assert {e.document for e in examples} == {document}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"to": 3}, "column 'from, to': found '0:3': the text has not the mention 'a' at this place"),
        ({"from": None}, "column 'from, to': found 'None:1': the text has not the mention"),
        ({"from": -3}, "the text has not the mention 'b' at this place"),
        ({"polarity": 3.0}, "column 'polarity': found '3.0': no known stance; allowed are '2' (against)"),
    ],
)
def test_newsmtsc_problems(
    newsmtsc_folder: Path, newsmtsc_settings: dict[str, Any], change: dict[str, Any], reason: str, read: Read
) -> None:
    target = {"Input.gid": "x", "from": 0, "to": 1, "mention": "a", "polarity": 2.0} | change
    if change.get("from") == -3:
        target["mention"] = "b"
    line = json.dumps({"primary_gid": "x", "sentence_normalized": "a b", "targets": [target]})
    (newsmtsc_folder / "train.jsonl").write_text(f"{line}\n", encoding="utf-8")
    _, problems, _ = read(CorpusSettings(path=str(newsmtsc_folder), **newsmtsc_settings))
    assert len(problems) == 1
    assert reason in problems[0]


def test_newsmtsc_sentences_without_targets_and_cut_off_lines(
    newsmtsc_folder: Path, newsmtsc_settings: dict[str, Any], read: Read
) -> None:
    lines = '{"sentence_normalized": "a", "targets": []}\n{"primary_gid": "x", "sent'
    (newsmtsc_folder / "rw-dev.jsonl").write_text(lines, encoding="utf-8")
    _, problems, _ = read(CorpusSettings(path=str(newsmtsc_folder), **newsmtsc_settings))
    assert "rw-dev.jsonl: row 1: found 'sentence_normalized, targets': expected 'sentence_normalized'" in problems[0]
    assert 'rw-dev.jsonl: row 2: found \'{"primary_gid": "x", "sent\': not a complete JSON object' in problems[1]
