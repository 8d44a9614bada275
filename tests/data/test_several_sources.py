"""Prepared datasets of several files."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

import pytest

from stancelab.data.prepare import prepare
from stancelab.data.settings import CorpusSettings, SplitSettings
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
    assert {row.id for row in by_folder.tests["test"]} == {f"test-{i}" for i in range(1, 31)}
    assert len(by_folder.validation) > 0  # carved from train
    assert all(row.id.startswith("train-") for row in [*by_folder.train, *by_folder.validation])
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
