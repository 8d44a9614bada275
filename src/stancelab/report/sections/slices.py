"""Slices: how the best system scores on rows that have something in common, and the partial-input upper bounds."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from stancelab.pages.formatting import count, counted, percent, sentence_case
from stancelab.report import titles
from stancelab.report.sections.headline import interval_words
from stancelab.report.view import SMALL_SLICE

if TYPE_CHECKING:
    from stancelab.report.view import FileView, SliceView

#: An attribute with more values than this is left to the table: the figure has to fit a printed page.
DRAWN_VALUES: Final = 10
_WEAKEST: Final = 3
#: The slice that a reader of the text alone cannot all get right.
SEVERAL: Final = ("stances_in_sentence", "several")
#: Attributes of two values whose scores are compared in words.
_CONTRASTS: Final = (
    ("stances_in_sentence", "one", "several"),
    ("target_in_train", "yes", "no"),
    ("document_in_train", "yes", "no"),
)
#: Slices on which all metrics are given, with what they are.
_IN_FULL: Final = {
    SEVERAL: "rows whose sentence carries more than one stance",
    ("document_in_train", "no"): "rows of documents that train has none of",
}


@dataclass(frozen=True, slots=True)
class FullSlice:
    """A slice on which all metrics are given: what its rows are, in words, and their scores."""

    description: str
    scores: SliceView


def slice_sentences(test: FileView) -> list[str]:
    """Return the sentences on a test file's slices."""
    bounds = test.facts.partial_input_upper_bounds
    sentences = [
        f"Partial-input upper bounds of accuracy: text alone {percent(bounds.text)}%, "
        f"text and target {percent(bounds.text_target)}%, text and source {percent(bounds.text_source)}%."
    ]
    if bounds.text >= 1:
        sentences.append("Each text has one stance on this file, so that the bound for the text alone is trivial.")
    by_key = {each.facts.key: each for each in test.slices if not each.is_small}
    for attribute, first, second in _CONTRASTS:
        one, two = by_key.get((attribute, first)), by_key.get((attribute, second))
        if one is not None and two is not None:
            sentences.append(_contrast(test, one, two))
    return sentences + _weakest(test)


def drawn_slices(test: FileView) -> list[SliceView]:
    """Return the slices of the figure: the values with enough rows of each attribute that has not too many of them."""
    shown: list[SliceView] = []
    for _, values in itertools.groupby(test.slices, key=lambda each: each.facts.attribute):
        enough = [each for each in values if not each.is_small]
        shown += enough if 1 < len(enough) <= DRAWN_VALUES else []
    return shown


def full_slices(test: FileView) -> list[FullSlice]:
    """Return the slices on which all metrics are given."""
    return [FullSlice(words, each) for key, words in _IN_FULL.items() for each in test.slices if each.facts.key == key]


def _contrast(test: FileView, *both: SliceView) -> str:
    # A mean over classes is not comparable where a class is missing.
    metric = test.primary if all(each.has_all_stances for each in both) else "accuracy"
    parts = [f"{each.value} {_score(each, test.best.name, metric)}" for each in both]
    return f"{sentence_case(titles.metric(metric))} of {test.best.name} by {both[0].attribute}: {', '.join(parts)}."


def _score(each: SliceView, system: str, metric: str) -> str:
    estimate = each.estimate(system, metric)
    interval = "" if estimate.interval is None else f"{interval_words(estimate.interval)}, "
    return f"{percent(estimate.mean)} ({interval}n={count(each.rows)})"


def _weakest(test: FileView) -> list[str]:
    """Name the slices on which even the upper end of the best system's accuracy is below its accuracy on all rows."""
    system, overall = test.best.name, test.best.mean("accuracy")
    compared: list[SliceView] = []
    below: list[tuple[float, SliceView]] = []
    for each in test.slices:
        estimate = each.estimate(system, "accuracy")
        if each.is_small or estimate.interval is None:
            continue
        # The same rows may be a slice by several attributes; they count once.
        if any(each.rows == other.rows and each.scores == other.scores for other in compared):
            continue
        compared.append(each)
        if estimate.interval[1] < overall:
            below.append((estimate.mean, each))
    below.sort(key=lambda pair: pair[0])
    named = [
        f"{each.attribute}={each.value} {percent(accuracy)}% (n={count(each.rows)})"
        for accuracy, each in below[:_WEAKEST]
    ]
    if not named:
        return []
    return [
        f"{count(len(below))} of {counted(len(compared), 'slice')} with at least {SMALL_SLICE} rows "
        f"{'has' if len(below) == 1 else 'have'} a 95% interval below overall accuracy of {percent(overall)}% "
        "(intervals are not corrected for multiple comparisons).",
        f"Weakest slices: {', '.join(named)}.",
    ]
