"""Scores before and after labels were corrected, worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from stancelab.evaluation.earlier_labels import scores_before
from stancelab.schema import STANCE_ID, Example


def row(number: int, stance: str) -> Example:
    return Example(id=f"r{number}", text="x", target="y", stance=stance)


def test_earlier_labels_are_scored() -> None:
    examples = [row(0, "favor"), row(1, "favor"), row(2, "against"), row(3, "against")]

    def answers(*stances: str) -> np.ndarray:
        return np.eye(3)[[STANCE_ID[stance] for stance in stances]]

    runs = [answers("favor", "favor", "against", "favor"), answers("favor", "favor", "favor", "favor")]
    # With r1 against: gold favor, against, against, against. The runs are right in 2 and 1 of 4 rows.
    found = scores_before(examples, runs, {"r1": "against"})
    assert found["accuracy"] == pytest.approx((2 / 4 + 1 / 4) / 2)
    # F1 of favor: 2/4 and 2/5; of against: 2/4 and 0.
    assert found["f_avg"] == pytest.approx(((0.5 + 0.5) / 2 + (0.4 + 0) / 2) / 2)
    assert scores_before(examples, runs, {}) == {}
    assert scores_before(examples, runs, None) == {}
