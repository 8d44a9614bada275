"""Slices in words: what a blind reader could score, and where the best system holds and where it does not."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Final

from stancelab.pages.formatting import percent
from stancelab.report.results import METRIC_TITLES, SEVERAL

if TYPE_CHECKING:
    from stancelab.report.results import SliceResult, TestResult

#: An attribute with more values than this is left to the table: the figure has to fit a printed page.
DRAWN_VALUES: Final = 10
_WEAKEST: Final = 3
#: Pairs of values that a reviewer asks about, with how they are said.
_ASKED: Final = (
    ("stances in the sentence", "one", "several", "where the sentence carries one stance", "where it carries several"),
    ("known target", "in train", "not in train", "on targets that train has", "on targets that it lacks"),
    ("known document", "in train", "not in train", "on documents that train has rows of", "on others"),
)

#: Rows on which all metrics are given again, with what they are.
_AGAIN: Final = {
    SEVERAL: "rows whose sentence carries more than one stance",
    ("known document", "not in train"): "rows of documents that train has none of",
}


def where_it_holds(test: TestResult, primary: str) -> list[str]:
    """Return the sentences on a test file's slices, made from its numbers alone."""
    text, target, source = (percent(test.ceilings[part]) for part in ("text", "text and target", "text and source"))
    sentences = [
        f"A reader who saw the text alone, and gave each text one answer, could be right on at most {text}% of the "
        f"rows; with the target as well on {target}%, with the source instead on {source}%."
    ]
    best, title = test.best.name, METRIC_TITLES[primary]
    by_name = {each.key: each for each in test.slices}
    for attribute, first, second, said, other in _ASKED:
        one, two = by_name.get((attribute, first)), by_name.get((attribute, second))
        if one is not None and two is not None and not (one.is_small or two.is_small):
            sentences.append(_contrast(best, primary, title, (one, said), (two, other)))
    return [*sentences, *_weakest(test)]


def drawn(test: TestResult) -> list[SliceResult]:
    """Return the slices that the figure shows: the values with enough rows of each attribute that has not too many."""
    shown: list[SliceResult] = []
    for _, values in itertools.groupby(test.slices, key=lambda each: each.attribute):
        enough = [each for each in values if not each.is_small]
        shown += enough if 1 < len(enough) <= DRAWN_VALUES else []
    return shown


def scored_again(test: TestResult) -> list[tuple[str, SliceResult]]:
    """Return the rows that a reviewer wants scored by themselves, with what they are; those there are."""
    return [(said, each) for key, said in _AGAIN.items() for each in test.slices if each.key == key]


def _contrast(best: str, primary: str, title: str, one: tuple[SliceResult, str], other: tuple[SliceResult, str]) -> str:
    # A mean over classes says nothing where a class is missing.
    whole = one[0].has_all_stances and other[0].has_all_stances
    metric, called = (primary, title) if whole else ("accuracy", METRIC_TITLES["accuracy"])
    parts = [f"{_with_interval(each, best, metric)} {said}" for each, said in (one, other)]
    return f"{called} of {best} is {parts[0]}, and {parts[1]}."


def _with_interval(each: SliceResult, best: str, metric: str) -> str:
    estimate = each.scores[best][metric]
    low, high = estimate.interval or (estimate.mean, estimate.mean)
    return f"{percent(estimate.mean)} [{percent(low)}, {percent(high)}] ({each.rows:,} rows)"


def _weakest(test: TestResult) -> list[str]:
    """Name the slices on which even the upper end of the best system's accuracy is below its accuracy on all rows."""
    best = test.best
    overall = best.scores["accuracy"].mean
    scores = [(each, each.scores[best.name]["accuracy"]) for each in test.slices if not each.is_small]
    below = [(each, score) for each, score in scores if score.interval and score.interval[1] < overall]
    below.sort(key=lambda pair: pair[1].mean)
    if not below:
        return []
    named = [
        f"{each.attribute}: {each.value} ({percent(score.mean)}% of {each.rows:,} rows right)"
        for each, score in below[:_WEAKEST]
    ]
    return [f"Clearly below its {percent(overall)}% on all rows it is on {'; '.join(named)}."]
