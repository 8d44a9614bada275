"""The benchmark of training counts rows and FLOPs of its turns, and the example's rows are padded to one length."""

from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from stancelab.data.build import build
from stancelab.data.prepared import PreparedDataset, load_prepared
from stancelab.data.settings import CorpusSettings
from stancelab.data.split_settings import AuditSettings, SplitSettings
from stancelab.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterator

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"
NAMES = ("bench_machine", "bench_training", "bench_training_example", "bench_training_systems")


@pytest.fixture
def modules(monkeypatch: pytest.MonkeyPatch) -> Iterator[SimpleNamespace]:
    monkeypatch.syspath_prepend(str(SCRIPTS))
    yield SimpleNamespace(**{name: importlib.import_module(name) for name in NAMES})
    for name in NAMES:
        sys.modules.pop(name, None)


@pytest.fixture
def dataset(tmp_path: Path) -> PreparedDataset:
    stances = ("favor", "against", "neutral")
    lines = ["text,source,target,stance,split"]
    for row in range(63):
        stance, split = stances[row % 3], "train" if row < 48 else "validation" if row < 60 else "test"
        lines.append(f"Norway met Iran on day {row} .,Norway,Iran,{stance},{split}")
    table = tmp_path / "toy.csv"
    table.write_text("\n".join(lines) + "\n", encoding="utf-8")
    corpus = CorpusSettings(name="toy", path=str(table))
    build([corpus], SplitSettings(kind="given"), AuditSettings(leakage="keep"), tmp_path / "prepared")
    return load_prepared(tmp_path / "prepared")


@pytest.fixture
def job(tiny_encoder: Path) -> dict[str, Any]:
    rates = {"learning_rate": 1e-4, "head_learning_rate": 1e-3}
    return {"encoder": str(tiny_encoder), "head": "pair", "rates": rates, "learning_rate": 5e-5, "epochs": 1, "seed": 0}


def test_the_example_joins_the_columns_and_pads_to_one_length(
    modules: Any, job: dict[str, Any], dataset: PreparedDataset, tmp_path: Path
) -> None:
    trainer, validation = modules.bench_training_systems.example_trainer(job, dataset, tmp_path / "out")
    # The encoder has 64 positions; one with more takes 128.
    assert {len(validation[place]["input_ids"]) for place in range(len(validation))} == {64}
    words = trainer.processing_class.decode(validation[0]["input_ids"], skip_special_tokens=True).split()
    assert words[:2] == ["norway", "met"] and words[-2:] == ["norway", "iran"]
    assert trainer.args.per_device_train_batch_size == 32 and not trainer.args.bf16


@pytest.mark.parametrize("ours", [False, True])
def test_a_turn_counts_the_rows_of_its_updates(
    modules: Any,
    job: dict[str, Any],
    dataset: PreparedDataset,
    tmp_path: Path,
    ours: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    systems = modules.bench_training_systems
    made = systems.our_trainer if ours else systems.example_trainer
    trainer = made(job, dataset, tmp_path / "out")
    trainer = trainer if ours else trainer[0]
    answers: list[dict[str, Any]] = []
    turns = iter([systems.TURN, systems.END])
    monkeypatch.setattr(systems, "next_turn", lambda: next(turns))
    flops = modules.bench_machine.EncoderFlops(1.0, 0.0)
    trainer.add_callback(systems.Turns(trainer, 1, flops, answers.append))
    trainer.train()
    assert trainer.state.global_step == len(answers) == 2
    # Ours takes 16 texts, of one row each here, the example 32 rows, of which 16 are left for the second batch.
    assert [each["rows"] for each in answers] == ([16, 16] if ours else [32, 16])
    per_row = [1e9 * each["gflop"] / each["rows"] / 3 for each in answers]
    assert all(5 < tokens < 32 for tokens in per_row)  # without padding


def test_whole_trainings_answer_the_validation_rows(
    modules: Any, job: dict[str, Any], dataset: PreparedDataset, tmp_path: Path
) -> None:
    for name in ("whole_example", "whole_ours"):
        taken, answers = getattr(modules.bench_training_systems, name)(job, dataset, tmp_path / name)
        assert answers.shape == (12,) and set(answers) <= {0, 1, 2}
        assert taken.cpu > 0


def test_figures_are_those_worked_by_hand(modules: Any) -> None:
    training = modules.bench_training
    taken = {
        training.EXAMPLE: [{"rows": 10, "wall": 2.0, "cpu": 1.0, "gflop": 5.0, "peak_mb": 1.0}] * 2,
        training.OURS: [
            {"rows": 20, "wall": 1.0, "cpu": 1.0, "gflop": 6.0, "peak_mb": 3.0},
            {"rows": 40, "wall": 2.0, "cpu": 1.0, "gflop": 6.0, "peak_mb": 4.0},
        ],
    }
    found = training._figures(training.OURS, taken, {"bf16": {"wall": 8.0, "cpu": 24.0}})
    assert (found["rows"], found["peak_mb"]) == (60, 4.0)
    assert found["wall"]["rows_per_second"] == pytest.approx(20) and found["wall"]["of_example"] == pytest.approx(4)
    assert found["cpu"]["of_example"] == pytest.approx(np.median([2, 4]))
    assert found["wall"]["share_of_peak"]["bf16"] == pytest.approx(0.5)
    assert found["cpu"]["share_of_peak"]["bf16"] == pytest.approx(0.25)


def test_a_dataset_is_a_folder_or_what_prepare_is_told(modules: Any, dataset: PreparedDataset) -> None:
    assert modules.bench_training.dataset_of([str(dataset.folder)]) == dataset.folder
    with pytest.raises(DataError, match="found nowhere, allowed is"):
        modules.bench_training.dataset_of(["nowhere"])


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["nowhere"], "found nowhere"),
        (["nowhere", "--head", "other"], "invalid choice: 'other'"),
        (["nowhere", "--learning-rate", "2"], "found '2', allowed is a number above 0"),
        (["nowhere", "--script", "gone.py"], "--script: found no file gone.py, allowed is examples/pytorch/"),
    ],
)
def test_wrong_arguments_are_one_line_and_exit_code_2(tmp_path: Path, words: list[str], reason: str) -> None:
    command = [sys.executable, str(SCRIPTS / "bench_training.py"), *words]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1 and reason in done.stderr


@pytest.mark.parametrize(("words", "batch"), [([], 16), (["--our-batch", "32"], 32)])
def test_our_batches_are_those_of_the_recipe_unless_told(
    modules: Any,
    dataset: PreparedDataset,
    tiny_encoder: Path,
    tmp_path: Path,
    words: list[str],
    batch: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        sys, "argv", ["bench_training.py", str(tmp_path / "prepared"), "--encoder", str(tiny_encoder), *words]
    )
    told = modules.bench_training.job_of(modules.bench_training.arguments(), tmp_path / "prepared")
    trainer = modules.bench_training_systems.our_trainer({**told, "epochs": 1}, dataset, tmp_path / "out")
    assert trainer.args.per_device_train_batch_size == batch
