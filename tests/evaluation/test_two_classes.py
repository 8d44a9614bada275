"""Tasks of two classes: corpora in which no row is neutral, and systems that answer a third stance."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import f1_score

from stancelab.errors import ConfigError
from stancelab.evaluation.evaluate import EvaluationSettings, evaluate
from stancelab.evaluation.run_warnings import LARGEST_LOSS
from stancelab.evaluation.runs.compare import gather
from stancelab.metrics.classification import proper_scores
from stancelab.results import DatasetProvenance
from stancelab.schema import STANCE_ID, Example
from stancelab.targets import TargetNames

SETTINGS = EvaluationSettings(bootstrap_resamples=300, randomization_rounds=200)


@pytest.fixture
def two(examples) -> list[Example]:
    """60 rows, half of them against, half in favor."""
    return [replace(each, stance=("against", "favor")[number % 2]) for number, each in enumerate(examples)]


class Prepared:
    """What evaluate needs of a prepared dataset: a test file, and how many rows each split has."""

    metric = "macro_f1"

    def __init__(self, tests: dict[str, list[Example]], train: list[Example], validation: dict[str, int]) -> None:
        self.tests, self.train, self.validation = tests, train, validation
        self.target_names = TargetNames({})
        self.earlier_labels: dict[str, dict[str, str]] = {}

    def provenance(self) -> DatasetProvenance:
        return DatasetProvenance(name="small", counts={"validation": self.validation})


def one(fake_system, rows, tmp_path, system=None, settings=SETTINGS, **kwargs):
    """Return the results of one system and its scores on the test file."""
    found = evaluate([system or fake_system("net", 0)], {"test": rows}, tmp_path, settings, **kwargs)
    return found, found.systems[0].tests["test"]


def test_a_perfect_system_has_100_in_every_mean(fake_system, two, tmp_path) -> None:
    found, scores = one(fake_system, two, tmp_path, fake_system("net", 0, accuracy=1.0))
    assert found.classes == ["against", "favor"]
    mean = scores.mean
    assert (mean.accuracy, mean.macro_precision, mean.macro_recall, mean.macro_f1, mean.f_avg) == (1, 1, 1, 1, 1)
    assert list(scores.runs[0].per_class) == ["against", "favor"]
    assert scores.runs[0].warnings == [], "nobody is blamed for never saying neutral"
    assert all(each.macro_f1 == 1 for each in scores.runs[0].per_target.values())
    assert all(each.scores.macro_f1 == 1 for each in scores.slices if all(c for c in _classes(found, each, scores)))
    facts = found.tests["test"]
    assert facts.classes == {"against": 30, "favor": 30}
    assert facts.warnings == []
    assert (facts.guessing.macro_f1, facts.majority.macro_f1) == pytest.approx((0.5, 1 / 3), abs=1e-6)
    assert all(list(each.classes) == ["against", "favor"] for each in facts.slices)


def _classes(found, each, scores):
    return found.tests["test"].slices[scores.slices.index(each)].classes.values()


def test_always_one_stance_has_a_macro_recall_of_a_half(fake_system, two, tmp_path) -> None:
    _, scores = one(fake_system, two, tmp_path, fake_system("net", 0, always="favor"))
    assert scores.mean.macro_recall == 0.5


def test_a_third_stance_is_an_error_and_is_said(fake_system, two, tmp_path) -> None:
    gold = np.array([STANCE_ID[each.stance or ""] for each in two])
    answers = gold.copy()
    answers[:6] = 1
    system = fake_system("lexicon", answer=np.eye(3)[answers] * 0.7 + 0.1)
    found, scores = one(fake_system, two, tmp_path, system)
    assert found.classes == ["against", "favor"]
    assert scores.mean.macro_f1 == pytest.approx(f1_score(gold, answers, labels=[0, 2], average="macro"), abs=1e-6)
    assert scores.mean.accuracy == pytest.approx(54 / 60)
    assert scores.runs[0].confusion == [[27, 3, 0], [0, 0, 0], [0, 3, 27]]
    assert scores.runs[0].warnings == [
        "neutral is predicted for 6 rows, and is no class of this task: they count as errors"
    ]
    assert scores.errors is not None
    assert scores.errors.stance_as_neutral == 6


def test_a_class_of_train_or_validation_stays_one_where_the_test_lacks_it(fake_system, examples, two, tmp_path) -> None:
    system = fake_system("net", 0, accuracy=1.0)
    counts = {"rows": 1, "against": 1}
    for data in (Prepared({"test": two}, examples, counts), Prepared({"test": two}, two, {"rows": 1, "neutral": 1})):
        found = evaluate([system], data, tmp_path, SETTINGS)
        assert found.classes == ["against", "neutral", "favor"]
        assert found.systems[0].tests["test"].mean.macro_f1 == pytest.approx(2 / 3, abs=1e-6)
        assert found.tests["test"].warnings[0].endswith("the means are still over the three classes of the task")
    found = evaluate([system], Prepared({"test": two}, two, counts), tmp_path, SETTINGS)
    assert (found.classes, found.systems[0].tests["test"].mean.macro_f1) == (["against", "favor"], 1)


def test_a_test_file_that_is_not_evaluated_tells_the_classes_too(fake_system, examples, two, tmp_path) -> None:
    settings = replace(SETTINGS, tests=["test"])
    found = evaluate([fake_system("net")], {"test": two, "test_more": examples}, tmp_path, settings)
    assert (list(found.tests), found.classes) == (["test"], ["against", "neutral", "favor"])


def test_a_model_of_two_classes_on_a_file_of_three(fake_system, examples, tmp_path) -> None:
    gold = np.array([STANCE_ID[each.stance or ""] for each in examples])
    answers = np.where(gold == 1, 2, gold)
    probabilities = np.eye(3)[answers] * 0.8 + np.array([0.1, 0.0, 0.1])
    probabilities[:, 1] = 0
    probabilities /= probabilities.sum(axis=1, keepdims=True)
    found, scores = one(fake_system, examples, tmp_path, fake_system("net", 0, answer=probabilities))
    assert found.classes == ["against", "neutral", "favor"]
    assert scores.mean.accuracy == pytest.approx(45 / 60)
    assert scores.mean.macro_f1 == pytest.approx(f1_score(gold, answers, average="macro"), abs=1e-6)
    assert scores.runs[0].warnings == [
        "neutral is never predicted: its precision and F1 count as 0",
        "the probability of neutral is 0 for 15 rows that are neutral: each counts 36.0 nats in the NLL",
    ]
    likely = -np.log(0.9) * 45
    assert scores.mean.nll == pytest.approx((15 * LARGEST_LOSS + likely) / 60, abs=1e-4)
    assert proper_scores(np.array([1]), np.array([[0.5, 0.0, 0.5]]))[1] == pytest.approx(LARGEST_LOSS)


def test_neutral_after_a_perturbation_is_no_stance_of_two_classes(fake_system, examples, two, tmp_path) -> None:
    settings = replace(SETTINGS, perturbations=["target_of_corpus", "lower_case"])
    found, _ = one(fake_system, examples, tmp_path, settings=settings)
    scored = {each.name: each.scored_rows == each.rows for each in found.tests["test"].perturbations}
    assert scored == {"target_of_corpus": True, "lower_case": True}

    class Answers(type(fake_system("x"))):  # type: ignore[misc]
        def predict_proba(self, examples):
            return np.tile([0.6, 0.1, 0.3], (len(examples), 1))

    found, scores = one(fake_system, two, tmp_path, Answers("net", 0), settings)
    named = dict(zip((each.name for each in found.tests["test"].perturbations), scores.perturbations, strict=True))
    assert next(each.scored_rows for each in found.tests["test"].perturbations) == 0
    assert named["target_of_corpus"].accuracy_after is None
    assert named["lower_case"].accuracy_after == pytest.approx(0.5)


def test_prevalence_is_of_the_classes(fake_system, examples, two, tmp_path) -> None:
    settings = replace(SETTINGS, prevalence={"against": 0.9, "favor": 0.1})
    _, scores = one(fake_system, two, tmp_path, fake_system("net", 0, always="favor"), settings)
    assert scores.at_prevalence is not None
    assert scores.at_prevalence.scores.accuracy == pytest.approx(0.1)
    assert scores.at_prevalence.scores.macro_recall == pytest.approx(0.5)
    _, scores = one(
        fake_system, two, tmp_path, settings=replace(settings, prevalence={**settings.prevalence, "neutral": 0})
    )
    assert scores.at_prevalence is not None
    more = replace(settings, prevalence={"against": 0.5, "neutral": 0.1, "favor": 0.4})
    with pytest.raises(ConfigError, match="expected a share of each class of this dataset, against, favor, and of no"):
        one(fake_system, two, tmp_path, settings=more)


def test_classes_that_are_given(fake_system, two, tmp_path) -> None:
    found, scores = one(fake_system, two, tmp_path, fake_system("net", 0, accuracy=1.0), classes=["neutral", "favor"])
    assert found.classes == ["against", "neutral", "favor"], "those of the rows are always among them"
    assert scores.mean.macro_f1 == pytest.approx(2 / 3, abs=1e-6)
    with pytest.raises(ConfigError, match="classes: found 'pro', allowed against, neutral, favor"):
        one(fake_system, two, tmp_path, classes=["pro", "favor"])


def test_runs_that_are_compared_have_the_classes_of_all(fake_system, examples, two, tmp_path, caplog) -> None:
    evaluate([fake_system("a", 0)], Prepared({"test": two}, two, {}), tmp_path / "one", SETTINGS)
    evaluate([fake_system("b", 0)], Prepared({"test": two}, two, {}), tmp_path / "same", SETTINGS)
    evaluate([fake_system("c", 0)], Prepared({"test": two}, examples, {}), tmp_path / "more", SETTINGS)
    assert gather({"one": tmp_path / "one", "same": tmp_path / "same"}).classes == ["against", "favor"]
    assert not caplog.messages
    assert gather({"one": tmp_path / "one", "more": tmp_path / "more"}).classes == ["against", "neutral", "favor"]
    assert "tasks with different classes (one: against, favor; more: against, neutral, favor)" in caplog.text
