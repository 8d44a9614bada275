"""A small run with all that a report shows: two test files, seeds, baselines, sentences that look like markup."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from stancelab.evaluation.evaluate import EvaluationSettings, evaluate
from stancelab.schema import STANCE_ID, Example, Span, System

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

SCRIPT = "<script>alert('x')</script>"

CONTEXT = {
    "title": "MiniLM & friends <on> a small corpus",
    "command": "stancelab evaluate dataset=outputs/datasets/small 'checkpoint=[a,b]'",
    "baselines": ["svm <b>", "majority"],
    "config": {"data": {"name": "small", "labels": {"against": ["con", "no"]}}, "note": "a <b>bold</b> note"},
    "dataset": {
        "name": "small",
        "fingerprint": "0123456789abcdef",
        "counts": {"train": {"rows": 1200, "against": 500}, "test": {"rows": 60}},
        "audit": {"duplicates": {"exact": 3}},
    },
    "checkpoints": [{"path": "outputs/a", "encoder": "mini", "seed": 0, "temperature": 1.25, "dev": {"macro_f1": 0.7}}],
    "created": "2025-01-02T03:04:05+00:00",
    "versions": {"python": "3.11.0"},
    "hardware": "2 cores",
}


class Noisy(System):
    """Right on about the given share of rows."""

    def __init__(self, name: str, seed: int | None, accuracy: float) -> None:
        self.name, self.seed, self.accuracy = name, seed, accuracy

    def predict_proba(self, examples: Sequence[Example]) -> np.ndarray:
        random = np.random.default_rng([len(self.name), self.seed or 0])
        gold = np.array([STANCE_ID[example.stance or ""] for example in examples])
        said = np.where(random.random(len(gold)) < self.accuracy, gold, (gold + 1) % 3)
        if self.name == "majority":
            said = np.ones_like(gold)
        confidence = random.uniform(0.5, 0.99, len(gold))
        probabilities = np.repeat((1 - confidence)[:, None] / 2, 3, axis=1)
        probabilities[np.arange(len(gold)), said] = confidence
        return probabilities


def rows(split: str, sentences: int) -> list[Example]:
    """Two rows a sentence; every target of the first kind is rare."""
    found = []
    for number in range(sentences):
        text = f"Minister {number} | praised {SCRIPT} and the *Accord* of _{split}_."
        start = text.index("the *Accord*")
        span = Span(start, start + len("the *Accord*"))
        for target, stance in ((f"Minister {number}", "neutral"), ("the *Accord*", ("against", "favor")[number % 2])):
            found.append(
                Example(
                    id=f"{split}-{len(found)}",
                    text=text,
                    target=target,
                    source="" if target.startswith("Minister") else f"minister {number}",
                    stance=stance,
                    target_span=span if target.startswith("the") else None,
                    split=split,
                )
            )
    return found


@pytest.fixture(scope="session")
def finished_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run")
    systems = [Noisy("minilm", seed, 0.85) for seed in (0, 1, 2)]
    systems += [Noisy("svm <b>", 13, 0.7), Noisy("majority", None, 0.0)]
    tests = {"test_rw": rows("test_rw", 60), "test_mt": rows("test_mt", 40)}
    evaluate(systems, tests, folder, EvaluationSettings(bootstrap_draws=200), CONTEXT)
    return folder


@pytest.fixture
def bare_run(tmp_path: Path) -> Path:
    """One system, one test file, no context."""
    evaluate(
        [Noisy("only", None, 1.0)], {"test": rows("test", 3)}, tmp_path, EvaluationSettings(bootstrap_draws=100), {}
    )
    return tmp_path


@pytest.fixture
def noisy() -> type[Noisy]:
    return Noisy


@pytest.fixture
def small_test() -> list[Example]:
    return rows("test", 90)
