from __future__ import annotations

import pytest

from stancelab.metrics.calibration import ReliabilityBin
from stancelab.report.sections.calibration import calibration_sentences, reliability_of, with_probabilities
from stancelab.results import BeforeTemperature, Calibration


@pytest.fixture
def system(build):
    def made(name: str, before: float | None = 0.09, bins=()):
        scaled = (
            BeforeTemperature(temperature=2.0, ece=before, adaptive_ece=0.1, brier=0.5, nll=1.0) if before else None
        )
        calibration = Calibration(
            ece=0.04,
            adaptive_ece=0.05,
            classwise_ece={"against": 0.02, "neutral": 0.07, "favor": 0.03},
            bins=list(bins),
            before_temperature=scaled,
        )
        return build.system(name, 0.6, ece=0.04, runs=[build.run(calibration=calibration)])

    return made


def test_calibration_in_words(build, system) -> None:
    assert calibration_sentences(build.file(system("net"))) == [
        "ECE of net is 4.0 points (9.0 before temperature scaling).",
        "Its class-wise ECE is highest for neutral: 7.0 points (not tested).",
    ]


def test_a_temperature_that_is_not_known_is_not_spoken_of(build, system) -> None:
    assert calibration_sentences(build.file(system("svm", before=None)))[0] == "ECE of svm is 4.0 points."


def test_labels_alone_are_passed_over(build, system) -> None:
    labels = build.system("labels", 0.7)
    assert [each.name for each in with_probabilities(build.file(labels, system("net")))] == ["net"]
    assert calibration_sentences(build.file(labels)) == ["No system gives probabilities."]


def test_bins_of_all_runs_are_pooled_and_empty_ones_left_out(build, system) -> None:
    empty = ReliabilityBin(lower=0.0, upper=0.5, count=0, confidence=None, accuracy=None)
    runs = [
        system("net", bins=[empty, ReliabilityBin(0.5, 1.0, count, 0.8, accuracy)]).runs[0]
        for count, accuracy in ((1, 0.5), (3, 0.9))
    ]
    (point,) = reliability_of(build.system("net", 0.6, ece=0.04, runs=runs))
    assert point.count == 4
    assert (point.confidence, point.accuracy) == pytest.approx((0.8, 0.8))
