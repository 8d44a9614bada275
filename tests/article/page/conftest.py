"""A reading for the tests of the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from stancelab.article.results import CorpusPair, Entry, Reading

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def favored() -> Callable[[int], Reading]:
    """Return what makes a reading: one source favors so many targets, and one name is in no pair."""

    def make(targets: int) -> Reading:
        names = [f"Target {number}" for number in range(targets)]
        corpus = [
            CorpusPair(
                source="Norway", target=name, stance="favor", sentences=1, favor=1, against=0, neutral=0, score=0.9,
                confidence=0.9,
            )
            for name in names
        ]  # fmt: skip
        entries = [Entry(name=name) for name in ("Norway", "Iran", *names)]
        return Reading(entries=entries, documents=[], evidence=[], pairs=[], corpus=corpus)

    return make
