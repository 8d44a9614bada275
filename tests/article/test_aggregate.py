from __future__ import annotations

import numpy as np
import pytest

from stancelab.article.aggregate import (
    Answer,
    StanceSettings,
    decide,
    score_interval,
    stances_of,
)
from stancelab.article.types import Pair
from stancelab.errors import ConfigError
from stancelab.schema import STANCES, Prediction, Span


def answer(against, favor, *, source="Norway", target="China", sentence=0, abstained=False):
    probabilities = (against, 1 - against - favor, favor)
    pair = Pair(sentence=sentence, source=source, target=target, source_span=None, target_span=Span(0, 1), how="named")
    predicted = STANCES[int(np.argmax(probabilities))]
    return Answer(
        pair,
        Prediction(
            predicted=predicted,
            p_against=probabilities[0],
            p_neutral=probabilities[1],
            p_favor=probabilities[2],
            abstained=abstained,
        ),
    )


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([], "none"),
        ([(0.1, 0.1)], "none"),
        ([(0.1, 0.8)], "favor"),
        ([(0.8, 0.1)], "against"),
        # Sentences without a stance do not outweigh one with a stance, however many there are.
        ([(0.8, 0.1)] + [(0.2, 0.2)] * 20, "against"),
        # 0.9 of 1.8 is half; 0.8 of 1.7 is 47%; 0.7 of 1.6 is 44%, below 45%; 0.9 of 2.7 is a third.
        ([(0.9, 0.0), (0.0, 0.9)], "mixed"),
        ([(0.9, 0.0), (0.0, 0.8)], "mixed"),
        ([(0.9, 0.0), (0.0, 0.7)], "against"),
        ([(0.9, 0.0)] * 2 + [(0.0, 0.9)], "against"),
    ],
)
def test_the_stance_of_an_article(rows, expected):
    probabilities = np.array([(a, 1 - a - f, f) for a, f in rows]).reshape(-1, 3)
    assert decide(probabilities, StanceSettings()) == expected


def test_the_parameters():
    rows = np.array([(0.6, 0.4, 0.0), (0.0, 0.4, 0.6)])
    assert decide(rows, StanceSettings()) == "mixed"
    assert decide(rows, StanceSettings(evidence=0.7)) == "none"
    assert decide(rows, StanceSettings(least=1.5)) == "none"
    assert decide(rows[:1], StanceSettings(least=0.6)) == "against"
    uneven = np.array([(0.9, 0.1, 0.0), (0.0, 0.4, 0.6)])
    assert decide(uneven, StanceSettings(mixed=0.39)) == "mixed"
    assert decide(uneven, StanceSettings(mixed=0.41)) == "against"
    # One side alone is never mixed.
    assert decide(rows[:1], StanceSettings(mixed=0.0)) == "against"


def test_answers_under_the_threshold_are_kept_and_not_counted():
    sure, unsure = answer(0.9, 0.05), answer(0.05, 0.9, sentence=1, abstained=True)
    (stance,) = stances_of([sure, unsure])
    assert (stance.stance, stance.sentences, stance.uncounted) == ("against", 1, (unsure,))
    assert stance.score == pytest.approx(-0.85)
    assert not stance.contradicts
    (only_unsure,) = stances_of([unsure])
    assert (only_unsure.stance, only_unsure.score, only_unsure.interval) == ("none", None, None)
    assert only_unsure.uncounted == (unsure,)


def test_contradictions_are_kept():
    rows = [answer(0.9, 0.0, sentence=n) for n in range(5)] + [answer(0.0, 0.6, sentence=5), answer(0.1, 0.1)]
    (stance,) = stances_of(rows)
    assert stance.stance == "against"
    assert stance.contradicts
    assert (len(stance.against), len(stance.favor), len(stance.neutral)) == (5, 1, 1)
    assert stance.favor[0].pair.sentence == 5


def test_pairs_are_kept_apart_and_in_order():
    rows = [
        answer(0.9, 0.0, source="Norway", target="China"),
        answer(0.0, 0.9, source="China", target="Norway"),
        answer(0.0, 0.9, source="", target="China"),
        answer(0.9, 0.0, source="Norway", target="China", sentence=1),
    ]
    found = [(one.source, one.target, one.stance, one.sentences) for one in stances_of(rows)]
    assert found == [("Norway", "China", "against", 2), ("China", "Norway", "favor", 1), ("", "China", "favor", 1)]
    alone = stances_of([rows[0], rows[3]])[0]
    assert alone.interval == stances_of(rows)[0].interval


def test_intervals():
    sure, unsure = np.array([[0.0, 0.0, 1.0]]), np.array([[0.2, 0.2, 0.6]])
    assert score_interval(sure, 500, 1) == (1.0, 1.0)
    # One unsure sentence may have any stance.
    assert score_interval(unsure, 500, 1) == (-1.0, 1.0)
    # The mean of the draws is the mean score, so that the interval of many alike sentences closes in on it: 0.4 with a
    # standard error of sqrt(0.8 - 0.16) / sqrt(400) = 0.04.
    low, high = score_interval(np.repeat(unsure, 400, axis=0), 4000, 1)
    assert low == pytest.approx(0.4 - 1.96 * 0.04, abs=0.01)
    assert high == pytest.approx(0.4 + 1.96 * 0.04, abs=0.01)
    # Sure sentences that contradict each other: half of 100 for it, a standard error of 0.1.
    low, high = score_interval(np.repeat(np.array([[1.0, 0, 0], [0, 0, 1.0]]), 50, axis=0), 4000, 1)
    assert (low, high) == (pytest.approx(-0.196, abs=0.03), pytest.approx(0.196, abs=0.03))


def test_settings_that_cannot_be_used():
    wrong = StanceSettings(evidence=2, least=-1, mixed=0.6, resamples=0, seed=-1)
    with pytest.raises(ConfigError) as error:
        stances_of([], wrong)
    for name in ("evidence: found 2", "least: found -1", "mixed: found 0.6", "resamples: found 0", "seed: found -1"):
        assert name in str(error.value)
