"""Checkpoints, baselines and tables of predictions on a corpus."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from stancelab.cli.commands.evaluate import execute
from stancelab.cli.steps import prepared_dataset
from stancelab.results import read_results

if TYPE_CHECKING:
    from collections.abc import Callable


def test_checkpoints_come_first_then_tables_then_baselines(
    composed, toy, corpus: list[str], baseline: list[str], checkpoint: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = composed("evaluate", *corpus, *baseline)
    config.checkpoint, config.predictions = {"mine": str(checkpoint)}, {"llm": "answers.csv"}
    # The answers are in the corpus's own words.
    rows = [(row.id, toy.names[row.stance]) for test in prepared_dataset(config).tests.values() for row in test]
    with Path("answers.csv").open("w", newline="") as file:
        csv.writer(file).writerows([("id", "label"), *rows])
    execute(config, Path("run"), "stancelab evaluate")
    results = read_results(Path("run"))
    assert [(system.name, system.is_baseline) for system in results.systems] == [
        ("mine", False), ("llm", False), ("majority", True),
    ]  # fmt: skip
    llm = results.system("llm")
    assert llm is not None
    assert llm.tests["test"].mean.accuracy == 1
    assert [each.name for each in results.provenance.checkpoints] == ["mine"]
    manifest = json.loads(Path("run/manifest.json").read_text())
    assert (manifest["kind"], manifest["config"]["predictions"]) == ("evaluate", {"llm": "answers.csv"})
    assert not {"training", "demo", "seed"} & set(manifest["config"])
    assert capsys.readouterr().out.splitlines()[-1] == "report: run/report.html"


def test_names_are_checked_before_weights_are_read_and_the_corpus_is_prepared(
    corpus: list[str], checkpoint_copy: Path, refused: Callable[..., str]
) -> None:
    (checkpoint_copy / "model.safetensors").write_bytes(b"damaged")
    other = shutil.copytree(checkpoint_copy, checkpoint_copy.with_name("other"))
    shown = refused("evaluate", *corpus, f"checkpoint=[{checkpoint_copy},{other}]")
    assert "system 'tiny' (seed 0) is given twice; runs of one system differ by their seed" in shown
    shown = refused("evaluate", *corpus, f"checkpoint={{majority: {other}}}", "baselines.names=[majority]")
    assert "a system is called 'majority', as a baseline is" in shown


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "not given: checkpoint; write for example checkpoint=VALUE"),
        (["checkpoint=3"], "3: no such folder; expected a checkpoint made by 'stancelab train'"),
        (["checkpoint=nothing"], "nothing: no such folder; expected a checkpoint made by 'stancelab train'"),
        (["checkpoint=."], ".: neither a checkpoint nor a run or a sweep that holds one"),
        (["checkpoint=[]", "predictions=[a.csv,./a.csv]"], "predictions: a.csv is given twice"),
        (["checkpoint=[]", "predictions={x: []}"], "predictions: no path is given for 'x'"),
        (["checkpoint=[]", "predictions=mime.csv"], "predictions: mime.csv: no such file (looked in "),
        (["checkpoint=[]", "predictions=mime.csv"], "Did you mean 'mine.csv'?"),
        (["checkpoint=[]", "data.extra=[p_favor]"], "data.extra: the tables of predictions have columns 'p_favor'"),
    ],
)
def test_paths_are_checked_before_the_corpus_is_prepared(
    corpus: list[str], refused: Callable[..., str], words: list[str], message: str
) -> None:
    assert message in refused("evaluate", *corpus, *words)
