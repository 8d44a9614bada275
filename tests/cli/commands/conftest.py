"""What the tests of the commands share: a toy corpus, evaluations of fake systems, and a check of what is refused."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest

from stancelab.checkpoint import load_info
from stancelab.cli import main
from stancelab.evaluation.evaluate import evaluate
from stancelab.evaluation.settings import EvaluationSettings
from stancelab.results import DatasetProvenance, Provenance, TrainingSample
from stancelab.schema import STANCES, Example
from stancelab.training.finetune import TrainedModel

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from stancelab.data.prepared import PreparedDataset
    from stancelab.encoders import ModelSettings


@pytest.fixture
def few() -> EvaluationSettings:
    """As few resamples and rounds as are allowed."""
    return EvaluationSettings(bootstrap_resamples=100, randomization_rounds=100)


@pytest.fixture
def corpus(toy, workplace: Path) -> list[str]:
    """The words that name the toy corpus, whose table lies in the working directory, and the tiny encoder."""
    return list(toy.data(toy.write_table(workplace / "mine.csv")))


@pytest.fixture
def baseline() -> list[str]:
    """The words that leave one baseline and few resamples."""
    return ["baselines.names=[majority]", "evaluation.bootstrap_resamples=100", "evaluation.randomization_rounds=100"]


@pytest.fixture
def write_run(fake_system, few: EvaluationSettings, workplace: Path) -> Callable[..., str]:
    """A function that writes the evaluation of a system and of a baseline on 30 rows, and returns its folder."""

    def write(
        name: str, system: str = "net", *, first_row: int = 0, share: float | None = None, fold: int | None = None
    ) -> str:
        rows = [
            Example(id=str(number), text=f"Sentence {number}.", target="it", stance=STANCES[number % 3])
            for number in range(first_row, first_row + 30)
        ]
        dataset = DatasetProvenance(
            name="small",
            counts={"train": {"rows": round(400 * (share or 1))}},
            split={} if fold is None else {"kind": "kfold", "folds": 2, "fold": fold, "seed": 13},
            sample=None if share is None else TrainingSample(setting="train_share", amount=share),
        )
        provenance = Provenance(title=name, command=f"stancelab run name={name}", dataset=dataset)
        systems = [fake_system(system, 0), fake_system("majority", is_baseline=True, always="neutral")]
        evaluate(systems, {"test": rows}, workplace / name / "now", few, provenance=provenance)
        return f"{name}/now"

    return write


@pytest.fixture
def refused(workplace: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """A function that runs a command line that fails with exit code 2 and leaves nothing; it returns the message."""

    def run(*words: str) -> str:
        before = sorted(workplace.rglob("*"))
        assert main(words) == 2
        assert sorted(workplace.rglob("*")) == before
        shown = capsys.readouterr().err
        assert "Traceback" not in shown
        return shown

    return run


@pytest.fixture
def trained(checkpoint: Path, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Nothing is trained: the run's checkpoint is a copy. The list holds how training was asked for."""
    asked: list[dict[str, Any]] = []

    def finetune(dataset: PreparedDataset, model: ModelSettings, training: Any, **others: Any) -> TrainedModel:
        asked.append({"dataset": dataset.name, "model": model.name, **others})
        folder = shutil.copytree(checkpoint, others["output"] / "checkpoint")
        return TrainedModel(folder, load_info(folder), history=[], cut={})

    monkeypatch.setattr("stancelab.training.finetune.finetune", finetune)
    return asked
