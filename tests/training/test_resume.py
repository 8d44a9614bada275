"""What a training keeps so that it can go on after an interruption."""

from __future__ import annotations

import json
import logging
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import torch
from safetensors.torch import save_file

from stancelab.encoders import ModelSettings
from stancelab.errors import CheckpointError, ConfigError, InterruptedTraining
from stancelab.training.resume import TrainingState
from stancelab.training.settings import TrainingSettings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MODEL, TRAINING = ModelSettings(), TrainingSettings(learning_rate=1e-4)


@pytest.fixture
def state(tmp_path: Path) -> TrainingState:
    return TrainingState.of(tmp_path, "data", MODEL, TRAINING, 0)


def checkpoint(state: TrainingState, step: int, *, complete: bool = True, best: int | None = None) -> Path:
    """Write what the Trainer writes, as small as it can be."""
    folder = state.folder / f"checkpoint-{step}"
    folder.mkdir(parents=True)
    save_file({"weight": torch.ones(4)}, folder / "model.safetensors")
    for name in ("optimizer.pt", "scheduler.pt", "rng_state.pth"):
        torch.save({"numbers": torch.ones(100)}, folder / name)
    if complete:
        content = {"global_step": step, "best_global_step": best}
        (folder / "trainer_state.json").write_text(json.dumps(content))
    return folder


def test_every_training_has_a_state_of_its_own(state: TrainingState, tmp_path: Path) -> None:
    assert TrainingState.of(tmp_path, "data", MODEL, replace(TRAINING, resume=True, save_minutes=1), 0) == state
    # The rate of the training is its own setting; the encoder's default of it makes no other training.
    assert TrainingState.of(tmp_path, "data", replace(MODEL, learning_rate=1e-3), TRAINING, 0) == state
    others = [
        TrainingState.of(tmp_path, "other", MODEL, TRAINING, 0),
        TrainingState.of(tmp_path, "data", replace(MODEL, name="other"), TRAINING, 0),
        TrainingState.of(tmp_path, "data", MODEL, replace(TRAINING, epochs=2), 0),
        TrainingState.of(tmp_path, "data", MODEL, TRAINING, 1),
    ]
    assert len({each.folder for each in [state, *others]}) == 5


def test_it_goes_on_from_the_last_complete_checkpoint(state: TrainingState) -> None:
    checkpoint(state, 9)
    last = checkpoint(state, 100)
    checkpoint(state, 200, complete=False)
    assert state.start_from(resume=True) == str(last)


def test_without_resume_an_old_state_is_removed(state: TrainingState, caplog: pytest.LogCaptureFixture) -> None:
    checkpoint(state, 9)
    assert state.start_from(resume=False) is None
    assert not state.folder.exists()
    assert (
        "starting anew: the state of an interrupted run of these settings and data, after update 9, is " in caplog.text
    )


def _halved(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _emptied(path: Path) -> None:
    path.write_bytes(b"")


def _missing(path: Path) -> None:
    path.unlink()


@pytest.mark.parametrize(
    ("name", "harm", "told"),
    [
        ("optimizer.pt", _halved, "optimizer.pt is damaged"),
        ("optimizer.pt", _emptied, "optimizer.pt is damaged"),
        ("optimizer.pt", _missing, "optimizer.pt is missing"),
        ("scheduler.pt", _missing, "scheduler.pt is missing"),
        ("rng_state.pth", _missing, "rng_state.pth is missing"),
        ("rng_state.pth", _halved, "rng_state.pth is damaged"),
        ("model.safetensors", _halved, "model.safetensors is damaged"),
        ("model.safetensors", _missing, "model.safetensors is missing"),
        ("trainer_state.json", _emptied, "trainer_state.json is damaged"),
        ("trainer_state.json", _halved, "trainer_state.json is damaged"),
    ],
)
def test_a_damaged_state_falls_back_to_the_one_before(
    state: TrainingState, caplog: pytest.LogCaptureFixture, name: str, harm: Callable[[Path], None], told: str
) -> None:
    before, last = checkpoint(state, 9), checkpoint(state, 20)
    harm(last / name)
    assert state.start_from(resume=True) == str(before)
    assert f"the one before is taken: that after update 20 ({told})" in caplog.text
    assert not last.exists()


def test_a_state_without_its_best_weights_is_damaged(state: TrainingState, caplog: pytest.LogCaptureFixture) -> None:
    before, best = checkpoint(state, 9, best=9), checkpoint(state, 20, best=20)
    last = checkpoint(state, 30, best=20)
    assert state.start_from(resume=True) == str(last)
    _halved(best / "model.safetensors")
    assert state.start_from(resume=True) == str(before)
    assert "that after update 30 (the best weights so far, of update 20, cannot be read), that after update" in (
        caplog.text
    )


def test_where_every_state_is_damaged_it_says_so_and_keeps_them(state: TrainingState) -> None:
    folders = [checkpoint(state, 9), checkpoint(state, 20)]
    for folder in folders:
        _halved(folder / "optimizer.pt")
    with pytest.raises(
        CheckpointError, match=r"after update 9 \(optimizer.pt is damaged\); training.resume=false starts"
    ):
        state.start_from(resume=True)
    assert all(folder.is_dir() for folder in folders)
    shutil.rmtree(folders[0])
    assert state.start_from(resume=False) is None


def test_an_interruption_says_what_is_kept(state: TrainingState, caplog: pytest.LogCaptureFixture) -> None:
    checkpoint(state, 9)
    checkpoint(state, 20, complete=False)
    with pytest.raises(InterruptedTraining), state.told():
        raise KeyboardInterrupt
    assert f"the state after update 9 is kept in {state.folder}; the same settings, data and seed with " in caplog.text
    assert state.folder.exists()


def test_an_interruption_before_the_first_state_leaves_nothing(
    state: TrainingState, caplog: pytest.LogCaptureFixture
) -> None:
    checkpoint(state, 9, complete=False)
    with pytest.raises(KeyboardInterrupt) as raised, state.told():
        raise KeyboardInterrupt
    assert not isinstance(raised.value, InterruptedTraining)
    assert "interrupted before the first state was kept: nothing of this training is kept" in caplog.text
    assert not state.folder.exists()


def test_a_training_that_fails_before_the_first_state_leaves_no_folder(state: TrainingState) -> None:
    def fail() -> None:
        with pytest.raises(ConfigError), state.told():
            state.folder.mkdir(exist_ok=True)
            raise ConfigError("the disk is full")

    fail()
    assert not state.folder.exists()
    kept = checkpoint(state, 9)
    fail()
    assert kept.is_dir()


def test_where_nothing_is_kept_it_says_so(state: TrainingState, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        assert state.start_from(resume=True) is None
    assert "no interrupted run of these settings and data is kept" in caplog.text


def test_one_process_at_a_time(state: TrainingState) -> None:
    with state.locked(), pytest.raises(ConfigError, match="wait for it"), state.locked():
        pass
    with state.locked():
        pass
    assert not state.folder.with_suffix(".lock").exists()
