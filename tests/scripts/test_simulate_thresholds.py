"""Accuracy and coverage from a threshold on are those of the rows whose probability is at least as high."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from stancelab.metrics.temperature import softmax

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "simulate_thresholds.py"


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> Any:
    spec = importlib.util.spec_from_file_location("simulate_thresholds", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "simulate_thresholds", module)
    spec.loader.exec_module(module)
    return module


def test_what_a_threshold_gives_on_other_rows(script: Any) -> None:
    logits, labels, _ = script.draw(script.SETTINGS[0], 500, np.random.default_rng(4))
    confidence, right = softmax(logits / 1.3).max(axis=1), logits.argmax(axis=1) == labels
    answered = confidence >= 0.8
    found = script.Others.of(logits, labels).from_threshold(0.8, 1.3)
    assert 0.1 < answered.mean() < 0.9
    assert found == (pytest.approx(right[answered].mean()), pytest.approx(answered.mean()))
