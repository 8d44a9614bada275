"""The sections of one test file, and where they come from."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest

from stancelab.errors import DataError
from stancelab.evaluation.evaluate import EvaluationSettings, evaluate
from stancelab.report.content import sections_of
from stancelab.report.view import view_files
from stancelab.results import read_results

if TYPE_CHECKING:
    from pathlib import Path


def test_sections_are_of_their_own_test_file_and_its_best_system(finished_run: Path) -> None:
    first, second = (sections_of(test, finished_run) for test in view_files(read_results(finished_run)))
    assert (first.test.name, second.test.name) == ("test_rw", "test_mt")
    names = ["minilm", "svm <b>", "majority"]
    assert [each.system.name for each in first.calibrated] == names
    assert [system.name for system, _ in first.risk] == names
    assert first.headline[0] != second.headline[0]
    assert len(first.targets) > len(second.targets)
    # Of three seeds, the errors are those of the first.
    table = pq.read_table(finished_run / "predictions" / "minilm-seed0.test_rw.parquet").to_pylist()
    wrong = {row["id"] for row in table if row["predicted"] != row["stance"]}
    assert {row.id for row in first.systems[0].errors.kept} == wrong


def test_labels_alone_have_no_curves(fake_system, small_test, tmp_path: Path) -> None:
    people = fake_system("people", accuracy=0.6)
    people.has_probabilities = False
    evaluate([people], {"test": small_test}, tmp_path, EvaluationSettings(bootstrap_resamples=100))
    [test] = view_files(read_results(tmp_path))
    found = sections_of(test, tmp_path)
    assert (found.calibrated, found.risk, found.selective) == ([], [], [])
    assert found.calibration == ["No system gives probabilities."]


def test_a_table_of_predictions_that_is_gone(finished_run: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(finished_run, copy)
    (copy / "predictions" / "minilm-seed0.test_rw.parquet").unlink()
    first, second = view_files(read_results(copy))
    with pytest.raises(DataError, match=r"minilm-seed0\.test_rw\.parquet: no such file"):
        sections_of(first, copy)
    assert sections_of(second, copy).systems[0].errors.kept


def test_the_best_trained_system_stands_beside_a_baseline_that_wins(fake_system, small_test, tmp_path: Path) -> None:
    systems = [
        fake_system("net", accuracy=0.6), fake_system("svm", accuracy=0.9, is_baseline=True),
        fake_system("llm", accuracy=0.5), fake_system("lexicon", accuracy=0.4, is_baseline=True),
    ]  # fmt: skip
    evaluate(systems, {"test": small_test}, tmp_path, EvaluationSettings(bootstrap_resamples=100))
    [test] = view_files(read_results(tmp_path))
    found = sections_of(test, tmp_path)
    assert [(each.system.name, each.role) for each in found.shown] == [
        ("svm", "best system"), ("net", "best trained system")
    ]  # fmt: skip
    assert [each.system.name for each in found.others] == ["llm", "lexicon"]
    for each in found.systems:
        table = pq.read_table(tmp_path / "predictions" / f"{each.system.name}.test.parquet").to_pylist()
        assert each.errors.total == sum(row["predicted"] != row["stance"] for row in table)
    assert list(found.targets[0].scores) == ["svm", "net", "llm", "lexicon"]
