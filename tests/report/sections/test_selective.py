from __future__ import annotations

import pytest

from stancelab.report.sections.selective import risk_coverage_of, selective_sentences, thresholds_of
from stancelab.results import Selective, ThresholdScores


@pytest.fixture
def run(build):
    def made(risk=(0.05, 0.12, 0.3), unreached=(), **thresholds: ThresholdScores):
        selective = Selective(
            area=0.1, coverage=[0.25, 0.5, 1.0], risk=list(risk), thresholds=thresholds, unreached=list(unreached)
        )
        return build.run(selective=selective)

    return made


def test_abstention_in_words(build, run) -> None:
    kept = ThresholdScores(confidence=0.8, coverage=0.41, accuracy=0.883)
    nobody = ThresholdScores(confidence=0.99, coverage=0.0, accuracy=None)
    net = build.system("net", 0.6, ece=0.04, runs=[run(accuracy_90=kept, accuracy_95=nobody)])
    assert selective_sentences(build.file(net)) == [
        "Error rate of net: 12.0% on the 50.0% most confident rows, 30.0% on all rows.",
        "The confidence threshold for 90% accuracy on validation rows gives 88.3% accuracy on 41.0% of rows.",
        "The confidence threshold for 95% accuracy on validation rows is reached by no row.",
    ]
    assert selective_sentences(build.file(build.system("labels", 0.6))) == []


def test_means_over_runs(build, run) -> None:
    one, other = (ThresholdScores(confidence=0.8, coverage=each, accuracy=2 * each) for each in (0.2, 0.4))
    net = build.system("net", 0.6, ece=0.04, runs=[run(accuracy_90=one), run((0.15, 0.2, 0.4), accuracy_90=other)])
    assert risk_coverage_of(net).risk.tolist() == pytest.approx([0.1, 0.16, 0.35])
    (threshold,) = thresholds_of(net)
    assert (threshold.coverage, threshold.accuracy) == pytest.approx((0.3, 0.6))


def test_seeds_that_do_not_reach_a_threshold_are_told(build, run) -> None:
    found = ThresholdScores(confidence=0.8, coverage=0.4, accuracy=0.95)
    missing = ["accuracy_95", "guaranteed_90"]
    runs = [
        run(accuracy_90=found, guaranteed_90=found, unreached=missing[:1]),
        run(accuracy_90=found, unreached=missing),
        run(accuracy_90=found, unreached=missing),
    ]
    net = build.system("net", 0.6, ece=0.04, runs=runs)
    assert selective_sentences(build.file(net))[1:] == [
        "The confidence threshold for 90% accuracy on validation rows gives 95.0% accuracy on 40.0% of rows.",
        "The confidence threshold for 95% accuracy on validation rows is not reached there by any of 3 seeds.",
        "The confidence threshold for 90% accuracy on rows like those of validation, with a probability of 95%, gives "
        "95.0% accuracy on 40.0% of rows (mean of 1 of 3 seeds; by the others it cannot be given).",
    ]
    alone = build.system("net", 0.6, ece=0.04, runs=[run(unreached=["guaranteed_90"])])
    assert selective_sentences(build.file(alone))[1:] == [
        "The confidence threshold for 90% accuracy on rows like those of validation, with a probability of 95%, "
        "cannot be given."
    ]
