from __future__ import annotations

from stancelab.evaluation.perturbations.registry import PERTURBATIONS
from stancelab.metrics.names import CLASSIFICATION_METRICS, PROBABILITY_METRICS
from stancelab.metrics.significance import IDENTICAL, PAIRED_SEEDS, RANDOMIZATION, SEEDS_AND_DATA, T_TEST
from stancelab.report import titles


def test_all_that_evaluation_names_has_a_title() -> None:
    assert set(titles.PERTURBATIONS) == set(PERTURBATIONS)
    assert set(titles.METRICS) == {*CLASSIFICATION_METRICS, *PROBABILITY_METRICS}
    assert set(titles.METHODS) == {RANDOMIZATION, SEEDS_AND_DATA, PAIRED_SEEDS, T_TEST, IDENTICAL}


def test_names_without_a_title_stay_as_they_are() -> None:
    assert titles.attribute("topic") == "topic"
    assert titles.value("topic", "in_text") == "in_text"
    assert titles.value("source_mention", "in_text") == "in the text"
