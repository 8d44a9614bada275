"""A corpus of sentences with two targets each, in which the words around a target tell the stance."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from stancelab.baselines.settings import BaselineSettings
from stancelab.schema import Example, Span

if TYPE_CHECKING:
    from collections.abc import Callable

ACTORS = ("Norway", "Iran", "Kenya", "Somalia", "China")
TARGETS = ("ceasefire", "treaty", "sanctions", "pact")
VERBS = {"favor": ("welcomed", "praised"), "against": ("condemned", "rejected"), "neutral": ("discussed", "met on")}


def _row(text: str, target: str, stance: str | None, source: str = "", row_id: str = "") -> Example:
    start = text.find(target)
    span = Span(start, start + len(target)) if start >= 0 else None
    return Example(
        id=row_id or f"{text}|{target}", text=text, source=source, target=target, stance=stance, target_span=span
    )


@pytest.fixture(scope="session")
def row() -> Callable[..., Example]:
    """Makes an example, its target marked where the text names it: row(text, target, stance, source, row_id)."""
    return _row


@pytest.fixture(scope="session")
def corpus() -> list[Example]:
    """120 rows, two to a sentence, of three stances and four targets."""
    rows = []
    stances = list(VERBS)
    for number in range(60):
        actor = ACTORS[number % 5]
        first, second = stances[number % 3], stances[(number + 1) % 3]
        one, other = TARGETS[number % 4], TARGETS[(number + 1 + number // 4 % 3) % 4]
        text = (
            f"{actor} {VERBS[first][number % 2]} the {one} in report {number} , then on another day it "
            f"{VERBS[second][number // 2 % 2]} the {other} ."
        )
        rows += [_row(text, one, first, actor), _row(text, other, second, actor)]
    return rows


@pytest.fixture
def settings() -> BaselineSettings:
    return BaselineSettings(folds=2, min_rows_per_target=20)
