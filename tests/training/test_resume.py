"""What a training keeps so that it can go on after an interruption."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from stancelab.encoders import ModelSettings
from stancelab.errors import ConfigError
from stancelab.training.resume import TrainingState
from stancelab.training.settings import TrainingSettings

if TYPE_CHECKING:
    from pathlib import Path

MODEL, TRAINING = ModelSettings(), TrainingSettings(learning_rate=1e-4)


@pytest.fixture
def state(tmp_path: Path) -> TrainingState:
    return TrainingState.of(tmp_path, "data", MODEL, TRAINING, 0)


def checkpoint(state: TrainingState, step: int, *, complete: bool = True) -> Path:
    folder = state.folder / f"checkpoint-{step}"
    folder.mkdir(parents=True)
    if complete:
        (folder / "trainer_state.json").write_text("{}")
    return folder


def test_every_training_has_a_state_of_its_own(state: TrainingState, tmp_path: Path) -> None:
    assert TrainingState.of(tmp_path, "data", MODEL, replace(TRAINING, resume=True), 0) == state
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


def test_an_interruption_says_what_is_kept(state: TrainingState, caplog: pytest.LogCaptureFixture) -> None:
    checkpoint(state, 9)
    checkpoint(state, 20, complete=False)
    with pytest.raises(KeyboardInterrupt), state.told():
        raise KeyboardInterrupt
    assert f"the state after update 9 is kept in {state.folder}; the same settings, data and seed with " in caplog.text
    assert state.folder.exists()


def test_an_interruption_before_the_first_evaluation_leaves_nothing(
    state: TrainingState, caplog: pytest.LogCaptureFixture
) -> None:
    checkpoint(state, 9, complete=False)
    with pytest.raises(KeyboardInterrupt), state.told():
        raise KeyboardInterrupt
    assert "interrupted before the first evaluation: nothing of this training is kept" in caplog.text
    assert not state.folder.exists()


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
