from __future__ import annotations

from stancelab.report.results import Estimate, SliceResult, SystemResult
from stancelab.report.results import TestResult as Result
from stancelab.report.sections.slices import drawn, scored_again, where_it_holds

ALL = {"against": 40, "neutral": 30, "favor": 30}


def part(
    attribute: str, value: str, score: float, rows: int = 100, classes: dict[str, int] | None = None
) -> SliceResult:
    estimate = Estimate(score, None, (score - 0.05, score + 0.05))
    scores = {"net": {"accuracy": estimate, "macro_f1": Estimate(score - 0.1, None, (score - 0.2, score))}}
    return SliceResult(attribute, value, rows, classes or ALL, scores)


def test_file(*slices: SliceResult) -> Result:
    net = SystemResult("net", False, {"accuracy": Estimate(0.7, None, (0.65, 0.75))}, [{"seed": 0}])
    return Result(
        name="test", rows=200, texts=100, targets=2, unit="text", units=100, warnings=[], systems=[net], classes=ALL,
        differences=[], groups={}, undecided=[], majority={}, slices=list(slices), probes=[],
        ceilings={"text": 0.974, "text and target": 0.99, "text and source": 0.98},
    )  # fmt: skip


test_file.__test__ = False  # type: ignore[attr-defined]


def test_ceilings_and_contrasts_in_words() -> None:
    pair = [part("stances in the sentence", "one", 0.8), part("stances in the sentence", "several", 0.68, rows=40)]
    words = where_it_holds(test_file(*pair), "macro_f1")
    assert words == [
        "A reader who saw the text alone, and gave each text one answer, could be right on at most 97.4% of the rows; "
        "with the target as well on 99.0%, with the source instead on 98.0%.",
        "Macro-F1 of net is 70.0 [60.0, 80.0] (100 rows) where the sentence carries one stance, and 58.0 [48.0, 68.0] "
        "(40 rows) where it carries several.",
    ]


def test_small_slices_are_not_held_against_large_ones() -> None:
    pair = [part("known document", "in train", 0.8), part("known document", "not in train", 0.3, rows=29)]
    assert len(where_it_holds(test_file(*pair), "macro_f1")) == 1


def test_where_a_class_is_missing_accuracy_is_compared() -> None:
    lacking = {"against": 50, "neutral": 0, "favor": 50}
    pair = [part("known target", "in train", 0.8), part("known target", "not in train", 0.7, classes=lacking)]
    assert where_it_holds(test_file(*pair), "macro_f1")[1].startswith("Accuracy of net is 80.0 [75.0, 85.0] (100 rows)")


def test_only_slices_that_are_large_and_clearly_below_are_called_weak() -> None:
    kinds = [part("kind", "irony", 0.5), part("kind", "tiny", 0.2, rows=29), part("kind", "reported", 0.66)]
    words = where_it_holds(test_file(*kinds), "macro_f1")
    assert words[1:] == ["Clearly below its 70.0% on all rows it is on kind: irony (50.0% of 100 rows right)."]


def test_the_figure_shows_slices_with_enough_rows_that_have_others_beside_them() -> None:
    kinds = [part("kind", str(number), 0.5) for number in range(10)]
    topics = [part("topic", str(number), 0.5) for number in range(11)]
    small = [part("words", "few", 0.5, rows=10), part("words", "many", 0.5)]
    assert drawn(test_file(*kinds, *topics, *small)) == kinds


def test_rows_of_several_stances_and_of_unknown_documents_are_scored_again() -> None:
    one = part("stances in the sentence", "one", 0.8)
    several, unknown = part("stances in the sentence", "several", 0.7), part("known document", "not in train", 0.6)
    assert scored_again(test_file(one, several, unknown)) == [
        ("rows whose sentence carries more than one stance", several),
        ("rows of documents that train has none of", unknown),
    ]
    assert scored_again(test_file(one)) == []
