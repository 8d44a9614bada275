"""What training is asked for, and what a run of it leaves. Nothing is trained here."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from stancelab.checkpoint import DevScores, load_info
from stancelab.cli.commands.train import execute
from stancelab.cli.steps import prepared_dataset
from stancelab.training.finetune import TrainedModel

if TYPE_CHECKING:
    from collections.abc import Callable


def test_a_run_is_described(
    composed, corpus: list[str], trained: list[dict[str, Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    config = composed("train", *corpus, "seed=7")
    execute(config, Path("run"), "stancelab train")
    assert trained == [
        {
            "dataset": "toy",
            "model": "tiny",
            "seed": 7,
            "output": Path("run"),
            "state": Path("outputs/interrupted"),
            "teachers": Path("outputs/teachers"),
            "earlier": (),
            "later": None,
        }
    ]
    manifest = json.loads(Path("run/manifest.json").read_text())
    assert (manifest["kind"], manifest["config"]["seed"]) == ("train", 7)
    assert manifest["dataset"] == prepared_dataset(config).fingerprint
    assert not {"baselines", "evaluation", "demo"} & set(manifest["config"])
    # This checkpoint says nothing of dev.
    assert capsys.readouterr().out == "checkpoint: run/checkpoint\n"


def test_the_score_on_dev_is_shown(
    composed, corpus: list[str], checkpoint: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    dev = DevScores(metric="f_avg", score=0.6149, nll_before=0.9, nll_after=0.8, corpora={})
    done = TrainedModel(checkpoint, dataclasses.replace(load_info(checkpoint), dev=dev), history=[], cut={})
    monkeypatch.setattr("stancelab.training.finetune.finetune", lambda *given, **others: done)
    execute(composed("train", *corpus), Path("run"), "stancelab train")
    assert capsys.readouterr().out.splitlines() == ["dev f_avg: 61.5", f"checkpoint: {checkpoint}"]
    warned = dataclasses.replace(done.info, warnings=["38 updates are few", "all are neutral"])
    done = dataclasses.replace(done, info=warned)
    execute(composed("train", *corpus), Path("other"), "stancelab train")
    assert capsys.readouterr().out.splitlines()[0] == "dev f_avg: 61.5, with 2 warnings (above, and in training.json)"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["model.name_or_path=./nowhere"], "./nowhere: no such folder"),
        (["model.input.max_length=65"], "model.input.max_length: found 65, allowed are at most the 64 positions of"),
        (["seed=-1"], "seed: found -1, allowed are 0 to 4294967295"),
        (["training.epochs=0"], "training.epochs: found 0"),
        (
            ["training.corpus_shares.toys=1"],
            "training.corpus_shares: found toys, allowed are the corpora toy and unlabeled; a share of 0 takes one out "
            "of the shares of an experiment. Did you mean 'toy'?",
        ),
        (["training.teacher=[./nowhere]"], "training.teacher: nowhere: no such folder; expected a checkpoint made by"),
        (["training.teacher=[none.parquet]"], "none.parquet: no such file; expected a table of a teacher's"),
        (["training.teacher=[none.parquet,./nowhere]"], "training.teacher: found none.parquet among 2 teachers"),
    ],
)
def test_settings_are_checked_before_the_corpus_is_prepared(
    corpus: list[str], refused: Callable[..., str], words: list[str], message: str
) -> None:
    assert message in refused("train", *corpus, *words)
