"""A prepared dataset comes back as it was written, or not at all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from stancelab.data.build import build
from stancelab.data.corpora import read_corpus
from stancelab.data.manifest import CountedFor
from stancelab.data.prepared import is_current, load_prepared
from stancelab.data.settings import CorpusSettings
from stancelab.data.split_settings import AuditSettings, SplitSettings
from stancelab.encoding import InputSettings
from stancelab.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Callable

Rows = list[dict[str, str]]


@pytest.fixture
def news(newsmtsc_folder: Path, newsmtsc_settings: dict[str, Any]) -> CorpusSettings:
    return CorpusSettings(path=str(newsmtsc_folder), **newsmtsc_settings)


def test_examples_come_back_as_the_reader_gave_them(news: CorpusSettings, tmp_path: Path) -> None:
    folder = build([news], SplitSettings(), AuditSettings(leakage="keep"), tmp_path / "news")
    dataset = load_prepared(folder)
    given = [example for batch in read_corpus(news) for _, example in batch.rows]
    assert dataset.train == [e for e in given if e.split == "train"]
    assert dataset.validation == [e for e in given if e.split.startswith("validation")]
    assert dataset.tests == {name: [e for e in given if e.split == name] for name in ("test_mt", "test_rw")}
    assert (dataset.folder, dataset.name, dataset.metric) == (folder, "newsmtsc", "macro_f1")
    assert dataset.audit.splits["train"].rows == len(dataset.train)
    assert dataset.train is dataset.train


def test_extra_columns_and_missing_spans_come_back(rows: Rows, prepared_from: Callable[..., Path]) -> None:
    folder = prepared_from([row | {"kind": f"k{i}"} for i, row in enumerate(rows)], extra=["kind"])
    examples = load_prepared(folder).train
    assert {example.target_span for example in examples} == {None}
    kinds = {row["text"]: {"kind": f"k{i}"} for i, row in enumerate(rows)}
    assert all(example.extra == kinds[example.text] for example in examples)


def test_the_fingerprint_is_that_of_the_rows(rows: Rows, prepared_from: Callable[..., Path]) -> None:
    first, again = (load_prepared(prepared_from(rows, output=name)) for name in ("a", "b"))
    other = load_prepared(prepared_from(rows[:-1], output="c"))
    assert first.fingerprint == again.fingerprint
    assert first.fingerprint != other.fingerprint


def test_incomplete_and_changed_folders_are_refused(rows: Rows, prepared_from: Callable[..., Path]) -> None:
    folder = prepared_from(rows)
    (folder / "train.parquet").write_bytes((folder / "test.parquet").read_bytes())
    with pytest.raises(DataError, match=r"train\.parquet: was changed after it was written"):
        load_prepared(folder)
    (folder / "train.parquet").unlink()
    with pytest.raises(DataError, match=r"train\.parquet: is missing, though out/manifest\.json names it"):
        load_prepared(folder)
    (folder / "manifest.json").unlink()
    with pytest.raises(DataError, match=r"holds no manifest\.json, so it is not a complete prepared dataset"):
        load_prepared(folder)
    with pytest.raises(DataError, match="no such folder; expected a prepared dataset"):
        load_prepared(folder / "nowhere")


@pytest.mark.parametrize(
    ("change", "message"),
    [({"kind": "checkpoint"}, "is a checkpoint; expected a prepared dataset"), ({"format": 99}, "has format 99")],
)
def test_folders_of_another_kind_are_refused(
    rows: Rows, prepared_from: Callable[..., Path], change: dict[str, Any], message: str
) -> None:
    folder = prepared_from(rows)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    (folder / "manifest.json").write_text(json.dumps(manifest | change), encoding="utf-8")
    with pytest.raises(DataError, match=message):
        load_prepared(folder)


def test_a_dataset_is_current_until_its_input_or_settings_change(news: CorpusSettings, tmp_path: Path) -> None:
    folder = tmp_path / "news"
    assert not is_current(folder, [news], SplitSettings(), AuditSettings())
    build([news], SplitSettings(), AuditSettings(), folder)
    assert is_current(folder, [news], SplitSettings(), AuditSettings())
    assert not is_current(folder, [news], SplitSettings(seed=1), AuditSettings())
    another = CountedFor(encoder="another", head="pair", input=InputSettings())
    assert not is_current(folder, [news], SplitSettings(), AuditSettings(), another)
    train = Path(str(news.path)) / "train.jsonl"
    train.write_text("".join(train.read_text(encoding="utf-8").splitlines(keepends=True)[:-1]), encoding="utf-8")
    assert not is_current(folder, [news], SplitSettings(), AuditSettings())


def test_the_provenance_is_what_an_evaluation_tells_of_the_dataset(
    rows: Rows, prepared_from: Callable[..., Path]
) -> None:
    dataset = load_prepared(prepared_from(rows, name="mine"))
    found = dataset.provenance()
    assert (found.name, found.fingerprint, found.sample) == ("mine", dataset.fingerprint, None)
    assert found.counts == dataset.manifest.counts
    assert found.audit == json.loads((dataset.folder / "audit.json").read_text(encoding="utf-8"))
    assert found.counts["test"]["rows"] == len(dataset.tests["test"])


@pytest.mark.parametrize(
    ("split", "sample"),
    [
        ({"train_rows": 30}, ("train_rows", 30)),
        ({"train_share": 0.5}, ("train_share", 0.5)),
        ({"shots": 4}, ("shots", 4)),
        ({"train_share": 1.0}, None),
    ],
)
def test_the_provenance_tells_the_sample_of_training_rows(
    rows: Rows, prepared_from: Callable[..., Path], split: dict[str, Any], sample: tuple[str, float] | None
) -> None:
    found = load_prepared(prepared_from(rows, split=split)).provenance().sample
    assert (found and (found.setting, found.amount)) == sample
