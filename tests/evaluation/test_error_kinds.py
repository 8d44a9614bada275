from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from stancelab.evaluation.error_kinds import error_kinds
from stancelab.evaluation.gold_rows import GoldRows
from stancelab.evaluation.settings import EvaluationSettings
from stancelab.schema import STANCE_ID, STANCES


def predictions(*stances: str) -> np.ndarray:
    return np.eye(3)[[STANCE_ID[stance] for stance in stances]]


def test_directions_are_counted_apart_from_neutral(examples) -> None:
    gold = 2 * ["favor", "favor", "favor", "against", "against", "neutral", "neutral", "neutral"]
    rows = [replace(examples[0], id=str(n), text=str(n), stance=stance) for n, stance in enumerate(gold)]
    test = GoldRows.of(rows, "text")
    one = predictions(*2 * ["against", "neutral", "favor", "favor", "neutral", "favor", "against", "neutral"])
    exact = predictions(*gold)
    found = error_kinds(test, [one, exact], {"one": [0], "both": [0, 1]}, EvaluationSettings(bootstrap_resamples=400))
    kinds = found["one"]
    assert (kinds.favor_as_against, kinds.against_as_favor) == (2, 2)
    assert (kinds.stance_as_neutral, kinds.neutral_as_stance) == (4, 4)
    assert kinds.direction_share == 0.25
    assert kinds.direction_interval is not None
    # Binomial: 0.25 ± t(15) * sqrt(0.25 * 0.75 / 15).
    assert kinds.direction_interval.high == pytest.approx(0.25 + 2.131 * 0.1118, abs=0.03)
    assert found["both"].favor_as_against == 1.0
    assert found["both"].direction_share == 0.125


def test_fewer_than_ten_sentences_have_no_interval(examples) -> None:
    rows = [replace(examples[0], id=str(n), text=str(n), stance="favor") for n in range(9)]
    one = predictions("against", *8 * ["favor"])
    found = error_kinds(GoldRows.of(rows, "text"), [one], {"one": [0]}, EvaluationSettings())["one"]
    assert found.direction_share == pytest.approx(1 / 9)
    assert found.direction_interval is None


def test_one_sentence_has_no_interval(examples) -> None:
    test = GoldRows.of([replace(examples[0], id=str(n), stance=stance) for n, stance in enumerate(STANCES)], "text")
    found = error_kinds(test, [np.eye(3)[[2, 1, 0]]], {"one": [0]}, EvaluationSettings())["one"]
    assert found.direction_share == pytest.approx(2 / 3)
    assert found.direction_interval is None
