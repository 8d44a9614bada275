"""Prepared datasets of several files."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

import pytest

from stancelab.data.identity import dataset_key
from stancelab.data.manifest import DatasetSettings
from stancelab.data.prepare import prepare
from stancelab.data.settings import CorpusSettings
from stancelab.data.sources import sources_of
from stancelab.data.split_settings import AuditSettings, SplitSettings
from stancelab.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def write(path: Path, rows: Sequence[dict[str, str]]) -> Path:
    path.parent.mkdir(exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_a_folder_and_a_mapping_are_the_given_split(tmp_path: Path, rows: list[dict[str, str]]) -> None:
    train = write(tmp_path / "d/train.csv", rows[:70])
    test = write(tmp_path / "d/test.csv", rows[70:])
    by_folder = prepare(CorpusSettings(path=tmp_path / "d"), root=tmp_path / "o")
    by_mapping = prepare(CorpusSettings(name="m", path={"train": train, "test": [test]}), root=tmp_path / "o")
    assert {row.text for row in by_folder.tests["test"]} == {row["text"] for row in rows[70:]}
    assert len(by_folder.validation) > 0  # carved from train
    assert {row.text for row in by_mapping.tests["test"]} == {row["text"] for row in rows[70:]}
    again = prepare(CorpusSettings(path=str(tmp_path / "d")), root=tmp_path / "o")
    assert again.manifest.created == by_folder.manifest.created
    write(test, rows[71:])
    changed = prepare(CorpusSettings(path=str(tmp_path / "d")), root=tmp_path / "o")
    assert len(changed.tests["test"]) == 29


def test_a_list_and_a_pattern_are_one_table(tmp_path: Path, rows: list[dict[str, str]]) -> None:
    files = [write(tmp_path / f"part-{i}.csv", rows[i::3]) for i in range(3)]
    split = SplitSettings(kind="random")
    whole: Any = [files, str(tmp_path / "part-*.csv")]
    found = [
        prepare(CorpusSettings(name=f"t{i}", path=path), split=split, root=tmp_path / "o")
        for i, path in enumerate(whole)
    ]
    texts = [sorted(row.text for row in [*each.train, *each.validation, *each.tests["test"]]) for each in found]
    assert texts[0] == texts[1]
    assert len(texts[0]) == 100
    assert [file.rows for file in found[0].manifest.inputs] == [34, 33, 33]


def test_the_same_files_with_other_roles_are_other_data(tmp_path: Path, rows: list[dict[str, str]]) -> None:
    one, two = (write(tmp_path / f"{name}/train.csv", rows[i::2]) for i, name in enumerate(("a", "b")))
    names = write(tmp_path / "names.csv", [{"target": "it", "canonical": "the pact"}])
    given: list[dict[str, Any]] = [
        {"path": one},
        {"path": one, "file_column": "file"},
        {"path": one.parent},
        {"path": [one, two]},
        {"path": {"train": one, "test": two}},
        {"path": {"train": two, "test": one}},
        {"path": one, "targets": names},
        {"path": one, "aliases": names},
    ]

    def key(settings: dict[str, Any]) -> str:
        corpora = [CorpusSettings(**settings)]
        return dataset_key(
            DatasetSettings(data=corpora, split=SplitSettings(), audit=AuditSettings()), sources_of(corpora)
        )

    keys = [key(settings) for settings in given]
    assert len(set(keys)) == len(keys)
    moved = write(tmp_path / "c/renamed.csv", rows[::2])
    assert key({"path": moved}) == keys[0]
    assert key({"path": [one]}) == keys[0]


def test_rows_without_ids_get_different_ones_over_all_files(tmp_path: Path, rows: list[dict[str, str]]) -> None:
    bare = [{name: cell for name, cell in row.items() if name != "id"} for row in rows]
    files: Any = [write(tmp_path / f"{name}.csv", bare) for name in ("a", "b")]
    dataset = prepare(CorpusSettings(path=files), split=SplitSettings(kind="random"), root=tmp_path / "o")
    ids = [row.id for row in [*dataset.train, *dataset.validation, *dataset.tests["test"]]]
    assert len(set(ids)) == len(ids) == 200 - sum(dataset.audit.removed.values())


def test_what_a_condition_leaves_out_stands_in_the_manifest(tmp_path: Path, rows: list[dict[str, str]]) -> None:
    path = write(tmp_path / "a.csv", rows)
    settings = CorpusSettings(path=path, where="source != 'Norway'")
    dataset = prepare(settings, split=SplitSettings(kind="random"), root=tmp_path / "o")
    norway = sum(row["source"] == "Norway" for row in rows)
    assert dataset.manifest.skipped == {"table: left out by data.where": norway}
    assert dataset.manifest.settings.data[0].where == "source != 'Norway'"


def test_ids_differ_over_all_files(tmp_path: Path, rows: list[dict[str, str]]) -> None:
    numbered = [{"id": str(i % 70), **row} for i, row in enumerate(rows)]
    files = [write(tmp_path / "a.csv", numbered[:70]), write(tmp_path / "b.csv", numbered[70:])]
    with pytest.raises(DataError, match=r"the id occurs already.*Ids differ over all files of data.path"):
        prepare(CorpusSettings(path=files), split=SplitSettings(kind="random"), root=tmp_path / "o")
