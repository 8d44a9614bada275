"""The targets there are, as a message lists them."""

from __future__ import annotations

import numpy as np
import pytest

from stancelab.data.known_targets import list_targets

TARGETS = ["Hillary Clinton"] * 3 + ["Donald Trump"] * 2 + ["Atheism"] + [f"topic {n}" for n in range(12)]
KEYS = np.unique(TARGETS, return_inverse=True)[1].astype(np.uint64)


def listed(asked: str) -> list[str]:
    rows = np.arange(len(TARGETS), dtype=np.int64)
    return list_targets(asked, KEYS, rows, TARGETS.__getitem__).split(", ")


@pytest.mark.parametrize(
    ("asked", "near"),
    [
        ("Trump", "'Donald Trump' (2 rows)"),
        ("donald  trump jr", "'Donald Trump' (2 rows)"),
        ("atheismus", "'Atheism' (1 row)"),
        ("NATO", "'Hillary Clinton' (3 rows)"),
    ],
)
def test_the_nearest_comes_first_then_the_most_frequent(asked: str, near: str) -> None:
    found = listed(asked)
    assert found[0] == near
    assert {"'Hillary Clinton' (3 rows)", "'Donald Trump' (2 rows)"} <= set(found[:3])
    assert found[-1].endswith(" and 5 more")


def test_only_the_rows_of_one_corpus_are_listed() -> None:
    found = list_targets("x", KEYS, np.array([3, 5]), TARGETS.__getitem__)
    assert found == "'Donald Trump' (1 row), 'Atheism' (1 row)"
