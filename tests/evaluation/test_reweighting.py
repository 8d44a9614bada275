from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import f1_score, log_loss, recall_score

from stancelab.errors import ConfigError, DataError
from stancelab.evaluation.evaluate import evaluate
from stancelab.evaluation.gold_rows import GoldRows
from stancelab.evaluation.reweighting import Weighing, design_weights, effective_rows, lacking, reweighted
from stancelab.evaluation.settings import EvaluationSettings

SETTINGS = EvaluationSettings(bootstrap_resamples=500)
SHARES = np.array([0.1, 0.7, 0.2])


@pytest.fixture
def answers(fake_system, examples):
    return fake_system("a", 1).predict_proba(examples)


def test_design_weights_are_those_of_scikit_learn(examples, answers) -> None:
    test = GoldRows.of(examples, "text")
    weights = np.random.default_rng(3).uniform(0.5, 4, len(examples))
    found = reweighted(test, [answers], {"a": [0]}, [False], Weighing(weights), SETTINGS)["a"]
    predicted = answers.argmax(axis=1)
    for average, value in (("macro", found.scores.macro_f1),):
        assert value == pytest.approx(f1_score(test.gold, predicted, average=average, sample_weight=weights))
    assert found.scores.accuracy == pytest.approx(np.average(predicted == test.gold, weights=weights))
    assert found.scores.nll == pytest.approx(log_loss(test.gold, answers, sample_weight=weights, labels=[0, 1, 2]))
    low, high = found.intervals["macro_f1"]
    assert low < found.scores.macro_f1 < high


def test_a_prevalence_is_a_weight_by_stance(examples, answers) -> None:
    test = GoldRows.of(examples, "text")
    found = reweighted(test, [answers], {"a": [0]}, [False], Weighing(np.ones(60), SHARES), SETTINGS)["a"]
    weights = (SHARES / np.bincount(test.gold, minlength=3))[test.gold]
    predicted = answers.argmax(axis=1)
    assert found.scores.macro_f1 == pytest.approx(
        f1_score(test.gold, predicted, average="macro", sample_weight=weights)
    )
    assert found.scores.macro_recall == pytest.approx(recall_score(test.gold, predicted, average="macro"))
    assert found.scores.accuracy == pytest.approx(np.average(predicted == test.gold, weights=weights))
    assert found.scores.nll == pytest.approx(log_loss(test.gold, answers, sample_weight=weights, labels=[0, 1, 2]))


def test_the_prevalence_of_the_file_changes_nothing(examples, answers) -> None:
    test = GoldRows.of(examples, "text")
    own = np.bincount(test.gold, minlength=3) / 60
    plain = reweighted(test, [answers], {"a": [0]}, [True], Weighing(np.ones(60)), SETTINGS)["a"]
    same = reweighted(test, [answers], {"a": [0]}, [True], Weighing(np.ones(60), own), SETTINGS)["a"]
    assert same.scores.macro_f1 == pytest.approx(plain.scores.macro_f1)
    assert same.scores.nll is None


def test_weights_of_equal_size_are_worth_all_rows() -> None:
    assert effective_rows(np.full(50, 3.0)) == pytest.approx(50)
    assert effective_rows(np.array([1.0, 1.0, 2.0])) == pytest.approx(16 / 6)


def test_stances_that_a_file_lacks(examples) -> None:
    few = GoldRows.of([each for each in examples if each.stance != "neutral"], "text")
    assert lacking(few, {"against": 0.1, "neutral": 0.7, "favor": 0.2}) == ["neutral"]
    assert lacking(few, {"against": 0.4, "neutral": 0.0, "favor": 0.6}) == []


def test_weights_that_cannot_be_used_are_refused(fake_system, examples, tmp_path) -> None:
    rows = [replace(each, extra={"weigt": "2"}) for each in examples]
    with pytest.raises(DataError, match=r"'test': no column 'weight', .* found weigt; .* Did you mean 'weigt'"):
        design_weights("test", rows, "weight")
    bad = [replace(rows[0], extra={"w": cell}) for cell in ("1.5", "0", "-1", "much", "", "nan", "inf")]
    with pytest.raises(DataError, match="6 of 7 design weights in column 'w' are not positive numbers"):
        design_weights("test", bad, "w")
    assert design_weights("test", bad[:1], "w").tolist() == [1.5]
    settings = EvaluationSettings(weight="w")
    with pytest.raises(DataError, match="found no further columns"):
        evaluate([fake_system("a")], {"test": [replace(e, extra={}) for e in examples]}, tmp_path, settings)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("prevalence", "message"),
    [
        (
            {"favor": 0.5, "against": 0.5},
            r"prevalence: found favor 0\.5, against 0\.5; expected a share of each class of this dataset",
        ),
        ({"favor": 1.0}, "prevalence: found favor; allowed is a share of each class of the dataset"),
        ({"favor": 0.5, "against": 0.4, "neutral": 0.3}, r"found favor 0\.5, against 0\.4, neutral 0\.3, sum 1\.2"),
        ({"favor": 1.5, "against": -0.5, "neutral": 0.0}, "0 to 1, that add up to 1"),
    ],
)
def test_impossible_prevalences_are_refused(fake_system, examples, tmp_path, prevalence, message) -> None:
    with pytest.raises(ConfigError, match=message):
        evaluate([fake_system("a")], {"test": examples}, tmp_path, EvaluationSettings(prevalence=prevalence))


def test_both_stand_beside_the_plain_scores(fake_system, examples, tmp_path) -> None:
    rows = [replace(each, extra={"w": str(1 + number % 3)}) for number, each in enumerate(examples)]
    settings = EvaluationSettings(
        bootstrap_resamples=200, weight="w", prevalence={"against": 0.1, "neutral": 0.7, "favor": 0.2}
    )
    few = [each for each in rows if each.stance != "neutral"]
    found = evaluate([fake_system("a", 0), fake_system("a", 1)], {"test": rows, "test_few": few}, tmp_path, settings)
    scores = found.systems[0].tests["test"]
    assert scores.weighted is not None
    assert scores.at_prevalence is not None
    assert scores.at_prevalence.scores.macro_recall == pytest.approx(scores.weighted.scores.macro_recall, abs=1e-6)
    assert found.tests["test"].effective_rows == pytest.approx(120**2 / (20 * (1 + 4 + 9)), abs=1e-5)
    assert found.systems[0].tests["test_few"].at_prevalence is None
    assert "no row has the stance neutral, so that there are no scores at a prevalence of 70.0% of it" in (
        found.tests["test_few"].warnings
    )
