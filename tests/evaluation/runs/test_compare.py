"""Runs are put side by side on the rows they share; what differs is told apart, what does not stands once."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING

import pytest

from stancelab.errors import ConfigError, DataError
from stancelab.evaluation.evaluate import EvaluationSettings, evaluate
from stancelab.evaluation.runs.compare import gather, gather_folds

if TYPE_CHECKING:
    from pathlib import Path

SETTINGS = EvaluationSettings(bootstrap_draws=100, randomization_rounds=100)


@pytest.fixture
def two_runs(system, examples, tmp_path: Path) -> dict[str, Path]:
    first = [system("net", 0), system("net", 1), system("svm", accuracy=0.6)]
    second = [system("net", 0, accuracy=0.5), system("svm", accuracy=0.6)]
    context = {"baselines": ["svm"], "primary_metric": "accuracy", "checkpoints": [{"name": "net"}]}
    evaluate(first, {"test": examples, "test_b": examples[:20]}, tmp_path / "a", SETTINGS, context)
    evaluate(second, {"test": examples}, tmp_path / "b", SETTINGS, context)
    return {"old": tmp_path / "a", "new": tmp_path / "b"}


def test_systems_of_one_name_are_told_apart_unless_they_are_the_same(
    two_runs: dict[str, Path], examples, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    found = gather(two_runs)
    # svm is drawn by its seed, None, so that its answers are not the same in both.
    names = [(each.name, each.seed) for each in found.systems]
    assert names == [
        ("net (old)", 0), ("net (old)", 1), ("net (new)", 0), ("svm (old)", None), ("svm (new)", None),
    ]  # fmt: skip
    assert list(found.tests) == ["test"]
    assert "not every run has test_b; only test is compared" in caplog.text
    assert [(each.id, each.target_span) for each in found.tests["test"]] == [
        (each.id, each.target_span) for each in examples
    ]
    assert found.context["baselines"] == ["svm (old)", "svm (new)"]
    assert len(found.context["checkpoints"]) == 2
    metrics = evaluate(found.systems, found.tests, tmp_path / "c", SETTINGS, found.context)
    before = json.loads((two_runs["old"] / "metrics.json").read_text())["systems"][0]["tests"]["test"]["mean"]
    assert metrics["systems"][0]["tests"]["test"]["mean"] == before
    assert metrics["primary_metric"] == "accuracy"


def test_a_system_with_the_same_answers_stands_once(two_runs: dict[str, Path]) -> None:
    found = gather({"one": two_runs["old"], "again": two_runs["old"]})
    assert [(each.name, each.seed) for each in found.systems] == [("net", 0), ("net", 1), ("svm", None)]


def test_runs_that_cannot_be_compared(system, examples, two_runs: dict[str, Path], tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="found 1 run, expected two or more"):
        gather({"one": two_runs["old"]})
    with pytest.raises(DataError, match="nofolder: no such folder"):
        gather({**two_runs, "none": tmp_path / "nofolder"})
    with pytest.raises(DataError, match=r"the evaluations in it are a, b"):
        gather({**two_runs, "none": tmp_path})
    with pytest.raises(DataError, match=r"holds no metrics\.json; expected the folder of an evaluation"):
        gather({**two_runs, "none": two_runs["old"] / "predictions"})
    few = examples[:50]
    evaluate([system("net")], {"test": few}, tmp_path / "few", SETTINGS, {})
    with pytest.raises(
        DataError, match=r"10 of its 60 rows are missing, 0 have another .*\n  id 'row-50': missing here"
    ):
        gather({**two_runs, "few": tmp_path / "few"})
    other = [dataclasses.replace(examples[0], stance="favor"), *examples[1:]]
    evaluate([system("net")], {"test": other}, tmp_path / "changed", SETTINGS, {})
    with pytest.raises(DataError, match=r"0 of its 60 rows are missing, 1 have another .*\n  id 'row-0': other values"):
        gather({**two_runs, "changed": tmp_path / "changed"})
    evaluate([system("net")], {"test_z": examples}, tmp_path / "z", SETTINGS, {})
    with pytest.raises(DataError, match=r"no test file in common \(old: test, test_b; z: test_z\)"):
        gather({"old": two_runs["old"], "z": tmp_path / "z"})


def test_folds_become_one_evaluation_of_all_rows(system, examples, tmp_path: Path) -> None:
    folds = {}
    for fold in range(3):
        systems = [system("net", seed) for seed in (0, 1)] + [system("svm", 7, accuracy=0.6)]
        rows = examples[fold * 20 : fold * 20 + 20]
        evaluate(systems, {"test": rows}, tmp_path / f"{fold}", SETTINGS, {"baselines": ["svm"], "title": "mine"})
        folds[f"fold {fold}"] = tmp_path / f"{fold}"
    found = gather_folds(folds)
    assert [(each.name, each.seed) for each in found.systems] == [("net", 0), ("net", 1), ("svm", 7)]
    assert [row.id for row in found.tests["test"]] == [row.id for row in examples]
    assert (found.context["baselines"], found.context["title"]) == (["svm"], "mine, 3 folds")
    metrics = evaluate(found.systems, found.tests, tmp_path / "all", SETTINGS, found.context)
    assert metrics["tests"]["test"]["rows"] == 60
    parts = [json.loads((folder / "metrics.json").read_text()) for folder in folds.values()]
    right = [run["macro_f1"] for run in metrics["systems"][0]["tests"]["test"]["runs"]]
    assert len(right) == 2
    accuracies = [part["systems"][0]["tests"]["test"]["mean"]["accuracy"] for part in parts]
    assert metrics["systems"][0]["tests"]["test"]["mean"]["accuracy"] == pytest.approx(sum(accuracies) / 3, abs=1e-6)


def test_folds_that_do_not_fit_together(system, examples, two_runs: dict[str, Path], tmp_path: Path) -> None:
    with pytest.raises(DataError, match="new has other test files than old; folds have the same"):
        gather_folds(two_runs)
    evaluate([system("net", 0)], {"test": examples[:20]}, tmp_path / "1", SETTINGS, {})
    evaluate([system("net", 0)], {"test": examples[10:40]}, tmp_path / "2", SETTINGS, {})
    evaluate([system("net", 1)], {"test": examples[40:]}, tmp_path / "3", SETTINGS, {})
    with pytest.raises(DataError, match="b: test has rows that another fold has too:\n  id 'row-10'"):
        gather_folds({"a": tmp_path / "1", "b": tmp_path / "2"})
    with pytest.raises(DataError, match="other systems or seeds:\n  net: only in a\n  net: only in c"):
        gather_folds({"a": tmp_path / "1", "c": tmp_path / "3"})
    with pytest.raises(ConfigError, match="found 1 run, expected the evaluations of two or more folds"):
        gather_folds({"a": tmp_path / "1"})
