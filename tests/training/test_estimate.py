"""How long a training takes is said once, from what its first updates took."""

from __future__ import annotations

import logging
from types import SimpleNamespace
from typing import Any

import pytest

from stancelab.training.estimate import Estimate, Later, estimate_sentence

ARGS: Any = SimpleNamespace(train_batch_size=10, gradient_accumulation_steps=2, eval_steps=500)


def told(
    estimate: Estimate,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    *,
    seconds: float,
    updates: int,
    begin: int = 0,
) -> list[str]:
    """Return what is said of a training whose updates take so many seconds each."""
    state: Any = SimpleNamespace(global_step=begin, max_steps=updates)
    monkeypatch.setattr("stancelab.training.estimate.time.monotonic", lambda: state.global_step * seconds)
    control: Any = None
    with caplog.at_level(logging.INFO):
        estimate.on_train_begin(ARGS, state, control)
        while state.global_step < updates:
            state.global_step += 1
            estimate.on_step_end(ARGS, state, control)
    return [record.message for record in caplog.records]


def test_a_training_alone(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    # After update 13 there are 1,200 left, of 3 s each: 60 min.
    assert told(Estimate(), monkeypatch, caplog, seconds=3, updates=1_213) == [
        "an estimate: about 60 min left: training 60 min (1,200 updates at 3.00 s, measured on the first 10)"
    ]


def test_evaluations_on_dev_baselines_and_answers_are_counted(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    # A text takes 3 s / 20 texts of an update / 3 passes: 0.05 s. Two evaluations on dev of 6,000 texts: 10 min.
    estimate = Estimate(6_000, Later(texts=12_000, baselines=240.0))
    assert told(estimate, monkeypatch, caplog, seconds=3, updates=1_213) == [
        "an estimate: about 84 min left: training 70 min, baselines 4 min, answers on the test files 10 min "
        "(1,200 updates at 3.00 s, measured on the first 10)"
    ]


def test_an_update_that_reads_its_texts_twice_takes_twice_the_time_of_a_text(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    # A text takes 3 s / 20 texts of an update / 6 passes: 0.025 s, and 12,000 texts 5 min.
    [line] = told(Estimate(0, Later(12_000, 0.0), passes=2), monkeypatch, caplog, seconds=3, updates=1_213)
    assert "answers on the test files 5 min" in line


def test_what_is_not_known_has_no_figure(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    [line] = told(Estimate(0, Later(texts=10)), monkeypatch, caplog, seconds=3, updates=1_213)
    assert line == (
        "an estimate: about 60 min left: training 60 min, answers on the test files less than 1 min "
        "(1,200 updates at 3.00 s, measured on the first 10; baselines not known, on top)"
    )


def test_a_training_that_goes_on_counts_what_is_left(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    [line] = told(Estimate(), monkeypatch, caplog, seconds=3, updates=1_213, begin=1_000)
    assert line.startswith("an estimate: about 10 min left: training 10 min (200 updates")


@pytest.mark.parametrize(("seconds", "updates"), [(0.01, 500), (3.0, 30), (3.0, 12)])
def test_what_is_short_is_not_told(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, seconds: float, updates: int
) -> None:
    assert told(Estimate(), monkeypatch, caplog, seconds=seconds, updates=updates) == []


def test_several_unknown_parts() -> None:
    assert estimate_sentence({"training": 90, "baselines": None, "answers": None}, "by x") == (
        "an estimate: about 2 min left: training 2 min (by x; baselines and answers not known, on top)"
    )
