from __future__ import annotations

from dataclasses import replace

import pytest

from stancelab.report.sections.slices import bound_sentences, drawn_slices, full_slices, slice_sentences
from stancelab.results import PartialInput, SliceContrast


@pytest.fixture
def file(build):
    """A test file of one system with slices: (facts, accuracy, difference to the others); macro-F1 is 10 points lower.

    Contrasts are (attribute, values, metric, difference).
    """

    def made(*slices, contrasts=()):
        net = build.system("net", 0.6, accuracy=0.7)
        test = build.file(net, slices=[(facts, {"net": (score - 0.1, score)}) for facts, score, _ in slices])
        (system,) = test.systems
        scored = [replace(own, others=tested) for own, (*_, tested) in zip(system.scores.slices, slices, strict=True)]
        found = [
            SliceContrast(attribute=attribute, values=values, metric=metric, tested=tested)
            for attribute, values, metric, tested in contrasts
        ]
        system = replace(system, scores=replace(system.scores, slices=scored, contrasts=found))
        return replace(test, systems=[system])

    return made


def words(test) -> list[str]:
    return slice_sentences(test, test.best)


def test_a_contrast_says_both_scores_and_whether_they_differ(build, file) -> None:
    both = [
        (build.part("stances_in_sentence", "one"), 0.8, None),
        (build.part("stances_in_sentence", "several", 40), 0.68, None),
    ]
    contrast = ("stances_in_sentence", ("one", "several"), "macro_f1")
    scores = (
        "Macro-F1 of net by stances in sentence: one 70.0 (95% interval 60.0 to 80.0, n=100), "
        "several 58.0 (95% interval 48.0 to 68.0, n=40); "
    )
    found = [words(file(*both, contrasts=[(*contrast, build.difference(0.12, p))]))[0] for p in (0.012, 0.05)]
    assert found == [
        f"{scores}the difference of 12.0 points is significant (p = 0.003; corrected p = 0.012).",
        f"{scores}the difference of 12.0 points is not significant (p = 0.0125; corrected p = 0.05).",
    ]


def test_a_contrast_that_was_not_tested_says_why(build, file) -> None:
    values = ("document_in_train", ("yes", "no"), "accuracy", None)
    yes = (build.part("document_in_train", "yes"), 0.8, None)
    few = (build.part("document_in_train", "no", units=9), 0.7, None)
    assert words(file(yes, few, contrasts=[values]))[0].endswith(
        "n=100); not tested, since one of the two has fewer than 10 sentences."
    )
    alike = (build.part("document_in_train", "no"), 0.99, None)
    assert words(file(yes, alike, contrasts=[values]))[0].endswith(
        "; not tested, since one of the two has too few rows, right or wrong answers."
    )
    small = (build.part("document_in_train", "no", 29), 0.3, None)
    assert not any("document in train: yes" in line for line in words(file(yes, small, contrasts=[values])))


def test_only_slices_that_differ_after_correction_are_said_to(build, file) -> None:
    kinds = [
        (build.part("kind", "irony"), 0.5, build.difference(-0.25, 0.004)),
        (build.part("kind", "tiny", 29), 0.2, None),
        (build.part("kind", "reported"), 0.66, build.difference(-0.05, 0.3)),
        (build.part("kind", "plain"), 0.9, build.difference(0.22, 0.01)),
    ]
    assert words(file(*kinds)) == [
        "Accuracy of net on a slice was compared with that on the rows of other values 3 times "
        "(corrected p < 0.05): 1 significantly lower, 1 significantly higher.",
        "Significantly lower: kind=irony 50.0% (n=100, 25.0 points below the others).",
        "Significantly higher: kind=plain 90.0% (n=100, 22.0 points above the others).",
    ]


def test_the_same_comparison_of_several_slices_counts_once(build, file) -> None:
    lower, higher = build.difference(-0.25, 0.004), build.difference(0.25, 0.004)
    same = [
        (build.part("source", "(author)"), 0.5, lower),
        (build.part("source_mention", "author"), 0.5, lower),
        (build.part("source_mention", "in_text"), 0.75, higher),
    ]
    assert words(file(*same)) == [
        "Accuracy of net on a slice was compared with that on the rows of other values once "
        "(corrected p < 0.05): 1 significantly lower, 0 significantly higher.",
        "Significantly lower: source=the author 50.0% (n=100, 25.0 points below the others).",
    ]


def test_the_lowest_observed_slice_is_named_as_what_it_is(build, file) -> None:
    tested = (build.part("kind", "plain"), 0.66, build.difference(-0.05, 0.3))
    lowest = (build.part("topic", "war", units=2), 0.4, None)
    assert words(file(tested, lowest))[1:] == [
        "Lowest accuracy observed: topic=war 40.0% (n=100, 2 sentences), not tested."
    ]
    assert words(file(tested))[1:] == [
        "Lowest accuracy observed: kind=plain 66.0% (n=100, 100 sentences), not significantly lower."
    ]
    assert words(file(lowest))[0] == (
        "No slice of net was tested against the other rows: that takes 30 rows, 10 sentences, five right and five "
        "wrong answers on either side."
    )


def test_upper_bounds_in_words_and_where_a_file_cannot_show_what_is_read(file) -> None:
    test = file()
    assert bound_sentences(replace(test, facts=replace(test.facts, texts=8))) == [
        "Partial-input upper bounds of accuracy: text alone 97.4%, text and target 99.0%, text and source 98.0%."
    ]
    assert bound_sentences(test) == [
        "Each text has one row, so that this file cannot show whether source and target are read."
    ]
    bounds = PartialInput(text=1.0, text_target=1.0, text_source=1.0)
    alike = replace(test.facts, texts=8, partial_input_upper_bounds=bounds)
    assert bound_sentences(replace(test, facts=alike)) == [
        "All rows of a text have one stance, so that this file cannot show whether source and target are read."
    ]


def test_the_figure_shows_slices_with_enough_rows_that_have_others_beside_them(build, file) -> None:
    kinds = [(build.part("kind", str(number)), 0.5, None) for number in range(10)]
    topics = [(build.part("topic", str(number)), 0.5, None) for number in range(11)]
    lengths = [(build.part("words", "1-15", 10), 0.5, None), (build.part("words", "31+"), 0.5, None)]
    assert [each.facts for each in drawn_slices(file(*kinds, *topics, *lengths))] == [facts for facts, *_ in kinds]


def test_rows_of_several_stances_and_of_unknown_documents_are_scored_in_full(build, file) -> None:
    one, several = (build.part("stances_in_sentence", value) for value in ("one", "several"))
    unknown = build.part("document_in_train", "no")
    found = full_slices(file((one, 0.8, None), (several, 0.7, None), (unknown, 0.6, None)))
    assert [(each.description, each.scores.facts) for each in found] == [
        ("whose sentence carries more than one stance", several),
        ("of documents that train has none of", unknown),
    ]
    assert full_slices(file((one, 0.8, None))) == []
