"""Corpora from the hub: the right dataset is asked for, its columns are read, and a network that fails says so."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import datasets
import pytest

from stancelab.data.column_settings import LabelSettings
from stancelab.data.corpora import read_corpus
from stancelab.data.settings import CorpusSettings
from stancelab.errors import DataError
from stancelab.row_ids import row_id

if TYPE_CHECKING:
    from collections.abc import Iterator

SEMEVAL_LABELS = LabelSettings(against=["1"], neutral=["0"], favor=["2"])


def test_newsmtsc(monkeypatch: pytest.MonkeyPatch, newsmtsc_settings: dict[str, Any]) -> None:
    calls = []

    def load(path: str, name: str | None, **options: Any) -> list[dict[str, Any]]:
        calls.append((path, options["data_dir"], options["split"]))
        assert name is None
        assert options["streaming"] is True
        assert options["revision"] == "refs/convert/parquet"
        row = {"mention": "Iran", "polarity": -1, "from": 4, "to": 8, "sentence": f"Yes Iran {options['split']}"}
        gid = f"allsides_{len(calls)}_401_25_Iran_4_8"
        return [{**row, "id": gid}, {**row, "id": gid, "polarity": 1, "from": 0, "to": 3, "mention": "Yes"}]

    monkeypatch.setattr(datasets, "load_dataset", load)
    batches = list(read_corpus(CorpusSettings(hub="owner/news", **newsmtsc_settings)))
    examples = [example for batch in batches for _, example in batch.rows]
    assert calls == [
        ("owner/news", "rw", "train"),
        ("owner/news", "rw", "validation"),
        ("owner/news", "mt", "validation"),
        ("owner/news", "rw", "test"),
        ("owner/news", "mt", "test"),
    ]
    assert Counter(e.split for e in examples) == dict.fromkeys(
        ["train", "validation_rw", "validation_mt", "test_rw", "test_mt"], 2
    )
    assert [(e.target, e.stance, e.document) for e in examples[:2]] == [
        ("Iran", "against", "allsides_1"),
        ("Yes", "favor", "allsides_1"),
    ]
    assert len({e.id for e in examples}) == 10
    assert batches[0].file == "hub:owner/news/rw/train"
    assert batches[0].done == 2


def test_semeval(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []

    def load(path: str, name: str, *, split: str, streaming: bool) -> list[dict[str, Any]]:
        calls.append((path, name, split))
        return [{"text": f"tweet {name} {split} ", "label": 2}]

    monkeypatch.setattr(datasets, "load_dataset", load)
    settings = CorpusSettings(name="semeval2016", reader="semeval2016", hub="owner/tweets", labels=SEMEVAL_LABELS)
    examples = [example for batch in read_corpus(settings) for _, example in batch.rows]
    assert len(calls) == 15
    assert calls[1] == ("owner/tweets", "stance_abortion", "validation")
    assert [e.split for e in examples[:3]] == ["train", "validation", "test"]
    assert (examples[0].text, examples[0].stance, examples[0].id) == (
        "tweet stance_abortion train",
        "favor",
        "abortion-train-1",
    )


def test_a_table_with_its_splits(monkeypatch: pytest.MonkeyPatch) -> None:
    def load(path: str, name: str | None, *, streaming: bool) -> dict[str, list[dict[str, Any]]]:
        assert (path, name) == ("owner/table", "english")
        row = {"text": "a b", "target": "b", "stance": "favor", "tags": ["x"]}
        return {"train": [row, {**row, "stance": "no"}], "dev": [row]}

    monkeypatch.setattr(datasets, "load_dataset", load)
    batches = list(read_corpus(CorpusSettings(hub="owner/table:english")))
    assert [(e.id, e.split) for batch in batches for _, e in batch.rows] == [
        (row_id("a b", "", "b"), "train"),
        (f"{row_id('a b', '', 'b')}-2", "validation"),
    ]
    assert next(str(p) for batch in batches for p in batch.problems).startswith(
        "hub:owner/table:english/train: row 2, column 'stance': found 'no'"
    )


def test_a_network_that_fails_is_explained(monkeypatch: pytest.MonkeyPatch, newsmtsc_settings: dict[str, Any]) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ConnectionError("Couldn't reach 'owner/news' on the Hub")

    monkeypatch.setattr(datasets, "load_dataset", fail)
    with pytest.raises(DataError, match=r"hub:owner/news: cannot be read .*ConnectionError.*data\.path=FOLDER"):
        list(read_corpus(CorpusSettings(hub="owner/news", **newsmtsc_settings)))


def test_a_network_that_dies_on_the_way(monkeypatch: pytest.MonkeyPatch) -> None:
    def rows() -> Iterator[dict[str, Any]]:
        yield {"text": "a b", "target": "b", "stance": "favor"}
        raise TimeoutError("read timed out")

    monkeypatch.setattr(datasets, "load_dataset", lambda *_, **__: {"train": rows()})
    with pytest.raises(DataError, match=r"hub:owner/table: cannot be read from the hub .*read timed out"):
        list(read_corpus(CorpusSettings(hub="owner/table")))


def test_an_unknown_split_of_a_hub_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(datasets, "load_dataset", lambda *_, **__: {"unlabeled": []})
    with pytest.raises(DataError, match="split 'unlabeled' is none of train, validation and test"):
        list(read_corpus(CorpusSettings(hub="owner/table")))


def test_columns_that_only_later_rows_of_a_hub_table_have_are_read(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def load(path: str, name: str | None, *, streaming: bool) -> dict[str, list[dict[str, Any]]]:
        rows: list[dict[str, Any]] = [{"text": "a", "target": "b", "stance": "favor"} for _ in range(2_002)]
        rows[2_000] |= {"source": "Iran", "kind": "late"}
        rows[2_001]["text"] = ["no", "text"]
        return {"train": rows}

    monkeypatch.setattr(datasets, "load_dataset", load)
    with caplog.at_level("INFO"):
        batches = list(read_corpus(CorpusSettings(hub="owner/table")))
    assert [example.source for batch in batches for _, example in batch.rows if example.source] == ["Iran"]
    assert [problem.row for batch in batches for problem in batch.problems] == [2_002]
    assert "hub:owner/table/train: not read: 'kind'" in caplog.text
