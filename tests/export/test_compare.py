from __future__ import annotations

import numpy as np
import pytest

from stancelab.checkpoint import ApproximateScores
from stancelab.errors import CheckpointError
from stancelab.export.compare import Answers, approximate_scores, beyond, check_fp32
from stancelab.schema import STANCES

GOLD = np.array([0, 1, 2, 2])
FP32 = Answers(np.array([[0.8, 0.1, 0.1], [0.2, 0.7, 0.1], [0.1, 0.3, 0.6], [0.3, 0.3, 0.4]]), GOLD, STANCES)
INT8 = Answers(np.array([[0.8, 0.1, 0.1], [0.2, 0.7, 0.1], [0.1, 0.3, 0.6], [0.45, 0.3, 0.25]]), GOLD, STANCES)


def test_the_scores_of_an_int8_network() -> None:
    scores = approximate_scores(INT8, FP32)
    assert (scores.flips, scores.forced) == (1, False)
    assert scores.difference == pytest.approx(0.15)
    assert scores.macro_f1_fp32 == 1
    assert scores.macro_f1 == pytest.approx((2 / 3 + 1 + 2 / 3) / 3)
    # Each row is alone in its bin: the mean distance of confidence from right or wrong.
    assert scores.ece_fp32 == pytest.approx((0.2 + 0.3 + 0.4 + 0.6) / 4)
    assert scores.ece == pytest.approx((0.2 + 0.3 + 0.4 + 0.45) / 4)


def scores_of(**changes: float) -> ApproximateScores:
    usual = {"flips": 0, "difference": 0.1, "macro_f1": 0.7, "macro_f1_fp32": 0.7, "ece": 0.02, "ece_fp32": 0.02}
    return ApproximateScores(**{**usual, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"macro_f1": 0.6951, "ece": 0.0299, "flips": 50}, []),
        ({"macro_f1": 0.9, "ece": 0.0}, []),
        ({"macro_f1": 0.694}, ["macro-F1 69.4 in place of 70.0, allowed are 0.5 points less"]),
        ({"ece": 0.031}, ["calibration error 3.1 in place of 2.0, allowed is 1 point more"]),
        ({"flips": 51}, ["another stance in 51 of 1,000 rows, allowed are 5% of them"]),
    ],
)
def test_what_is_allowed_of_an_int8_network(changes: dict[str, float], told: list[str]) -> None:
    assert beyond(scores_of(**changes), 1000) == told


def test_an_fp32_network_must_give_the_probabilities_of_the_checkpoint(tmp_path) -> None:
    near = Answers(FP32.probabilities + 9e-5, GOLD, STANCES)
    assert check_fp32(tmp_path, near, FP32) == pytest.approx(9e-5)
    with pytest.raises(
        CheckpointError, match=r"differs from the checkpoint by 0.15 in a probability, allowed is 0.0001"
    ):
        check_fp32(tmp_path, INT8, FP32)
    with pytest.raises(CheckpointError, match="differs from the checkpoint by nan"):
        check_fp32(tmp_path, Answers(FP32.probabilities * np.nan, GOLD, STANCES), FP32)
