from __future__ import annotations

import pytest

from stancelab.evaluation.gold_rows import GoldRows
from stancelab.evaluation.resampling import Resamples
from stancelab.evaluation.settings import EvaluationSettings
from stancelab.metrics.names import PRIMARY_METRICS
from stancelab.results import Comparisons

SETTINGS = EvaluationSettings(bootstrap_resamples=200, randomization_rounds=500)


@pytest.fixture
def runs(fake_system, examples):
    systems = [fake_system("net", 0), fake_system("net", 1), fake_system("svm", accuracy=0.3)]
    return [system.predict_proba(examples) for system in systems]


def test_intervals_of_means_over_runs(runs, examples) -> None:
    test = GoldRows.of(examples, "text")
    resamples = Resamples.of(test, runs, SETTINGS)
    assert resamples.counts.shape == (30, 3, 3, 3)
    assert {name: each.shape for name, each in resamples.scores.items()} == dict.fromkeys(PRIMARY_METRICS, (200, 3))
    accuracies = [(run.argmax(axis=1) == test.gold).mean() for run in runs]
    low, high = resamples.intervals([0, 1])["accuracy"]
    assert low < (accuracies[0] + accuracies[1]) / 2 < high
    alone = resamples.intervals([0])["accuracy"]
    assert high - low < alone.high - alone.low


def test_pairs_are_compared_in_the_order_of_their_means(runs, examples) -> None:
    resamples = Resamples.of(GoldRows.of(examples, "text"), runs, SETTINGS)
    found = resamples.compare({"svm": [2], "net": [0, 1]}, {"svm": 0.3, "net": 0.8}, "macro_f1", SETTINGS)
    (pair,) = found.pairs
    assert (pair.systems, pair.method) == (("net", "svm"), "seeds_and_data")
    assert pair.difference > 0
    assert found.groups == {"net": "a", "svm": "b"}
    single = resamples.compare({"svm": [2], "net": [0]}, {"svm": 0.3, "net": 0.8}, "macro_f1", SETTINGS)
    assert single.pairs[0].method == "randomization"


def test_one_unit_has_no_intervals_and_no_comparisons(runs, examples) -> None:
    resamples = Resamples.of(GoldRows.of(examples[:2], "text"), [run[:2] for run in runs], SETTINGS)
    assert resamples.intervals([0]) == {}
    assert resamples.compare({"a": [0], "b": [1]}, {"a": 1, "b": 0}, "accuracy", SETTINGS) == Comparisons()
