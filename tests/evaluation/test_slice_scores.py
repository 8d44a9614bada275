"""Slices score as a plain computation does, by all metrics."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, f1_score, log_loss, recall_score

from stancelab.evaluation.settings import EvaluationSettings
from stancelab.evaluation.slice_scores import describe_slices, score_slices
from stancelab.evaluation.slices import Slice, slices_of
from stancelab.evaluation.summary import GoldRows, describe_run
from stancelab.schema import STANCE_ID


def test_scores_are_those_of_scikit_learn_and_means_over_seeds(examples) -> None:
    random = np.random.default_rng(2)
    gold = np.array([STANCE_ID[example.stance] for example in examples])
    runs = [random.dirichlet(np.ones(3), 60) for _ in range(3)]
    units = np.arange(60) // 2
    slices = slices_of(examples)
    settings = EvaluationSettings(bootstrap_draws=200)
    scored = score_slices(slices, gold, units, runs, {"net": [0, 1], "svm": [2]}, [False] * 3, settings)
    for place, each in enumerate(slices):
        labels = gold[each.rows]
        said = [run.argmax(axis=1)[each.rows] for run in runs]
        macro = [f1_score(labels, one, labels=[0, 1, 2], average="macro", zero_division=0) for one in said]
        assert scored["net"][place]["macro_f1"] == pytest.approx(np.mean(macro[:2]))
        assert scored["svm"][place]["accuracy"] == pytest.approx(accuracy_score(labels, said[2]))
        assert scored["net"][place]["macro_recall"] == pytest.approx(
            np.mean([recall_score(labels, one, labels=[0, 1, 2], average="macro", zero_division=0) for one in said[:2]])
        )
        assert scored["svm"][place]["nll"] == pytest.approx(log_loss(labels, runs[2][each.rows], labels=[0, 1, 2]))
        low, high = scored["svm"][place]["intervals"]["accuracy"]
        assert low <= scored["svm"][place]["accuracy"] <= high
    facts = describe_slices(slices, gold, units)
    assert [(each["attribute"], each["rows"]) for each in facts] == [
        (each.attribute, len(each.rows)) for each in slices
    ]
    assert all(sum(each["classes"].values()) == each["rows"] >= each["units"] for each in facts)


def test_all_rows_as_a_slice_have_the_metrics_of_the_file(examples) -> None:
    probabilities = np.random.default_rng(3).dirichlet(np.ones(3), len(examples))
    test = GoldRows.of(examples, "text")
    everything = Slice("rows", "all", np.arange(len(examples)))
    settings = EvaluationSettings(bootstrap_draws=100, bins=7)
    scored = score_slices([everything], test.gold, test.units, [probabilities], {"net": [0]}, [False], settings)
    whole = describe_run(test, probabilities, 7)
    (own,) = scored["net"]
    for metric in ("accuracy", "macro_precision", "macro_recall", "macro_f1", "f_avg", "brier", "nll"):
        assert own[metric] == pytest.approx(whole[metric])
    assert own["ece"] == pytest.approx(whole["calibration"]["ece"])
    assert own["aurc"] == pytest.approx(whole["selective"]["area"])


def test_labels_alone_have_no_metrics_of_probabilities(examples) -> None:
    probabilities = np.eye(3)[np.zeros(60, dtype=int)]
    gold = np.array([STANCE_ID[example.stance] for example in examples])
    settings = EvaluationSettings(bootstrap_draws=100)
    slices = slices_of(examples)
    scored = score_slices(slices, gold, np.arange(60), [probabilities], {"llm": [0]}, [True], settings)["llm"]
    assert len(scored) == len(slices)
    assert all(each["brier"] is each["nll"] is each["ece"] is each["aurc"] is None for each in scored)
