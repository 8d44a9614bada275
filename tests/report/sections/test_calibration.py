from __future__ import annotations

from dataclasses import replace

import pytest

from stancelab.metrics.bootstrap import Interval
from stancelab.metrics.calibration import ReliabilityBin
from stancelab.metrics.calibration_noise import CalibrationNoise
from stancelab.report.sections.calibration import calibration_sentences, reliability_of, with_probabilities
from stancelab.results import BeforeTemperature, Calibration, LossComparison, LossDifference


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


def loss(difference: float, p: float = 0.001) -> LossDifference:
    return LossDifference(difference=difference, interval=Interval(difference - 0.01, difference + 0.01), p=p)


@pytest.mark.parametrize(
    ("p", "verdict"), [(0.4, "miscalibration is not shown (p = 0.4)"), (0.0001, "miscalibration is shown (p < 0.001)")]
)
def test_an_ece_stands_beside_its_noise_floor(build, system, p: float, verdict: str) -> None:
    net = system("net")
    noise = CalibrationNoise(mean=0.034, interval=Interval(0.018, 0.05), p=p)
    net = replace(net, scores=replace(net.scores, calibration_noise=noise))
    assert calibration_sentences(build.file(net))[1] == (
        "Perfectly calibrated answers of the same confidences have 3.4 points on these rows (95% range 1.8 to 5.0): "
        f"{verdict}."
    )


@pytest.mark.parametrize(
    ("nll", "brier", "verdict"),
    [
        (loss(-0.05), loss(-0.02), "it helps"), (loss(0.05), loss(0.02), "it harms"),
        (loss(-0.05), loss(0.02), "that it helps is not shown"),
        (loss(-0.05), loss(-0.02, 0.2), "that it helps is not shown"),
    ],
)  # fmt: skip
def test_what_a_temperature_did(build, system, nll, brier, verdict: str) -> None:
    net = system("net")
    net = replace(net, scores=replace(net.scores, temperature_effect={"nll": nll, "brier": brier}))
    sentence = calibration_sentences(build.file(net))[1]
    assert sentence.startswith(f"Temperature scaling changes its NLL by {nll.difference:.3f} (95% interval ")
    assert sentence.endswith(f": {verdict}.")


def test_losses_are_compared_with_all_others(build, system) -> None:
    def pair(first: str, second: str, metric: str, difference: float, p_holm: float) -> LossComparison:
        return LossComparison(
            systems=(first, second), metric=metric, difference=difference, interval=Interval(-1, 1), p=0.0,
            p_holm=p_holm,
        )  # fmt: skip

    file = build.file(system("net"), system("svm"), system("lexicon"))
    losses = [
        pair("labels", "net", "brier", 0.1, 0.001), pair("labels", "net", "nll", 0.1, 0.02),
        pair("net", "svm", "brier", -0.1, 0.001), pair("net", "svm", "nll", -0.1, 0.06),
        pair("net", "lexicon", "brier", 0.1, 0.001), pair("net", "lexicon", "nll", 0.1, 0.001),
        pair("svm", "lexicon", "nll", 0.1, 0.001),
    ]  # fmt: skip
    file = replace(file, compared=replace(file.compared, losses=losses))
    assert calibration_sentences(file)[-3:] == [
        "NLL and Brier score of net are both significantly lower than those of labels (corrected p < 0.05).",
        "NLL and Brier score of net are both significantly higher than those of lexicon (corrected p < 0.05).",
        "A difference of both in one direction is not shown to svm.",
    ]
