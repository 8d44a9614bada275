from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import ttest_rel

from stancelab.evaluation.calibration_tests import compare_losses, noise_floors, temperature_effects
from stancelab.evaluation.gold_rows import GoldRows
from stancelab.evaluation.settings import EvaluationSettings
from stancelab.metrics.calibration import before_temperature
from stancelab.metrics.classification import proper_losses

SETTINGS = EvaluationSettings(bootstrap_resamples=20_000)


@pytest.fixture
def alone(examples):
    """Each row is a sentence of its own."""
    from dataclasses import replace

    return GoldRows.of([replace(each, text=each.id) for each in examples], "text")


def sure(test: GoldRows, share: float, confidence: float, seed: int) -> np.ndarray:
    """Probabilities that are right on a share of rows."""
    random = np.random.default_rng(seed)
    answer = np.where(random.random(len(test.gold)) < share, test.gold, (test.gold + 1) % 3)
    rows = np.full((len(answer), 3), (1 - confidence) / 2)
    rows[np.arange(len(answer)), answer] = confidence
    return rows


def test_two_single_runs_are_a_paired_t_test(alone) -> None:
    runs = [sure(alone, 0.7, 0.8, 1), sure(alone, 0.6, 0.9, 2)]
    found = compare_losses(alone, runs, {"a": [0], "b": [1]}, SETTINGS)
    assert [(each.systems, each.metric) for each in found] == [(("a", "b"), "brier"), (("a", "b"), "nll")]
    for place, each in enumerate(found):
        own, other = (proper_losses(alone.gold, run)[place] for run in runs)
        expected = ttest_rel(own, other)
        assert each.difference == pytest.approx(own.mean() - other.mean())
        assert each.p == pytest.approx(expected.pvalue, rel=0.15)  # of 5,000 resamples
        assert each.interval == pytest.approx(tuple(expected.confidence_interval(0.95)), abs=0.02)
    assert max(each.p_holm for each in found) == pytest.approx(max(2 * min(e.p for e in found), found[0].p, found[1].p))


def test_systems_of_several_seeds_and_a_single_one(alone) -> None:
    runs = [sure(alone, 0.7, 0.8, seed) for seed in range(4)]
    found = compare_losses(alone, runs, {"a": [0, 1, 2], "b": [3]}, SETTINGS)
    own = np.mean([proper_losses(alone.gold, run)[1].mean() for run in runs[:3]])
    assert found[1].difference == pytest.approx(own - proper_losses(alone.gold, runs[3])[1].mean())
    assert found[1].interval.low < found[1].difference < found[1].interval.high
    assert compare_losses(alone, runs, {"a": [0, 1, 2]}, SETTINGS) == []


def test_the_effect_of_a_temperature(alone, fake_system) -> None:
    net, other = fake_system("net", 1), fake_system("svm")
    net.temperature = 3.0
    runs = [sure(alone, 0.6, 0.7, 1), sure(alone, 0.6, 0.7, 2)]
    found = temperature_effects([net, other], alone, runs, {"net": [0], "svm": [1]}, SETTINGS)
    assert list(found) == ["net"]
    now, then = (proper_losses(alone.gold, each)[1] for each in (runs[0], before_temperature(runs[0], 3.0)))
    effect = found["net"]["nll"]
    assert effect.difference == pytest.approx(now.mean() - then.mean())
    assert effect.difference < 0
    assert effect.interval == pytest.approx(tuple(ttest_rel(now, then).confidence_interval(0.95)), abs=0.03)


def test_one_sentence_has_no_tests(examples) -> None:
    test = GoldRows.of(examples[:2], "text")
    runs = [sure(test, 1, 0.8, 1), sure(test, 0, 0.8, 1)]
    members = {"a": [0], "b": [1]}
    assert noise_floors(test, runs, members, SETTINGS) == {}
    assert compare_losses(test, runs, members, SETTINGS) == []
