"""The manifest of a prepared dataset is read as types; settings are compared as they were written."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from stancelab.data.build import build
from stancelab.data.manifest import CountedFor, DatasetSettings, InputFile, manifest_of, read_dataset_manifest
from stancelab.data.prepared import is_current, load_prepared
from stancelab.data.settings import AuditSettings, CorpusSettings, LabelSettings, SplitSettings
from stancelab.encoding import InputSettings
from stancelab.errors import DataError
from stancelab.files import sha256_of, write_json

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Rows = list[dict[str, str]]
RANDOM = SplitSettings(kind="random")
COUNTED_FOR = CountedFor(encoder="some/encoder", head="pair", input=InputSettings(max_length=24))


@pytest.fixture
def corpus(rows: Rows, write_csv: Callable[..., Path]) -> CorpusSettings:
    labels = LabelSettings(favor=["favor", "pro"])
    return CorpusSettings(name="mine", path=str(write_csv(rows)), labels=labels, about="From the news.")


@pytest.fixture
def folder(corpus: CorpusSettings, tmp_path: Path) -> Path:
    return build([corpus], RANDOM, AuditSettings(), tmp_path / "out", counted_for=COUNTED_FOR)


def edit(folder: Path, change: Callable[[Any], object]) -> None:
    """Change what a folder's manifest holds."""
    path = folder / "manifest.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    change(content)
    write_json(path, content)


def test_the_manifest_comes_back_as_types(folder: Path, corpus: CorpusSettings) -> None:
    manifest = read_dataset_manifest(folder)
    audit = folder / "audit.json"
    assert manifest.settings == DatasetSettings(data=[corpus], split=RANDOM, audit=AuditSettings())
    assert manifest.counted_for == COUNTED_FOR
    assert [(each.corpus, each.file, each.rows) for each in manifest.inputs] == [("mine", corpus.path, 100)]
    assert (manifest.files[audit.name].sha256, manifest.files[audit.name].bytes) == (
        sha256_of(audit),
        audit.stat().st_size,
    )
    assert (manifest.name, manifest.metric, manifest.counts["test"]["rows"]) == ("mine", "macro_f1", 20)


def test_the_keys_are_in_a_fixed_order(folder: Path) -> None:
    assert list(json.loads((folder / "manifest.json").read_text(encoding="utf-8"))) == [
        *("kind", "format", "name", "metric", "counts", "inputs", "rejected", "skipped", "corrected"),
        *("earlier_labels", "target_names", "aliases", "columns"),
        *("settings", "counted_for", "key", "data_key", "created", "versions", "files"),
    ]


def test_a_dataset_of_the_hub_has_no_hash(folder: Path) -> None:
    edit(folder, lambda content: content["inputs"][0].update(file="hub:owner/name", sha256=None))
    expected = InputFile(corpus="mine", file="hub:owner/name", sha256=None, rows=100)
    assert read_dataset_manifest(folder).inputs == [expected]


def test_settings_that_an_older_version_lacked_get_the_defaults(folder: Path) -> None:
    edit(folder, lambda content: content["settings"]["split"].pop("sample_seed"))
    assert load_prepared(folder).manifest.settings.split == RANDOM


def test_another_key_or_format_is_not_current_whatever_else_it_holds(folder: Path) -> None:
    key = read_dataset_manifest(folder).key
    assert manifest_of(folder, key) == read_dataset_manifest(folder)
    assert manifest_of(folder, "another") is None
    (folder / "manifest.json").write_text(f'{{"format": 2, "key": "{key}", "inputs": "elsewhere"}}', encoding="utf-8")
    assert manifest_of(folder, key) is None


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda content: content.pop("files"), "missing required field `files`"),
        (lambda content: content.pop("metric"), "missing required field `metric`"),
        (lambda content: content["inputs"][0].pop("rows"), r"missing required field `rows` - at `\$\.inputs\[.*\]`"),
        (lambda content: content.update(counts=None), r"Expected `object`, got `null` - at `\$\.counts`"),
    ],
)
def test_an_incomplete_manifest_is_named(
    folder: Path, corpus: CorpusSettings, change: Callable[[Any], object], reason: str
) -> None:
    edit(folder, change)
    message = rf"out/manifest\.json: not readable or incomplete \(.*{reason}\); prepare the dataset again"
    with pytest.raises(DataError, match=message):
        load_prepared(folder)
    with pytest.raises(DataError, match=message):
        is_current(folder, [corpus], RANDOM, AuditSettings(), COUNTED_FOR)


@pytest.mark.parametrize("content", [b"", b'{"kind": "prepared dat', b"[]", b"\xff"])
def test_a_broken_manifest_is_named(folder: Path, corpus: CorpusSettings, content: bytes) -> None:
    (folder / "manifest.json").write_bytes(content)
    message = r"out/manifest\.json: not readable or incomplete \(.*\); prepare the dataset again"
    with pytest.raises(DataError, match=message):
        load_prepared(folder)
    with pytest.raises(DataError, match=message):
        is_current(folder, [corpus], RANDOM, AuditSettings(), COUNTED_FOR)


def test_a_dataset_with_a_broken_manifest_can_be_prepared_again(folder: Path, corpus: CorpusSettings) -> None:
    (folder / "manifest.json").write_text("{", encoding="utf-8")
    build([corpus], RANDOM, AuditSettings(), folder)
    assert len(load_prepared(folder).train) == 70
