from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy.stats import ttest_rel

from stancelab.evaluation.calibration_tests import compare_losses, noise_floors, temperature_effects
from stancelab.evaluation.gold_rows import GoldRows
from stancelab.evaluation.resampling import Compared, corrected_losses
from stancelab.evaluation.settings import EvaluationSettings
from stancelab.metrics.calibration import before_temperature
from stancelab.metrics.classification import proper_losses
from stancelab.metrics.significance import IDENTICAL, RANDOMIZATION, SEEDS_AND_DATA, T_TEST

if TYPE_CHECKING:
    from collections.abc import Sequence

SETTINGS = EvaluationSettings(bootstrap_resamples=20_000)


@pytest.fixture
def alone(examples):
    """Each row is a sentence of its own."""
    return GoldRows.of([replace(each, text=each.id) for each in examples], "text")


def sure(test: GoldRows, share: float, confidence: float, seed: int) -> np.ndarray:
    """Probabilities that are right on a share of rows."""
    random = np.random.default_rng(seed)
    answer = np.where(random.random(len(test.gold)) < share, test.gold, (test.gold + 1) % 3)
    rows = np.full((len(answer), 3), (1 - confidence) / 2)
    rows[np.arange(len(answer)), answer] = confidence
    return rows


def systems(**runs: Sequence[int]) -> Compared:
    """Systems whose runs are seeds."""
    return Compared(runs, {name: list(range(len(own))) for name, own in runs.items()})


def test_two_single_runs_are_swapped(alone) -> None:
    runs = [sure(alone, 0.7, 0.8, 1), sure(alone, 0.6, 0.9, 2)]
    found = compare_losses(alone, runs, systems(a=[0], b=[1]), SETTINGS)
    assert [(each.systems, each.metric) for each in found] == [(("a", "b"), "brier"), (("a", "b"), "nll")]
    for place, each in enumerate(found):
        own, other = (proper_losses(alone.gold, run)[place] for run in runs)
        expected = ttest_rel(own, other)
        assert each.method == RANDOMIZATION
        assert each.difference == pytest.approx(own.mean() - other.mean())
        assert each.p == pytest.approx(expected.pvalue, rel=0.15)
        assert each.interval == pytest.approx(tuple(expected.confidence_interval(0.95)), abs=0.02)
    after, family = corrected_losses({"test": found})
    assert family == 2
    assert max(each.p_holm for each in after["test"]) == pytest.approx(
        max(2 * min(e.p for e in found), found[0].p, found[1].p)
    )


def test_systems_of_several_seeds_and_a_single_one(alone) -> None:
    runs = [sure(alone, 0.7, 0.8, seed) for seed in range(4)]
    _, found = compare_losses(alone, runs, systems(a=[0, 1, 2], b=[3]), SETTINGS)
    own = np.mean([proper_losses(alone.gold, run)[1].mean() for run in runs[:3]])
    assert found.difference == pytest.approx(own - proper_losses(alone.gold, runs[3])[1].mean())
    assert found.interval is not None
    assert found.interval.low < found.difference < found.interval.high
    assert compare_losses(alone, runs, systems(a=[0, 1, 2]), SETTINGS) == []


def test_a_trained_system_with_one_run_borrows_the_variance_between_seeds(alone) -> None:
    """As for scores: without it, one lucky run would make a difference of trainings."""
    runs = [sure(alone, share, 0.8, seed) for seed, share in enumerate((0.5, 0.7, 0.9, 0.8))]
    trained = compare_losses(alone, runs, systems(a=[0, 1, 2], b=[3]), SETTINGS)
    members = {"a": [0, 1, 2], "b": [3]}
    no_seed = compare_losses(alone, runs, Compared(members, {"a": [0, 1, 2], "b": [None]}), SETTINGS)
    baseline = compare_losses(alone, runs, Compared(members, {"a": [0, 1, 2], "b": [0]}, {"b"}), SETTINGS)
    for one, *others in zip(trained, no_seed, baseline, strict=True):
        assert (one.borrowed, one.method) == (("b",), SEEDS_AND_DATA)
        assert one.interval is not None
        for other in others:
            assert other.borrowed == ()
            assert other.interval is not None
            assert other.interval.high - other.interval.low < one.interval.high - one.interval.low
            assert other.p < one.p


def test_with_fewer_than_ten_units_there_is_no_interval(examples) -> None:
    test = GoldRows.of([replace(each, document=f"d{n % 9}") for n, each in enumerate(examples)], "document")
    runs = [sure(test, 0.7, 0.8, 1), sure(test, 0.6, 0.9, 2), sure(test, 0.6, 0.9, 3)]
    for members in ({"a": [0], "b": [1]}, {"a": [0], "b": [1, 2]}):
        assert [each.interval for each in compare_losses(test, runs, systems(**members), SETTINGS)] == [None, None]
    [swapped, _] = compare_losses(test, runs, systems(a=[0], b=[1]), SETTINGS)
    assert swapped.p * 2**9 == pytest.approx(round(swapped.p * 2**9)), "all ways to swap nine documents"


def test_p_values_are_corrected_over_all_files_and_systems_that_answer_alike_count_once(alone) -> None:
    runs = [sure(alone, 0.8, 0.8, 1), sure(alone, 0.6, 0.9, 2)]
    found = compare_losses(alone, [runs[0], runs[1], runs[1]], systems(a=[0], b=[1], c=[2]), SETTINGS)
    after, family = corrected_losses({"one": found, "two": found, "none": []})
    assert family == 2 * 2
    assert after["none"] == []
    by_pair = {(each.systems, each.metric): each for each in after["one"]}
    for metric in ("brier", "nll"):
        assert by_pair[("b", "c"), metric].method == IDENTICAL
        assert by_pair[("a", "c"), metric].repeats == ("a", "b")
        assert by_pair[("a", "c"), metric].p_holm == by_pair[("a", "b"), metric].p_holm
    smallest = min(each.p for each in found)
    assert min(each.p_holm for each in after["one"]) == pytest.approx(min(1, 4 * smallest))


def test_documents_and_targets_are_both_units(examples) -> None:
    rows = [replace(each, document=f"d{n % 20}", target=f"t{n % 12}") for n, each in enumerate(examples)]
    runs = [sure(GoldRows.of(rows, "text"), share, 0.8, seed) for seed, share in enumerate((0.8, 0.6))]
    settings = replace(SETTINGS, unit="document_and_target")
    crossed = compare_losses(GoldRows.of(rows, settings.unit), runs, systems(a=[0], b=[1]), settings)
    assert {each.method for each in crossed} == {T_TEST}
    one = [replace(each, target="t") for each in rows]
    assert compare_losses(GoldRows.of(one, settings.unit), runs, systems(a=[0], b=[1]), settings) == []


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
    assert noise_floors(test, runs, {"a": [0], "b": [1]}, SETTINGS) == {}
    assert compare_losses(test, runs, systems(a=[0], b=[1]), SETTINGS) == []
