"""Each public corpus is read as its authors wrote it, and settings that cannot be meant are named."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import yaml

from stancelab.data import corpora
from stancelab.data.corpora import input_files, own_corpus, read_corpus
from stancelab.data.settings import CorpusSettings, LabelSettings
from stancelab.errors import ConfigError, DataError
from stancelab.schema import Example, Span

CONFIGS = Path(__file__).resolve().parents[2] / "configs" / "data"
PUBLIC = ("newsmtsc", "semeval2016", "mpqa")


def settings_of(name: str, **changes: Any) -> CorpusSettings:
    values = yaml.safe_load((CONFIGS / f"{name}.yaml").read_text(encoding="utf-8")) | changes
    if "labels" in values:
        values["labels"] = LabelSettings(**values["labels"])
    return CorpusSettings(**values)


def read(settings: CorpusSettings) -> tuple[list[Example], list[str], Counter[str]]:
    batches = list(read_corpus(settings))
    skipped: Counter[str] = Counter()
    for batch in batches:
        skipped.update(batch.skipped)
    problems = [str(problem) for batch in batches for problem in batch.problems]
    return [example for batch in batches for _, example in batch.rows], problems, skipped


@pytest.mark.parametrize("name", [*PUBLIC, "diplomacy", "table"])
def test_configs_are_sound_and_repeat_no_default(name: str) -> None:
    settings = settings_of(name)
    assert settings.problems() == []
    written = yaml.safe_load((CONFIGS / f"{name}.yaml").read_text(encoding="utf-8"))
    defaults = CorpusSettings()
    for key in written.keys() - {"name", "reader", "labels"}:
        assert written[key] != getattr(defaults, key), f"{key} repeats the default"
    assert written.keys() <= {f.name for f in fields(CorpusSettings)}


def test_newsmtsc_reads_targets_spans_and_articles(newsmtsc_folder: Path, newsmtsc_settings: dict[str, Any]) -> None:
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
def test_newsmtsc_documents(tmp_path: Path, newsmtsc_settings: dict[str, Any], gid: str, document: str) -> None:
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
    newsmtsc_folder: Path, newsmtsc_settings: dict[str, Any], change: dict[str, Any], reason: str
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
    newsmtsc_folder: Path, newsmtsc_settings: dict[str, Any]
) -> None:
    lines = '{"sentence_normalized": "a", "targets": []}\n{"primary_gid": "x", "sent'
    (newsmtsc_folder / "rw-dev.jsonl").write_text(lines, encoding="utf-8")
    _, problems, _ = read(CorpusSettings(path=str(newsmtsc_folder), **newsmtsc_settings))
    assert "rw-dev.jsonl: row 1: found 'sentence_normalized, targets': expected 'sentence_normalized'" in problems[0]
    assert 'rw-dev.jsonl: row 2: found \'{"primary_gid": "x", "sent\': not a complete JSON object' in problems[1]


def semeval(folder: Path, labels: str = "0\n1\n2\n") -> Path:
    for target in ("abortion", "atheism", "climate", "feminist", "hillary"):
        (folder / target).mkdir()
        for split in ("train", "val", "test"):
            text = f"{split} one \n{target}\u2028two #{split}\nthree {target} {split}\n"
            (folder / target / f"{split}_text.txt").write_text(text, encoding="utf-8")
            (folder / target / f"{split}_labels.txt").write_text(labels, encoding="utf-8")
    return folder


def test_semeval_reads_lines_labels_and_full_target_names(tmp_path: Path) -> None:
    examples, problems, _ = read(settings_of("semeval2016", path=str(semeval(tmp_path))))
    assert problems == []
    assert Counter(e.split for e in examples) == {"train": 15, "validation": 15, "test": 15}
    assert [(e.id, e.text, e.stance, e.target) for e in examples[:3]] == [
        ("abortion-train-1", "train one", "neutral", "legalization of abortion"),
        ("abortion-train-2", "abortion\u2028two #train", "against", "legalization of abortion"),
        ("abortion-train-3", "three abortion train", "favor", "legalization of abortion"),
    ]
    assert {e.target for e in examples} == {
        "legalization of abortion",
        "atheism",
        "climate change is a real concern",
        "feminist movement",
        "Hillary Clinton",
    }
    assert {(e.document, e.source, e.target_span) for e in examples} == {("", "", None)}


def test_semeval_files_of_different_lengths(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"train_text\.txt: has 3 lines, but train_labels\.txt has 2; one is cut off"):
        read(settings_of("semeval2016", path=str(semeval(tmp_path, "0\n1\n"))))


def test_mpqa_reads_sources_targets_and_what_is_no_stance(mpqa_folder: Path) -> None:
    examples, problems, skipped = read(settings_of("mpqa", path=str(mpqa_folder)))
    assert problems == []
    assert skipped == {"no target": 1, "polarity is none, both or uncertain": 2}
    first = examples[0]
    assert (first.source, first.source_span) == ("Officials", Span(0, 9))
    assert (first.target, first.target_span, first.stance) == ("the summit", Span(30, 40), "favor")
    assert (first.id, first.document, first.split) == ("20020510/train-0-0-0", "20020510/train-0", "train")
    assert [(e.source, e.target, e.stance) for e in examples[1:5]] == [
        ("Officials", "the summit", "favor"),
        ("", "well", "favor"),
        ("", "well", "against"),
        ("", "Officials water", "neutral"),
    ]
    assert examples[4].target_span is None
    assert Counter(e.split for e in examples) == {"train": 10, "validation": 3, "test": 3}


def test_mpqa_files_that_are_no_arrays(mpqa_folder: Path) -> None:
    settings = settings_of("mpqa", path=str(mpqa_folder))
    (mpqa_folder / "dev.json").write_text('[{"sent_id": "a", "text": "b"', encoding="utf-8")
    with pytest.raises(DataError, match=r"dev\.json: not readable as JSON .*; is the file cut off\?"):
        read(settings)
    (mpqa_folder / "dev.json").write_text("{}", encoding="utf-8")
    with pytest.raises(DataError, match=r"dev\.json: expected one JSON array of sentences"):
        read(settings)
    (mpqa_folder / "dev.json").write_text('[7, {"sent_id": "a", "text": "b", "opinions": [{}]}]', encoding="utf-8")
    _, problems, _ = read(settings)
    assert [problem.split("dev.json: ")[1][:21] for problem in problems] == [
        "row 1: found '7': exp",
        "row 2, column 'opinio",
    ]


@pytest.mark.parametrize("name", PUBLIC)
def test_a_folder_without_the_files_says_where_to_get_them(tmp_path: Path, name: str) -> None:
    with pytest.raises(DataError, match=r": lacks .*; it holds nothing\. Expected data\.path=FOLDER with the f"):
        input_files(settings_of(name, path=str(tmp_path)))
    with pytest.raises(DataError, match=r"nowhere: no such folder; data\.path of"):
        input_files(settings_of(name, path=str(tmp_path / "nowhere")))


def test_nothing_says_where_the_corpus_is() -> None:
    with pytest.raises(
        ConfigError, match=r"data\.path: not set for 'mpqa'; expected data\.path=FOLDER .* not on the hub"
    ):
        input_files(settings_of("mpqa"))
    with pytest.raises(ConfigError, match=r"data\.path: not set for 'mine'; expected data\.path=FILE"):
        input_files(CorpusSettings(name="mine"))


def test_the_projects_own_corpus_is_found_in_a_clone_and_beside_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "src" / "stancelab"
    monkeypatch.setattr(corpora, "__file__", str(package / "data" / "corpora.py"))
    assert own_corpus("mine") is None
    clone, wheel = tmp_path / "data" / "mine", package / "_corpora" / "mine"
    for folder in (clone, wheel):
        folder.mkdir(parents=True)
        (folder / "mine.csv").write_text("text,target,stance\n", encoding="utf-8")
        assert own_corpus("mine") == folder / "mine.csv"
    assert input_files(CorpusSettings(name="mine")) == [wheel / "mine.csv"]


@pytest.mark.benchmark_data
@pytest.mark.parametrize(
    ("name", "counts"),
    [
        (
            "newsmtsc",
            {"train": 8739, "validation_rw": 343, "validation_mt": 442, "test_rw": 803, "test_mt": 1034},
        ),
        ("semeval2016", {"train": 2620, "validation": 294, "test": 1249}),
        ("mpqa", {"train": 1481, "validation": 499, "test": 409}),
    ],
)
def test_row_counts_of_the_public_corpora(benchmark_data: Path, name: str, counts: dict[str, int]) -> None:
    examples, problems, _ = read(settings_of(name, path=str(benchmark_data / name)))
    assert problems == []
    assert Counter(e.split for e in examples) == counts
    assert len({e.id for e in examples}) == len(examples)
    for example in examples:
        if example.target_span is not None:
            assert example.text[slice(*example.target_span)].strip() == example.target
        if example.source_span is not None:
            assert example.text[slice(*example.source_span)].strip() == example.source
