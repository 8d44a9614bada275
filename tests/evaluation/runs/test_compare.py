from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest

from stancelab.errors import ConfigError, DataError
from stancelab.evaluation.evaluate import evaluate
from stancelab.evaluation.runs.compare import gather
from stancelab.results import read_results

if TYPE_CHECKING:
    from pathlib import Path


def test_systems_of_one_name_have_the_runs_name_unless_they_are_the_same(
    two_runs: dict[str, Path], examples, settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    found = gather(two_runs)
    assert [(each.name, each.seed, each.is_baseline) for each in found.systems] == [
        ("net (old)", 0, False), ("net (old)", 1, False), ("net (new)", 0, False),
        ("svm (old)", None, True), ("svm (new)", None, True),
    ]  # fmt: skip
    assert list(found.tests) == ["test"]
    assert "not every run has test_b; only test is compared" in caplog.text
    assert [(each.id, each.target_span) for each in found.tests["test"]] == [
        (each.id, each.target_span) for each in examples
    ]
    assert list(found.provenance.baselines) == ["svm (old)", "svm (new)"]
    assert [each.name for each in found.provenance.checkpoints] == ["net (old)", "net (new)"]
    assert found.provenance.text_only == ["net (old)", "net (new)"]
    assert found.provenance.title == "old and new"
    assert found.provenance.commands == ["stancelab evaluate name=a", "stancelab evaluate name=b"]
    assert found.primary_metric == "accuracy"
    together = evaluate(found.systems, found.tests, tmp_path / "c", settings, provenance=found.provenance)
    before = read_results(two_runs["old"]).systems[0].tests["test"].mean
    assert together.systems[0].tests["test"].mean == before
    assert [each.is_baseline for each in together.systems] == [False, False, True, True]
    assert together.provenance.baselines == found.provenance.baselines


def test_a_system_with_the_same_answers_stands_once(two_runs: dict[str, Path]) -> None:
    found = gather({"one": two_runs["old"], "again": two_runs["old"]})
    assert [(each.name, each.seed) for each in found.systems] == [("net", 0), ("net", 1), ("svm", None)]
    assert [each.name for each in found.provenance.checkpoints] == ["net"]


def test_runs_that_cannot_be_compared(
    fake_system, examples, two_runs: dict[str, Path], settings, tmp_path: Path
) -> None:
    with pytest.raises(ConfigError, match="found 1 run, expected two or more"):
        gather({"one": two_runs["old"]})
    few = examples[:50]
    evaluate([fake_system("net")], {"test": few}, tmp_path / "few", settings)
    with pytest.raises(
        DataError, match=r"10 of its 60 rows missing, 0 new or with another .*\n  id 'row-50': missing here"
    ):
        gather({**two_runs, "few": tmp_path / "few"})
    other = [dataclasses.replace(examples[0], stance="favor"), *examples[1:]]
    evaluate([fake_system("net")], {"test": other}, tmp_path / "changed", settings)
    with pytest.raises(
        DataError, match=r"0 of its 60 rows missing, 1 new or with another .*\n  id 'row-0': other values"
    ):
        gather({**two_runs, "changed": tmp_path / "changed"})
    evaluate([fake_system("net")], {"test_z": examples}, tmp_path / "z", settings)
    with pytest.raises(DataError, match=r"no test file in common \(old: test, test_b; z: test_z\)"):
        gather({"old": two_runs["old"], "z": tmp_path / "z"})


def test_test_files_that_are_not_chosen_may_have_other_rows(
    fake_system, examples, two_runs: dict[str, Path], settings, tmp_path: Path
) -> None:
    tests = {"test": examples[:50], "test_b": examples[:20]}
    evaluate([fake_system("other")], tests, tmp_path / "few", settings)
    found = gather({"old": two_runs["old"], "few": tmp_path / "few"}, ["test_b"])
    assert {name: len(rows) for name, rows in found.tests.items()} == {"test_b": 20}
    assert sorted({each.name for each in found.systems}) == ["net", "other", "svm"]
    with pytest.raises(ConfigError, match=r"evaluation.tests: found 'test_c', allowed test, test_b"):
        gather({"old": two_runs["old"], "few": tmp_path / "few"}, ["test_c"])
