from __future__ import annotations

from stancelab.report.results import Estimate, SystemResult
from stancelab.report.results import TestResult as Result
from stancelab.report.sections.calibration import honesty, surest


def system(name: str, ece: float | None = 0.04, before: float | None = 0.09, **thresholds: object) -> SystemResult:
    scores = {"accuracy": Estimate(0.7, None, None)} | ({} if ece is None else {"ece": Estimate(ece, None, None)})
    scaled = None if before is None else {"ece": before}
    run = {
        "seed": 0,
        "calibration": ece and {
            "before_temperature": scaled, "classwise_ece": {"against": 0.02, "neutral": 0.07, "favor": 0.03},
        },
        "selective": ece and {"coverage": [0.25, 0.5, 1.0], "risk": [0.05, 0.12, 0.3], "thresholds": thresholds},
    }  # fmt: skip
    return SystemResult(name, False, scores, [run])


def result(*systems: SystemResult) -> Result:
    return Result(
        name="test", rows=9, texts=9, targets=2, unit="text", units=9, warnings=[], systems=list(systems), classes={},
        differences=[], groups={}, undecided=[], majority={}, ceilings={}, slices=[], probes=[],
    )  # fmt: skip


def test_calibration_and_abstention_in_words() -> None:
    kept = {"confidence": 0.8, "coverage": 0.41, "accuracy": 0.883}
    nobody = {"confidence": 0.99, "coverage": 0.0, "accuracy": None}
    assert honesty(result(system("net", accuracy_90=kept, accuracy_95=nobody))) == [
        "net says a confidence that is 4.0 points off its accuracy (9.0 before temperature scaling), as a mean over "
        "bins.",
        "Its probability of neutral is furthest from what is the case: 7.0 points.",
        "On the 50.0% of rows where it is surest it errs in 12.0% of the cases, on all rows in 30.0%.",
        "The confidence that gave 90% accuracy on dev gives 88.3% here, on 41.0% of the rows.",
        "The confidence that gave 95% accuracy on dev is reached by no row here.",
    ]


def test_a_temperature_that_is_not_known_is_not_spoken_of() -> None:
    words = honesty(result(system("svm", before=None)))
    assert words[0] == "svm says a confidence that is 4.0 points off its accuracy, as a mean over bins."
    assert len(words) == 3


def test_labels_alone_are_passed_over() -> None:
    labels, net = system("labels", ece=None), system("net")
    assert surest(result(labels, net)) is net
    assert honesty(result(labels)) == ["No system gives probabilities."]
