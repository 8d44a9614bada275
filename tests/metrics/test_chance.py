from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, f1_score

from stancelab.metrics.chance import guessing_scores


def test_guesses_by_the_class_shares_against_scikit_learn() -> None:
    counts = [50_000, 120_000, 30_000]
    gold = np.repeat([0, 1, 2], counts)
    guesses = np.random.default_rng(0).permutation(gold)
    found = guessing_scores(counts)
    by_class = f1_score(gold, guesses, average=None)
    assert found["accuracy"] == pytest.approx(accuracy_score(gold, guesses), abs=0.005)
    assert found["macro_f1"] == pytest.approx(by_class.mean(), abs=0.005)
    assert found["f_avg"] == pytest.approx((by_class[0] + by_class[2]) / 2, abs=0.005)


def test_exact_shares() -> None:
    # Shares 1/2, 1/4, 1/4: 1/4 + 1/16 + 1/16.
    assert guessing_scores([2, 1, 1]) == pytest.approx({"accuracy": 0.375, "macro_f1": 1 / 3, "f_avg": 0.375})
    # A class that the file lacks counts as 0.
    assert guessing_scores([1, 0, 1]) == pytest.approx({"accuracy": 0.5, "macro_f1": 1 / 3, "f_avg": 0.5})
