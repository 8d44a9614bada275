"""A system that says what it is told to, and a small test file with several rows in a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pytest

from stancelab.schema import STANCE_ID, Example, Span, System

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass
class FixedSystem(System):
    """Right on the given share of rows (drawn by its seed), with the given confidence."""

    name: str
    seed: int | None = None
    accuracy: float = 0.8
    confidence: float = 0.7
    answer: object = None

    def predict_proba(self, examples: Sequence[Example]) -> np.ndarray:
        if self.answer is not None:
            return self.answer  # type: ignore[return-value]
        random = np.random.default_rng(self.seed)
        gold = np.array([STANCE_ID[example.stance or ""] for example in examples])
        right = random.random(len(gold)) < self.accuracy
        said = np.where(right, gold, (gold + random.integers(1, 3, len(gold))) % 3)
        probabilities = np.full((len(gold), 3), (1 - self.confidence) / 2)
        probabilities[np.arange(len(gold)), said] = self.confidence
        return probabilities


@pytest.fixture
def system():
    return FixedSystem


@pytest.fixture
def examples() -> list[Example]:
    """60 rows, two in each of 30 sentences; three targets; all stances."""
    rows = []
    for number in range(60):
        text = f"Ministers met Envoy {number // 2} and the Council."
        rows.append(
            Example(
                id=f"row-{number}",
                text=text,
                target=("the Council", "Ministers", "the treaty")[number % 3],
                source="" if number % 4 else "Ministers",
                stance=("against", "neutral", "favor", "favor")[number % 4],
                target_span=Span(text.index("the Council"), len(text) - 1) if number % 3 == 0 else None,
                corpus="small",
                split="test",
                extra={"kind": "actor"} if number % 2 else {},
            )
        )
    return rows
