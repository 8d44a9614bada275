"""Every row is scored by a model that has not seen its text."""

from __future__ import annotations

import numpy as np
import pytest

from stancelab.baselines.crossfit import out_of_fold
from stancelab.baselines.settings import BaselineSettings
from stancelab.errors import DataError
from stancelab.schema import STANCE_ID, Example

WORDS = {"favor": "welcomed praised backed", "against": "condemned rejected opposed", "neutral": "met phoned visited"}


def rows(count: int) -> list[Example]:
    found = []
    for number in range(count):
        stance = ("favor", "against", "neutral")[number % 3]
        text = f"Minister {number // 6} {WORDS[stance].split()[number % 9 // 3]} the plan {number // 2}."
        found.append(Example(id=str(number), text=text, target=f"plan {number % 4}", stance=stance))
    return found


def test_probabilities_come_in_the_order_of_the_rows() -> None:
    given = rows(120)
    gold = np.array([STANCE_ID[row.stance or ""] for row in given])
    found = out_of_fold(BaselineSettings(), "ngram_logreg", given, folds=4)
    assert found.sum(axis=1) == pytest.approx(np.ones(120))
    assert (found.argmax(axis=1) == gold).mean() > 0.9
    backwards = out_of_fold(BaselineSettings(), "ngram_logreg", given[::-1], folds=4)
    assert backwards[::-1] == pytest.approx(found)


def test_a_row_is_not_scored_by_its_own_text() -> None:
    # Each text is its own only hint: a model that had seen it would know the stance of the other row.
    random = np.random.default_rng(0)
    stances = random.choice(["favor", "against", "neutral"], 60)
    given = [
        Example(id=f"{i}-{k}", text=f"{'abcdefghij'[i % 10] * 5} {i * 7919}", target=f"t{k}", stance=str(stances[i]))
        for i in range(60)
        for k in range(2)
    ]
    gold = np.array([STANCE_ID[row.stance or ""] for row in given])
    found = out_of_fold(BaselineSettings(), "ngram_logreg", given, folds=5)
    assert (found.argmax(axis=1) == gold).mean() < 0.6


def test_one_text_cannot_be_divided() -> None:
    given = [Example(id=str(i), text="The same.", target=f"t{i}", stance=("favor", "against")[i % 2]) for i in range(6)]
    with pytest.raises(DataError, match="a single text or a single stance"):
        out_of_fold(BaselineSettings(), "ngram_logreg", given, folds=3)
