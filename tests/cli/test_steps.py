"""The steps that several commands share."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from stancelab.cli.commands.compare import CompareConfig
from stancelab.cli.steps import evaluate_gathered, evaluate_with_baselines, prepared_dataset, say
from stancelab.errors import ConfigError
from stancelab.evaluation.runs.external import ExternalPredictions
from stancelab.evaluation.runs.read import Gathered
from stancelab.evaluation.settings import EvaluationSettings
from stancelab.results import Provenance, read_results
from stancelab.schema import STANCE_ID, STANCES, Example

if TYPE_CHECKING:
    from stancelab.cli.recipe import Recipe

FEW = EvaluationSettings(bootstrap_resamples=100, randomization_rounds=100)


@pytest.fixture
def config(composed, toy, workplace: Path) -> Recipe:
    words = toy.data(toy.write_table(workplace / "mine.csv"))
    found: Recipe = composed("evaluate", *words, "checkpoint=[]", "baselines.names=[majority]", "name=mine")
    found.evaluation = FEW
    return found


def test_a_line_is_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    say("größe: 1")
    say("")
    assert capsys.readouterr().out == "größe: 1\n\n"


def test_systems_and_baselines_are_evaluated_and_described(
    config: Recipe, fake_system, capsys: pytest.CaptureFixture[str]
) -> None:
    dataset = prepared_dataset(config)
    evaluate_with_baselines(config, dataset, [fake_system("net", 0)], Path("run"), "stancelab evaluate")
    results = read_results(Path("run"))
    assert [system.name for system in results.systems] == ["net", "majority"]
    assert (results.provenance.title, results.provenance.command) == ("mine", "stancelab evaluate")
    assert results.provenance.dataset is not None
    assert results.provenance.dataset.name == "toy"
    manifest = json.loads(Path("run/manifest.json").read_text())
    assert (manifest["kind"], manifest["dataset"]) == ("evaluate", dataset.fingerprint)
    assert Path("run/report.md").is_file()
    assert capsys.readouterr().out.splitlines()[-1] == "report: run/report.html"


def test_a_system_that_is_called_as_a_baseline_is_refused_before_anything_is_fitted(
    config: Recipe, fake_system, caplog: pytest.LogCaptureFixture
) -> None:
    dataset = prepared_dataset(config)
    caplog.set_level("INFO")
    with pytest.raises(ConfigError, match=r"called 'majority', as a baseline is; .* 'checkpoint=\{my_majority: FOLD"):
        evaluate_with_baselines(config, dataset, [fake_system("majority")], Path("run"), "stancelab evaluate")
    assert "fitted" not in caplog.text
    assert not Path("run").exists()
    # A baseline that is not fitted takes no name away.
    evaluate_with_baselines(config, dataset, [fake_system("lexicon")], Path("run"), "stancelab evaluate")
    assert [system.name for system in read_results(Path("run")).systems] == ["lexicon", "majority"]


def test_what_was_gathered_is_ranked_by_its_own_metric(workplace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import numpy as np

    rows = [Example(id=str(n), text=f"Sentence {n}.", target="it", stance=STANCES[n % 3]) for n in range(30)]
    answers = {row.id: np.eye(3)[STANCE_ID[row.stance or ""]] for row in rows}
    system = ExternalPredictions("right", None, answers, has_probabilities=False)
    found = Gathered([system], {"test": rows}, Provenance(title="a and b", commands=["x"]), "accuracy")
    config = CompareConfig(name="both", runs=["a", "b"])
    evaluate_gathered(config, FEW, found, Path("both"), "stancelab compare a b", "compare")
    results = read_results(Path("both"))
    assert (results.primary_metric, results.systems[0].tests["test"].mean.accuracy) == ("accuracy", 1)
    assert (results.provenance.command, results.provenance.commands) == ("stancelab compare a b", ["x"])
    assert results.provenance.config["runs"] == ["a", "b"]
    assert json.loads(Path("both/manifest.json").read_text())["kind"] == "compare"
    assert "right" in capsys.readouterr().out
