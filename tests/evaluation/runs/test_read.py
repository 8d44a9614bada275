from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np
import pytest

from stancelab.errors import DataError
from stancelab.evaluation.evaluate import evaluate
from stancelab.evaluation.runs.read import (
    are_alike,
    read_answers,
    shared_metric,
    shared_provenance,
    shared_tests,
)
from stancelab.results import read_results

if TYPE_CHECKING:
    from pathlib import Path

    from stancelab.schema import Example


def test_answers_are_those_of_the_prediction_tables(fake_system, examples, two_runs: dict[str, Path], settings) -> None:
    folder = two_runs["old"]
    tests: dict[str, list[Example]] = {}
    found = read_answers("old", folder, read_results(folder), ["test", "test_b"], tests)
    assert [(each.label, each.name, each.seed, each.is_baseline) for each in found] == [
        ("old", "net", 0, False), ("old", "net", 1, False), ("old", "svm", None, True),
    ]  # fmt: skip
    assert [row.id for row in tests["test_b"]] == [row.id for row in examples[:20]]
    assert all(each.has_probabilities and len(each.by_id) == 60 for each in found)
    svm = found[2].as_system("other", 4)
    assert (svm.name, svm.seed, svm.is_baseline, svm.has_probabilities) == ("other", 4, True, True)
    expected = fake_system("svm", accuracy=0.6).predict_proba(examples[20:])
    assert svm.predict_proba(examples)[20:].shape == expected.shape
    assert are_alike(found[:1], found[:1])
    assert not are_alike(found[:1], found[1:2])
    assert not are_alike(found[:1], [dataclasses.replace(found[1], seed=0)])


def test_labels_alone_are_read_as_labels(fake_system, examples, settings, tmp_path: Path) -> None:
    system = fake_system("llm", always="favor", confidence=1.0)
    system.has_probabilities = False
    found = evaluate([system], {"test": examples}, tmp_path, settings)
    (answers,) = read_answers("run", tmp_path, found, ["test"], {})
    assert not answers.has_probabilities
    assert all(np.array_equal(row, [0, 0, 1]) for row in answers.by_id.values())


def test_a_table_that_cannot_be_read(two_runs: dict[str, Path]) -> None:
    folder = two_runs["new"]
    (folder / "predictions" / "svm.test.parquet").write_bytes(b"")
    with pytest.raises(DataError, match=r"svm\.test\.parquet: cannot be read .*; evaluate again"):
        read_answers("new", folder, read_results(folder), ["test"], {})


def test_what_several_evaluations_share(two_runs: dict[str, Path], caplog: pytest.LogCaptureFixture) -> None:
    results = {label: read_results(folder) for label, folder in two_runs.items()}
    assert shared_tests(results) == ["test"]
    assert shared_metric(results) == "accuracy"
    assert not caplog.text.count("rank by")
    results["new"] = dataclasses.replace(results["new"], primary_metric="f_avg")
    assert shared_metric(results) == "accuracy"
    assert "the runs rank by accuracy, f_avg; here by accuracy" in caplog.text
    found = shared_provenance(results, "both")
    assert (found.title, found.command, found.config) == ("both", "", {})
    assert [each.name for each in found.checkpoints] == ["net"]
    assert list(found.baselines) == ["svm"]
