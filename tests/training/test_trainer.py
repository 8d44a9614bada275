from __future__ import annotations

import sys

import numpy as np
import pytest
from transformers import TrainerControl, TrainerState, TrainingArguments

from stancelab.training.dev_rows import dev_metric
from stancelab.training.progress import DevProgress


def test_the_dev_metric_of_several_corpora_is_their_mean() -> None:
    gold = np.array([0, 1, 2, 0, 0, 0, 0])
    predicted = np.array([0, 1, 2, 1, 1, 1, 0])
    corpora = ["a", "a", "a", "b", "b", "b", "b"]
    logits = np.eye(3)[predicted]
    assert dev_metric("accuracy", corpora, gold, logits) == pytest.approx((1 + 0.25) / 2)
    assert dev_metric("f_avg", ["a"] * 7, gold, logits) == pytest.approx((2 * 2 / 7 + 1) / 2)


def test_the_best_checkpoint_of_two_classes_is_chosen_by_them() -> None:
    gold = np.array([0, 2, 2, 0])
    logits = np.eye(3)[gold] + np.array([0, 5, 0])
    assert dev_metric("macro_f1", ["a"] * 4, gold, logits, (0, 2)) == 1.0
    assert dev_metric("macro_f1", ["a"] * 4, gold, np.eye(3)[gold]) == pytest.approx(2 / 3)


@pytest.mark.parametrize("terminal", [False, True])
def test_a_bar_is_drawn_on_a_terminal_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], terminal: bool
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: terminal)
    bar, state = DevProgress("macro_f1"), TrainerState(max_steps=4, global_step=0)
    arguments, control = TrainingArguments(report_to="none"), TrainerControl()
    bar.on_train_begin(arguments, state, control)
    state.global_step = 2
    bar.on_step_end(arguments, state, control)
    bar.on_log(arguments, state, control, {"eval_macro_f1": 0.25})
    bar.close()
    found = capsys.readouterr()
    assert ("0/4" in found.err) == terminal
    assert terminal or found.err == ""
    assert "dev macro_f1 25.0" in found.out
