"""The simulated test files have the sizes that they are asked for, and the earlier rule is Student's pooled test."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

from stancelab.metrics.classification import scores_of_confusions
from stancelab.metrics.significance import Runs

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "simulate_comparisons.py"


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> Any:
    spec = importlib.util.spec_from_file_location("simulate_comparisons", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "simulate_comparisons", module)
    spec.loader.exec_module(module)
    return module


def test_a_simulated_test_file(script: Any) -> None:
    setting = script.Setting(50, (2, 3), (1, 2), (0.1, 0.2), targets=7)
    answers = script.simulate(setting, np.random.default_rng(0))
    assert set(np.bincount(answers.document).tolist()) == {2, 3}
    assert answers.predicted.shape == (3, len(answers.gold))
    assert set(answers.target.tolist()) <= set(range(7))
    assert answers.counts(answers.document).sum() == 3 * len(answers.gold)


def test_a_gap_is_the_difference_of_accuracies(script: Any) -> None:
    setting = script.Setting(20_000, gap=0.05)
    answers = script.simulate(setting, np.random.default_rng(0))
    right = (answers.predicted == answers.gold).mean(axis=1)
    assert right[0] - right[1] == pytest.approx(0.05, abs=0.01)


def test_the_earlier_rule_pools_degrees_of_freedom(script: Any) -> None:
    answers = script.simulate(script.Setting(60, seeds=(3, 3), spread=(0.4, 0.4)), np.random.default_rng(1))
    counts = answers.counts(answers.document)
    points = scores_of_confusions(counts.sum(axis=0)).macro_f1
    certain = Runs(counts, np.tile(points, (50, 1)), {"a": [0, 1, 2], "b": [3, 4, 5]})
    assert script.pooled_p(certain, "a", "b") == pytest.approx(stats.ttest_ind(points[:3], points[3:]).pvalue)
