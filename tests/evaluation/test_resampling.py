from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from scipy import stats

from stancelab.evaluation.gold_rows import GoldRows, describe_test
from stancelab.evaluation.resampling import Compared, Resamples, correct
from stancelab.evaluation.settings import EvaluationSettings
from stancelab.metrics.intervals import CrossedUnits
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
    # One run: Student's t of 29 degrees of freedom around its own score.
    right = np.add.reduceat(runs[0].argmax(axis=1) == test.gold, np.arange(0, 60, 2)) / 2
    expected = stats.ttest_1samp(right, 0).confidence_interval(0.95)
    assert resamples.intervals([0])["accuracy"] == pytest.approx((expected.low, min(1, expected.high)), abs=0.03)


def test_pairs_are_compared_in_the_order_of_their_means(runs, examples) -> None:
    resamples = Resamples.of(GoldRows.of(examples, "text"), runs, SETTINGS)
    found = resamples.compare(Compared({"svm": [2], "net": [0, 1]}, {}), {"svm": 0.3, "net": 0.8}, "macro_f1", SETTINGS)
    (pair,) = found.pairs
    assert (pair.systems, pair.method) == (("net", "svm"), "seeds_and_data")
    assert pair.difference > 0
    test = describe_test(GoldRows.of(examples, "text"), [], [])
    complete = correct({"test": (test, found)}, SETTINGS)["test"]
    assert (complete.groups, complete.family) == ({"net": "a", "svm": "b"}, 1)
    single = resamples.compare(Compared({"svm": [2], "net": [0]}, {}), {"svm": 0.3, "net": 0.8}, "macro_f1", SETTINGS)
    assert single.pairs[0].method == "randomization"


def test_one_unit_has_no_intervals_and_no_comparisons(runs, examples) -> None:
    resamples = Resamples.of(GoldRows.of(examples[:2], "text"), [run[:2] for run in runs], SETTINGS)
    assert resamples.intervals([0]) == {}
    assert (
        resamples.compare(Compared({"a": [0], "b": [1]}, {}), {"a": 1, "b": 0}, "accuracy", SETTINGS) == Comparisons()
    )


def test_test_files_are_corrected_together(runs, examples) -> None:
    test = GoldRows.of(examples, "text")
    resamples = Resamples.of(test, runs, SETTINGS)
    compared = Compared({"net": [0, 1], "svm": [2]}, {"net": [0, 1], "svm": [None]})
    found = resamples.compare(compared, {"svm": 0.3, "net": 0.8}, "macro_f1", SETTINGS)
    assert found.notes == [
        "net has two seeds: its variance between seeds rests on one difference, and three are the fewest to rely on"
    ]
    facts, settings = describe_test(test, [], []), dataclasses.replace(SETTINGS, margin=90.0)
    both = correct({"rw": (facts, found), "mt": (facts, found)}, settings)
    (pair,) = both["rw"].pairs
    assert both["rw"].family == both["mt"].family == 2
    assert pair.p_holm == pytest.approx(min(1.0, 2 * pair.p))
    assert pair.precision is not None
    assert pair.precision.detectable is not None
    assert pair.precision.detectable_corrected is not None
    assert pair.precision.detectable < pair.precision.detectable_corrected
    assert pair.equivalence_p is not None


def test_systems_that_answer_alike_are_noted_once(runs, examples) -> None:
    resamples = Resamples.of(GoldRows.of(examples, "text"), [runs[0], runs[0], runs[0], runs[2]], SETTINGS)
    compared = Compared({"a": [0], "b": [1], "c": [2], "svm": [3]}, {})
    found = resamples.compare(compared, {"a": 0.8, "b": 0.8, "c": 0.8, "svm": 0.3}, "macro_f1", SETTINGS)
    assert found.notes == ["a, b and c give the same answers and count as one system"]


def test_documents_and_targets_as_units(runs, examples) -> None:
    rows = [
        dataclasses.replace(example, document=f"d{number // 4}", target=f"t{number % 12}")
        for number, example in enumerate(examples)
    ]
    settings = dataclasses.replace(SETTINGS, unit="document_and_target", bootstrap_resamples=2000)
    crossed = Resamples.of(GoldRows.of(rows, "document_and_target"), runs, settings)
    assert crossed.units == CrossedUnits(15, 12, 60)
    assert crossed.scores["accuracy"].shape == (3, 2000, 3)
    # The first resamples are those of documents alone.
    documents = Resamples.of(GoldRows.of(rows, "document"), runs, settings)
    assert (crossed.scores["macro_f1"][0] == documents.scores["macro_f1"]).all()
    low, high = crossed.intervals([0])["accuracy"]
    assert low < crossed.points["accuracy"][0] < high
    found = crossed.compare(Compared({"net": [0], "svm": [2]}, {}), {"net": 0.8, "svm": 0.3}, "macro_f1", settings)
    assert found.pairs[0].method == "t_test"
    few = [dataclasses.replace(row, target="one") for row in rows]
    alone = Resamples.of(GoldRows.of(few, "document_and_target"), runs, settings)
    assert alone.intervals([0]) == {}
    assert alone.compare(Compared({"net": [0], "svm": [2]}, {}), {}, "macro_f1", settings) == Comparisons()
