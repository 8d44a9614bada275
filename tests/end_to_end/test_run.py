"""One run of all steps, then what evaluation, comparison and prediction make of it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from stancelab.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FEW = ("baselines.names=[majority,ngram_logreg]", "evaluation.bootstrap_resamples=100")


def metrics_of(run: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((run / "metrics.json").read_text())
    return found


def test_a_run_leaves_all_its_files(toy_run: Any) -> None:
    run = toy_run.folder
    assert toy_run.shown.strip().splitlines()[-1] == f"checkpoint: {run.relative_to(toy_run.table.parent)}/checkpoint"
    assert {path.name for path in run.iterdir()} >= {
        "checkpoint", "training.json", "metrics.json", "predictions", "report.html", "report.md", "manifest.json",
        "tensorboard", "run.log", ".hydra",
    }  # fmt: skip
    assert "stancelab run data=table" in (run / "report.html").read_text()


def test_the_model_is_better_than_the_majority(toy_run: Any) -> None:
    metrics = metrics_of(toy_run.folder)
    assert [system["name"] for system in metrics["systems"]] == ["tiny", "majority", "ngram_logreg"]
    scores = {system["name"]: system["tests"]["test"]["mean"]["macro_f1"] for system in metrics["systems"]}
    assert scores["tiny"] > scores["majority"]


def test_scores_can_be_recomputed_from_the_predictions(toy_run: Any) -> None:
    predictions = pd.read_parquet(next((toy_run.folder / "predictions").glob("tiny*.parquet")))
    accuracy = (predictions["stance"] == predictions["predicted"]).mean()
    system = metrics_of(toy_run.folder)["systems"][0]["tests"]["test"]
    assert system["mean"]["accuracy"] == pytest.approx(accuracy, abs=1e-6)


def test_evaluated_again_the_checkpoint_scores_the_same(
    toy_run: Any, workplace: Path, only: Callable[[Path], Path]
) -> None:
    assert main(["evaluate", *toy_run.words, f"checkpoint={toy_run.folder}", *FEW]) == 0
    again = only(workplace / "outputs" / "evaluate" / "toy")
    first = metrics_of(toy_run.folder)["systems"][0]["tests"]["test"]
    assert metrics_of(again)["systems"][0]["tests"]["test"] == first
    [dataset] = (workplace / "outputs" / "datasets").iterdir()
    assert re.fullmatch(r"toy-\w{8}", dataset.name)


def test_what_others_predicted_is_evaluated_and_compared(
    toy: Any, toy_run: Any, workplace: Path, only: Callable[[Path], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    predictions = pd.read_parquet(next((toy_run.folder / "predictions").glob("tiny*.parquet")))
    # Their labels are in the corpus's own words.
    answers = predictions[["id"]].assign(label=predictions["stance"].map(toy.names))
    answers.to_csv(workplace / "answers.csv", index=False)
    external = ["predictions={llm: answers.csv}", "checkpoint=[]", "name=others"]
    assert main(["evaluate", *toy_run.words, *FEW, *external]) == 0
    beside = only(workplace / "outputs" / "evaluate" / "others")
    others = metrics_of(beside)
    assert [each["name"] for each in others["systems"]] == ["llm", "majority", "ngram_logreg"]
    assert others["systems"][0]["tests"]["test"]["mean"]["accuracy"] == 1

    assert main(["compare", str(toy_run.folder), str(beside), "evaluation.bootstrap_resamples=100"]) == 0
    compared = only(workplace / "outputs" / "compare" / "compare")
    names = [each["name"] for each in metrics_of(compared)["systems"]]
    assert names == ["tiny", "majority", "ngram_logreg", "llm"]
    assert (compared / "report.html").is_file()

    capsys.readouterr()
    assert main(["evaluate", *toy_run.words, *FEW, *external, "evaluation.tests=[test_x]"]) == 2
    assert "evaluation.tests: found 'test_x', allowed test." in capsys.readouterr().err


def test_old_names_of_settings_still_work(
    toy_run: Any, workplace: Path, only: Callable[[Path], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    old = ["evaluation.probes=[lower_case,negated]", "evaluation.bootstrap_draws=100", "baselines.names=[majority]"]
    assert main(["evaluate", *toy_run.words, "checkpoint=[]", *old]) == 0
    assert (
        "'evaluation.bootstrap_draws=100' is spelled evaluation.bootstrap_resamples=100 now" in capsys.readouterr().err
    )
    metrics = metrics_of(only(workplace / "outputs" / "evaluate" / "toy"))
    assert metrics["procedure"]["bootstrap_resamples"] == 100


def test_prediction_over_the_table(
    toy: Any, toy_run: Any, workplace: Path, only: Callable[[Path], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    out = workplace / "out.csv"
    words = [f"checkpoint={toy_run.folder / 'checkpoint'}", f"input={toy_run.table}", f"output={out}", *toy.columns]
    assert main(["predict", *words]) == 0
    assert capsys.readouterr().out.strip().splitlines()[-1] == f"predictions: {out}"
    frame = pd.read_csv(out)
    test = frame[frame["split"] == "test"].reset_index(drop=True)
    predictions = pd.read_parquet(next((toy_run.folder / "predictions").glob("tiny*.parquet")))
    assert test["predicted"].tolist() == predictions["predicted"].tolist()
    run = only(workplace / "outputs" / "predict" / "predict")
    assert {path.name for path in run.iterdir()} == {"manifest.json", "run.log"}
    manifest = json.loads((run / "manifest.json").read_text())
    assert manifest["counts"]["rows"] == len(frame)
    assert manifest["command"].startswith("stancelab predict checkpoint=")
    assert manifest["config"]["predict"]["columns"]["text"] == "Tweet"
