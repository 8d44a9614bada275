"""Commands that run several times: seeds, shares of train, runs of the same second."""

from __future__ import annotations

import datetime
import json
from typing import TYPE_CHECKING, Any

import pytest

from stancelab.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.mark.slow
def test_several_seeds_and_a_sweep_folder(
    workplace: Path, toy: Any, only: Callable[[Path], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    common = toy.data(toy.write_table(workplace / "mine.csv"))
    assert main(["train", *common, *toy.training, "training.epochs=1", "sweep=seeds", "seed=0,1"]) == 0
    sweep = only(workplace / "outputs" / "train" / "toy-tiny")
    assert {path.name for path in sweep.iterdir()} == {"multirun.yaml", "seed-0", "seed-1"}
    title, _, *rows, note = capsys.readouterr().out.splitlines()[-5:]
    assert title == "dev macro_f1 in percent, by setting, the best first"
    assert {tuple(row.split()[2:]) for row in rows} == {("seed=0", "seed-0"), ("seed=1", "seed-1")}
    assert float(rows[0].split()[1]) >= float(rows[1].split()[1])
    assert note.startswith("Note: the best of 2 is flattered")
    assert main(["evaluate", *common, f"checkpoint={sweep}", "baselines.names=[majority]"]) == 0
    table = capsys.readouterr().out
    metrics = json.loads((only(workplace / "outputs" / "evaluate" / "toy") / "metrics.json").read_text())
    assert metrics["systems"][0]["seeds"] == [0, 1]
    assert "tiny" in table
    assert "±" in table


@pytest.mark.slow
def test_runs_that_start_in_one_second_write_apart(workplace: Path, toy: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    class Stopped(datetime.datetime):
        @classmethod
        def now(cls, tz: datetime.tzinfo | None = None) -> Stopped:
            return cls(2026, 1, 1)

    monkeypatch.setattr("hydra.core.utils.datetime", Stopped)
    common = toy.data(toy.write_table(workplace / "mine.csv"))
    words = ["evaluate", *common, "checkpoint=[]", "baselines.names=[majority]", "evaluation.bootstrap_resamples=100"]
    assert main(words) == 0
    assert main(words) == 0
    assert main([*words, "split.seed=0,1", "-m"]) == 0
    folder = workplace / "outputs" / "evaluate" / "toy"
    second = "2026-01-01_00-00-00"
    assert sorted(path.name for path in folder.iterdir()) == [second, f"{second}-2", f"{second}-3"]
    assert all((folder / f"{second}{run}" / "report.html").is_file() for run in ("", "-2", "-3/seed-0", "-3/seed-1"))


@pytest.mark.slow
def test_a_learning_curve_of_a_sweep(
    workplace: Path, toy: Any, only: Callable[[Path], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    common = toy.data(toy.write_table(workplace / "mine.csv"))
    words = ["checkpoint=[]", "baselines.names=[majority,ngram_svm]", "evaluation.bootstrap_resamples=100"]
    # Settings may follow -m.
    assert main(["evaluate", *common, *words, "split.train_share=0.5,1.0", "-m", "split.sample_seed=0,1"]) == 0
    folder = workplace / "outputs" / "evaluate" / "toy"
    assert main(["curve", str(only(folder)), "evaluation.bootstrap_resamples=100"]) == 0
    assert "50% of train" in capsys.readouterr().out
    made = only(workplace / "outputs" / "curve" / "curve")
    assert (made / "report.html").is_file()
    assert (made / "50percent" / "report.html").is_file()
    systems = json.loads((made / "100percent" / "metrics.json").read_text())["systems"]
    assert {system["name"] for system in systems} == {"majority", "ngram_svm"}
    assert main(["curve", str(folder), "evaluation.tests=[nowhere]"]) == 2
    assert "allowed test" in capsys.readouterr().err
    assert main(["curve", str(folder), str(only(folder) / "train_share-0.5__sample_seed-0")]) == 2
    assert "is given twice, by itself or with the folder that holds it" in capsys.readouterr().err
