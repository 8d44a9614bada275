from __future__ import annotations

from types import MappingProxyType

import numpy as np
import pytest

from stancelab.evaluation.learners import Folds, compare_learners
from stancelab.metrics.bootstrap import Interval
from stancelab.metrics.significance import IDENTICAL, RANDOMIZATION, Comparison


def pair(first: str, second: str, method: str = RANDOMIZATION, repeats: tuple[str, str] | None = None) -> Comparison:
    return Comparison((first, second), 0.1, Interval(0, 0.2), 0.5, 0.5, method, repeats=repeats)


def test_systems_that_answer_alike_are_one_way_of_training_in_the_correction() -> None:
    random = np.random.default_rng(3)
    gold = random.integers(0, 3, 90)
    good = np.where(random.random(90) < 0.8, gold, (gold + 1) % 3)
    probabilities = [np.eye(3)[answers] for answers in (good, np.zeros(90, dtype=int), np.zeros(90, dtype=int))]
    members = MappingProxyType({"net": [0], "always": [1], "always_too": [2]})
    keys: list[tuple[str, int | None]] = [(name, 0) for name in members]
    pairs = [
        pair("net", "always"),
        pair("net", "always_too", repeats=("net", "always")),
        pair("always", "always_too", IDENTICAL),
    ]
    folds = Folds({key: np.arange(90) % 5 for key in keys}, 0.25)
    found = compare_learners(pairs, members, keys, gold, probabilities, "accuracy", folds)
    # One comparison is left, so that nothing is corrected.
    assert found[0].p < 0.05
    assert found[0].p_holm == pytest.approx(found[0].p)
    assert (found[1].p, found[1].p_holm) == (found[0].p, found[0].p_holm)
    assert (found[2].difference, found[2].p_holm) == (0.0, 1.0)
