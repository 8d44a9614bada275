"""What a system relies on, in words."""

from __future__ import annotations

from stancelab.report.results import Difference, Estimate, SliceResult, SystemResult
from stancelab.report.results import TestResult as Result
from stancelab.report.sections.perturbations import reliance, twins_in

CONTEXT = {
    "checkpoints": [
        {"name": "net", "input": {"hide": []}},
        {"name": "blind", "input": {"hide": ["target", "source"]}},
        {"name": "half", "input": {"hide": ["source"]}},
    ]
}


def test_file(classes: dict[str, int], rows: int = 40) -> Result:
    scores = {
        "net": {"macro_f1": Estimate(0.668, None, None), "accuracy": Estimate(0.699, None, None)},
        "blind": {"macro_f1": Estimate(0.469, None, None), "accuracy": Estimate(0.478, None, None)},
    }
    several = SliceResult("stances in the sentence", "several", rows, classes, scores)
    return Result(
        name="test", rows=200, texts=100, targets=2, unit="text", units=100, warnings=[],
        systems=[SystemResult(name, False, {}, [{"seed": 0}]) for name in ("net", "blind")],
        classes={}, differences=[Difference("net", "blind", 0.073, (0.046, 0.101), 1e-5, 1e-4, "seeds and data")],
        groups={}, undecided=[], majority={}, slices=[several], probes=[], ceilings={},
    )  # fmt: skip


test_file.__test__ = False  # type: ignore[attr-defined]


def test_the_gap_to_the_twin_is_told_for_all_rows_and_for_those_it_matters_on() -> None:
    twins = twins_in(CONTEXT)
    assert twins == ["blind"]
    words = reliance(test_file({"against": 20, "neutral": 10, "favor": 10}), twins, "macro_f1")
    assert words[:2] == [
        "Reading source and target is worth 7.3 points to net over blind (95% interval 4.6 to 10.1, p < 0.001).",
        "Where the sentence carries several stances (40 rows), Macro-F1 is 66.8 for net and 46.9 for blind.",
    ]


def test_accuracy_where_a_stance_is_missing_and_nothing_of_few_rows() -> None:
    lacking = {"against": 20, "neutral": 0, "favor": 20}
    assert "Accuracy is 69.9 for net and 47.8 for blind" in reliance(test_file(lacking), ["blind"], "macro_f1")[1]
    few = reliance(test_file(lacking, rows=29), ["blind"], "macro_f1")
    assert not any("several stances" in sentence for sentence in few)


def test_without_a_twin_it_is_said_how_to_train_one() -> None:
    words = reliance(test_file({"against": 20, "neutral": 10, "favor": 10}), [], "macro_f1")
    assert words[0].startswith("No text-only twin") and "evaluation.probes=[all]" in words[1]
