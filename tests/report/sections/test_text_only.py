"""Ablations beside their own systems, and the best reader of the text alone, in words."""

from __future__ import annotations

import pytest

from stancelab.report.sections.text_only import text_only_sentences
from stancelab.report.text_readers import TextReaders

FULL = TextReaders(full={"hidden": "net"})


@pytest.fixture
def file(build):
    def made(classes=(20, 10, 10), rows: int = 40):
        systems = [build.system("net", 0.6), build.system("hidden", 0.527)]
        several = build.part("stances_in_sentence", "several", rows, classes)
        slices = [(several, {"net": (0.668, 0.699), "hidden": (0.469, 0.478)})]
        return build.file(*systems, text_only=("hidden",), slices=slices, readers=FULL)

    return made


def test_the_gap_to_an_ablation_on_all_rows_and_where_it_matters_most(file) -> None:
    assert text_only_sentences(file())[:2] == [
        "net is 7.3 points above hidden, its text-only ablation: the same encoder, settings, rows and seeds (95% "
        "interval 4.3 to 10.3, p < 0.001; corrected p < 0.001).",
        "On sentences that carry several stances (n=40), macro-F1 is 66.8 for net and 46.9 for hidden (not tested).",
    ]


def test_accuracy_where_a_stance_is_missing_and_nothing_of_few_rows(file) -> None:
    lacking = (20, 0, 20)
    assert "accuracy is 69.9 for net and 47.8 for hidden" in text_only_sentences(file(lacking))[1]
    assert not any("several stances" in words for words in text_only_sentences(file(lacking, rows=29)))


def test_a_gap_whose_interval_no_difference_can_have_is_called_not_informative(build) -> None:
    net = build.system("net", 0.6, std=0.1, runs=[build.run(0), build.run(1)])
    test = build.file(net, build.system("hidden", 0.527), text_only=("hidden",), margin=1.2, readers=FULL)
    words = text_only_sentences(test)
    assert "(95% interval -112.7 to 127.3, p < 0.001; corrected p < 0.001)" in words[0]
    assert words[1] == "With two seeds this interval is not informative: it leaves [-100, 100] points."


def test_a_system_is_never_compared_with_the_ablation_of_another(build) -> None:
    """The best system here is a table of predictions: what reading is worth to it cannot be said."""
    systems = [build.system("my_llm", 0.7), build.system("net", 0.6), build.system("hidden", 0.5)]
    readers = TextReaders(unmatched={"hidden": "net differs from it in training.epochs (5, 3)"})
    words = text_only_sentences(build.file(*systems, text_only=("hidden",), readers=readers))
    assert words[0] == (
        "What source and target are worth cannot be said from hidden: net differs from it in training.epochs (5, 3)."
    )
    assert not any("ablation" in line for line in words)
    matched = text_only_sentences(build.file(*systems, text_only=("hidden",), readers=FULL))
    assert matched[0].startswith("net is 10.0 points above hidden, its text-only ablation")


def test_the_best_of_several_readers_of_the_text_and_chance_on_both_metrics(build) -> None:
    systems = [
        build.system("net", 0.6, accuracy=0.61), build.system("svm", 0.45, baseline=True),
        build.system("blind", 0.351, accuracy=0.36, baseline=True), build.system("hidden", 0.25, accuracy=0.40),
    ]  # fmt: skip
    readers = TextReaders(full={"hidden": "net"}, baselines=["blind"])
    words = text_only_sentences(build.file(*systems, text_only=("hidden",), readers=readers))
    assert words[1:] == [
        "The best of 2 readers of the text alone, blind, scores 35.1 in macro-F1 and 36.0 in accuracy.",
        "By chance, guesses by the class shares score 33.3 in macro-F1 and 34.0 in accuracy; always answering neutral "
        "scores 20.0 in macro-F1 and 50.0 in accuracy.",
        "hidden has the highest accuracy of them, 40.0.",
        "net is 24.9 points above it in macro-F1 (95% interval 21.9 to 27.9, p < 0.001; corrected p < 0.001), and "
        "25.0 points above it in accuracy (not tested).",
    ]
