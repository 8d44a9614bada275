from __future__ import annotations

import numpy as np
import pytest

from stancelab.training.trainer import dev_metric


def test_the_dev_metric_of_several_corpora_is_their_mean() -> None:
    gold = np.array([0, 1, 2, 0, 0, 0, 0])
    predicted = np.array([0, 1, 2, 1, 1, 1, 0])
    corpora = ["a", "a", "a", "b", "b", "b", "b"]
    logits = np.eye(3)[predicted]
    assert dev_metric("accuracy", corpora, gold, logits) == pytest.approx((1 + 0.25) / 2)
    assert dev_metric("f_avg", ["a"] * 7, gold, logits) == pytest.approx((2 * 2 / 7 + 1) / 2)


def test_the_best_checkpoint_of_two_classes_is_chosen_by_them() -> None:
    gold = np.array([0, 2, 2, 0])
    logits = np.eye(3)[gold] + np.array([0, 5, 0])
    assert dev_metric("macro_f1", ["a"] * 4, gold, logits, (0, 2)) == 1.0
    assert dev_metric("macro_f1", ["a"] * 4, gold, np.eye(3)[gold]) == pytest.approx(2 / 3)
