from __future__ import annotations

import logging
import shutil
from typing import TYPE_CHECKING

import pytest

from stancelab.checkpoint import CheckpointInfo, TrainingData
from stancelab.errors import DataError
from stancelab.export.rows import dataset_of, described, warnings_of
from stancelab.schema import Example
from stancelab.training_texts import TrainingTextHashes

if TYPE_CHECKING:
    from pathlib import Path

    from stancelab.data.prepared import PreparedDataset


def info_of(fingerprint: str) -> CheckpointInfo:
    return CheckpointInfo(dataset=TrainingData(name="toy", fingerprint=fingerprint))


def test_the_dataset_of_the_training_is_found(dataset: PreparedDataset, tmp_path: Path) -> None:
    root = tmp_path / "outputs"
    shutil.copytree(dataset.folder, root / "datasets" / "renamed")
    (root / "datasets" / "broken").mkdir()
    (root / "datasets" / "broken" / "manifest.json").write_text("{")
    checkpoint = root / "train" / "mine" / "2026-01-01_00-00-00" / "checkpoint"
    for place, output_root in ((tmp_path / "elsewhere", root), (checkpoint, tmp_path / "other")):
        found = dataset_of(info_of(dataset.fingerprint), place, None, str(output_root))
        assert found.validation == dataset.validation
        assert described(found, "validation") == f"validation rows of toy (fingerprint {dataset.fingerprint})"


def test_where_it_is_not_there_the_message_says_what_to_give(tmp_path: Path) -> None:
    with pytest.raises(
        DataError, match=r"toy \(fingerprint 0a\), and no prepared .* export.rows=FOLDER \('stancelab pre"
    ):
        dataset_of(info_of("0a"), tmp_path, None, str(tmp_path))
    with pytest.raises(DataError, match="nowhere: no such folder; expected a prepared dataset"):
        dataset_of(info_of("0a"), tmp_path, str(tmp_path / "nowhere"), str(tmp_path))


def test_another_dataset_is_said_to_be_one(
    dataset: PreparedDataset, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        dataset_of(info_of(dataset.fingerprint), tmp_path, str(dataset.folder), str(tmp_path))
        assert caplog.text == ""
        dataset_of(info_of("0a"), tmp_path, str(dataset.folder), str(tmp_path))
    assert "is not the dataset that the checkpoint was trained on, toy (fingerprint 0a)" in caplog.text


def test_few_rows_and_rows_of_the_training_are_counted() -> None:
    rows = [Example(id="", text=f"Sentence {number // 2}.", target="it") for number in range(100)]
    trained = TrainingTextHashes.of(["Sentence 3.", "sentence 49.", "Sentence 50."])
    assert warnings_of(rows, None) == []
    assert warnings_of(rows, TrainingTextHashes.of(["Sentence 50."])) == []
    [seen] = warnings_of(rows, trained)
    assert seen.startswith("the text of 4 of the 100 rows is one that the checkpoint was trained on; ")
    few, seen = warnings_of(rows[:99], trained)
    assert few.startswith("answers are compared on 99 rows, which is few: with fewer than 100 ")
    assert seen.startswith("the text of 3 of the 99 rows ")
