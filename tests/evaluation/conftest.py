"""A small test file with several rows in a sentence."""

from __future__ import annotations

import pytest

from stancelab.schema import Example, Span


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
