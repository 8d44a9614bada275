"""Slices score as a plain computation does, by all metrics."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, f1_score, log_loss, recall_score

from stancelab.evaluation.gold_rows import GoldRows
from stancelab.evaluation.settings import EvaluationSettings
from stancelab.evaluation.slice_scores import describe_slices, score_slices
from stancelab.evaluation.slices import SliceRows, slices_of
from stancelab.evaluation.summary import score_run


def test_scores_are_those_of_scikit_learn_and_means_over_seeds(examples) -> None:
    random = np.random.default_rng(2)
    test = GoldRows.of(examples, "text")
    runs = [random.dirichlet(np.ones(3), 60) for _ in range(3)]
    slices = slices_of(examples)
    settings = EvaluationSettings(bootstrap_resamples=200)
    scored = score_slices(slices, test, runs, {"net": [0, 1], "svm": [2]}, [False] * 3, settings)
    for place, each in enumerate(slices):
        labels = test.gold[each.rows]
        predicted = [run.argmax(axis=1)[each.rows] for run in runs]
        net, svm = scored["net"][place], scored["svm"][place]
        assert net.scores is not None and svm.scores is not None
        macro = [f1_score(labels, one, labels=[0, 1, 2], average="macro", zero_division=0) for one in predicted]
        assert net.scores.macro_f1 == pytest.approx(np.mean(macro[:2]))
        assert svm.scores.accuracy == pytest.approx(accuracy_score(labels, predicted[2]))
        assert net.scores.macro_recall == pytest.approx(
            np.mean(
                [recall_score(labels, one, labels=[0, 1, 2], average="macro", zero_division=0) for one in predicted[:2]]
            )
        )
        assert svm.scores.nll == pytest.approx(log_loss(labels, runs[2][each.rows], labels=[0, 1, 2]))
        low, high = svm.intervals["accuracy"]
        assert low <= svm.scores.accuracy <= high
    facts = describe_slices(slices, test)
    assert [(each.attribute, each.rows) for each in facts] == [(each.attribute, len(each.rows)) for each in slices]
    assert all(sum(each.classes.values()) == each.rows >= each.units for each in facts)


def test_all_rows_as_a_slice_have_the_metrics_of_the_file(fake_system, examples) -> None:
    probabilities = np.random.default_rng(3).dirichlet(np.ones(3), len(examples))
    test = GoldRows.of(examples, "text")
    everything = SliceRows("rows", "all", np.arange(len(examples)))
    settings = EvaluationSettings(bootstrap_resamples=100, bins=7)
    scored = score_slices([everything], test, [probabilities], {"net": [0]}, [False], settings)
    whole = score_run(fake_system("net"), test, probabilities, 7)
    (own,) = scored["net"]
    assert own.scores is not None
    assert dataclasses.asdict(own.scores) == pytest.approx(dataclasses.asdict(whole.scores))


def test_labels_alone_have_no_metrics_of_probabilities(examples) -> None:
    probabilities = np.eye(3)[np.zeros(60, dtype=int)]
    slices, test = slices_of(examples), GoldRows.of(examples, "text")
    settings = EvaluationSettings(bootstrap_resamples=100)
    scored = score_slices(slices, test, [probabilities], {"llm": [0]}, [True], settings)["llm"]
    assert len(scored) == len(slices)
    for each in scored:
        assert each.scores is not None
        assert each.scores.brier is each.scores.nll is each.scores.ece is each.scores.aurc is None


def test_a_slice_of_one_unit_has_no_intervals(examples) -> None:
    probabilities = np.random.default_rng(3).dirichlet(np.ones(3), len(examples))
    settings = EvaluationSettings(bootstrap_resamples=100)
    one = SliceRows("words", "1-15", np.array([0, 1]))
    scored = score_slices([one], GoldRows.of(examples, "text"), [probabilities], {"net": [0]}, [False], settings)
    assert scored["net"][0].intervals == {}
