from __future__ import annotations

from dataclasses import replace

import pytest

from stancelab.report.sections.slices import drawn_slices, full_slices, slice_sentences
from stancelab.results import PartialInput


@pytest.fixture
def file(build):
    """A test file of one system, accuracy 70.0, with slices: (facts, accuracy); macro-F1 is 10 points lower."""

    def made(*slices):
        net = build.system("net", 0.6, accuracy=0.7)
        return build.file(net, slices=[(facts, {"net": (score - 0.1, score)}) for facts, score in slices])

    return made


def test_upper_bounds_and_contrasts_in_words(build, file) -> None:
    words = slice_sentences(
        file((build.part("stances_in_sentence", "one"), 0.8), (build.part("stances_in_sentence", "several", 40), 0.68))
    )
    assert words == [
        "Partial-input upper bounds of accuracy: text alone 97.4%, text and target 99.0%, text and source 98.0%.",
        "Macro-F1 of net by stances in sentence: one 70.0 (95% interval 60.0 to 80.0, n=100), "
        "several 58.0 (95% interval 48.0 to 68.0, n=40).",
    ]


def test_small_slices_are_not_compared_with_large_ones(build, file) -> None:
    pair = [(build.part("document_in_train", "yes"), 0.8), (build.part("document_in_train", "no", 29), 0.3)]
    assert len(slice_sentences(file(*pair))) == 1


def test_where_a_class_is_missing_accuracy_is_compared(build, file) -> None:
    lacking = build.part("target_in_train", "no", classes=(50, 0, 50))
    words = slice_sentences(file((build.part("target_in_train", "yes"), 0.8), (lacking, 0.7)))
    assert words[1].startswith(
        "Accuracy of net by target in train: yes 80.0 (95% interval 75.0 to 85.0, n=100), no 70.0"
    )


def test_only_slices_that_are_large_and_clearly_below_are_called_weak(build, file) -> None:
    kinds = [
        (build.part("kind", "irony"), 0.5),
        (build.part("kind", "tiny", 29), 0.2),
        (build.part("kind", "reported"), 0.66),
    ]
    assert slice_sentences(file(*kinds))[1:] == [
        "1 of 2 slices with at least 30 rows has a 95% interval below overall accuracy of 70.0% "
        "(intervals are not corrected for multiple comparisons).",
        "Weakest slices: kind=irony 50.0% (n=100).",
    ]


def test_rows_that_are_a_slice_by_several_attributes_are_named_once(build, file) -> None:
    same = [(build.part("source", "(author)"), 0.5), (build.part("source_mention", "author"), 0.5)]
    counted, named = slice_sentences(file(*same))[1:]
    assert counted.startswith("1 of 1 slice with at least 30 rows has a 95% interval below overall accuracy")
    assert named == "Weakest slices: source=the author 50.0% (n=100)."


def test_a_bound_of_all_rows_for_the_text_alone_is_called_trivial(file) -> None:
    test = file()
    bounds = PartialInput(text=1.0, text_target=1.0, text_source=1.0)
    words = slice_sentences(replace(test, facts=replace(test.facts, partial_input_upper_bounds=bounds)))
    assert words == [
        "Partial-input upper bounds of accuracy: text alone 100.0%, text and target 100.0%, text and source 100.0%.",
        "Each text has one stance on this file, so that the bound for the text alone is trivial.",
    ]


def test_the_figure_shows_slices_with_enough_rows_that_have_others_beside_them(build, file) -> None:
    kinds = [(build.part("kind", str(number)), 0.5) for number in range(10)]
    topics = [(build.part("topic", str(number)), 0.5) for number in range(11)]
    words = [(build.part("words", "1-15", 10), 0.5), (build.part("words", "31+"), 0.5)]
    assert [each.facts for each in drawn_slices(file(*kinds, *topics, *words))] == [facts for facts, _ in kinds]


def test_rows_of_several_stances_and_of_unknown_documents_are_scored_in_full(build, file) -> None:
    one, several = (build.part("stances_in_sentence", value) for value in ("one", "several"))
    unknown = build.part("document_in_train", "no")
    found = full_slices(file((one, 0.8), (several, 0.7), (unknown, 0.6)))
    assert [(each.description, each.scores.facts) for each in found] == [
        ("rows whose sentence carries more than one stance", several),
        ("rows of documents that train has none of", unknown),
    ]
    assert full_slices(file((one, 0.8))) == []
