"""Rows whose text a system was trained on, in words."""

from __future__ import annotations

from dataclasses import replace

from stancelab.report.sections.train_overlap import train_overlap_sentences, unknown_overlap_sentences
from stancelab.results import SliceScores


def with_overlap(view, rows: int | None, without: float | None = None):
    slices = None if without is None else SliceScores(scores=replace(view.scores.mean, macro_f1=without), intervals={})
    return replace(view, scores=replace(view.scores, train_overlap_rows=rows, without_train_overlap=slices))


def test_rows_are_counted_and_scores_without_them_stand_beside(build) -> None:
    systems = [
        with_overlap(build.system("net", 0.6), 3, 0.501),
        with_overlap(build.system("svm", 0.5, baseline=True), 0, 0.482),
        with_overlap(build.system("llm", 0.4), None, 0.41),
    ]
    test = build.file(*systems, overlap=3)
    assert train_overlap_sentences(test) == [
        "net was trained on the texts of 3 of 9 rows (33.3%).",
        "On the 6 rows whose text no system was trained on, macro-F1 is 50.1 for net, 48.2 for svm and 41.0 for llm; "
        "differences between systems on these rows are not tested.",
    ]
    assert unknown_overlap_sentences(test) == [
        "Whether texts of this file were among the training texts is not known of llm."
    ]
    estimate = test.without_overlap(test.systems[0])
    assert estimate is not None
    assert estimate.mean == 0.501


def test_nothing_is_said_where_no_text_was_trained_on(build) -> None:
    test = build.file(with_overlap(build.system("net", 0.6), 0))
    assert train_overlap_sentences(test) == unknown_overlap_sentences(test) == []
    assert test.without_overlap(test.systems[0]) is None


def test_where_no_row_is_left(build) -> None:
    test = build.file(with_overlap(build.system("net", 0.6), 9), overlap=9)
    assert train_overlap_sentences(test)[1] == "No row is left without them."
