"""Rows of which every perturbation changes one."""

from __future__ import annotations

import numpy as np
import pytest

from stancelab.evaluation.perturbations.registry import PERTURBATIONS
from stancelab.schema import Example, Span

TEXT = "France did not back the Baltic pact, which Poland welcomed, and it's silent on the French fleet."


def make_row(source: str, target: str, stance: str, text: str = TEXT, **extra: str) -> Example:
    start = text.find(target)
    return Example(
        id=f"{source}-{target}", text=text, source=source, target=target, stance=stance,
        target_span=Span(start, start + len(target)) if start >= 0 else None, extra=extra,
    )  # fmt: skip


@pytest.fixture(scope="session")
def row():
    return make_row


@pytest.fixture(scope="session")
def text() -> str:
    return TEXT


@pytest.fixture(scope="session")
def rows() -> list[Example]:
    negated = TEXT.replace("did not back", "backed")
    return [
        make_row("France", "the Baltic pact", "against", negated_text=negated, negated_stance="favor"),
        make_row("Poland", "the Baltic pact", "favor"),
        make_row("Poland", "the French fleet", "neutral"),
        make_row("", "the summit", "neutral", text="Nothing came of it."),
    ]


@pytest.fixture(scope="session")
def changed():
    """Return a function that applies a perturbation to rows."""

    def change(name: str, rows: list[Example]) -> list[Example | None]:
        return PERTURBATIONS[name].change(rows, np.random.default_rng(1))

    return change
