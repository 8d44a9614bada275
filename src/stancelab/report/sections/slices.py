"""Scores on rows that have something in common, and the partial-input upper bounds.

Only what was tested is said to differ: every slice that could be is compared with the rows that have another value of
its attribute. The lowest of many slices is low by chance, so that one that was not tested is called so.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from stancelab.metrics.intervals import FEWEST_UNITS
from stancelab.pages.formatting import count, counted, p_value, percent, points, sentence_case
from stancelab.report import titles
from stancelab.report.sections.headline import interval_words
from stancelab.report.view import SMALL_SLICE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stancelab.report.system_view import SystemView
    from stancelab.report.view import FileView, SliceView
    from stancelab.results import SliceContrast

#: An attribute with more values than this is left to the table: the figure has to fit a printed page.
DRAWN_VALUES: Final = 10
#: Slices that differ and are named in a sentence.
_NAMED: Final = 5
#: The slice that a reader of the text alone cannot all get right.
SEVERAL: Final = ("stances_in_sentence", "several")
#: Why slices of a system that abstains are not tested.
_OWN_CHOICE: Final = "it abstains, and which rows it answers is its own choice"
#: Slices on which all metrics are given, with which rows they are.
_IN_FULL: Final = {
    SEVERAL: "whose sentence carries more than one stance",
    ("document_in_train", "no"): "of documents that train has none of",
}


@dataclass(frozen=True, slots=True)
class FullSlice:
    """A slice on which all metrics are given: which rows it has, in words, and their scores."""

    description: str
    scores: SliceView


def bound_sentences(test: FileView) -> list[str]:
    """Return what a reader of part of the row could score, or why the file does not show it."""
    facts, bounds = test.facts, test.facts.partial_input_upper_bounds
    if facts.texts == facts.rows:
        return ["Each text has one row, so that this file cannot show whether source and target are read."]
    if bounds.text >= 1:
        return ["All rows of a text have one stance, so that this file cannot show whether source and target are read."]
    return [
        f"Partial-input upper bounds of accuracy: text alone {percent(bounds.text)}%, "
        f"text and target {percent(bounds.text_target)}%, text and source {percent(bounds.text_source)}%."
    ]


def slice_sentences(test: FileView, system: SystemView) -> list[str]:
    """Return the sentences on one system's scores by slice."""
    by_key = {each.facts.key: each for each in test.slices if not each.is_small}
    sentences = []
    for contrast in system.scores.contrasts:
        one, two = (by_key.get((contrast.attribute, value)) for value in contrast.values)
        if one is not None and two is not None:
            sentences.append(_contrast(test, system, contrast, (one, two)))
    return [*sentences, *_tested(test, system), *_lowest(test, system)]


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


def _contrast(test: FileView, system: SystemView, contrast: SliceContrast, both: tuple[SliceView, SliceView]) -> str:
    parts = [f"{each.value} {_score(each, system.name, contrast.metric)}" for each in both]
    scores = f"{sentence_case(titles.metric(contrast.metric))} of {system.name} by {both[0].attribute}: "
    return f"{scores}{', '.join(parts)}; {_verdict(test, system.name, contrast, both)}."


def _verdict(test: FileView, system: str, contrast: SliceContrast, both: tuple[SliceView, SliceView]) -> str:
    if contrast.tested is None:
        if any(each.abstained(system) for each in both):
            return f"not tested, since {_OWN_CHOICE}"
        if any(each.facts.units < FEWEST_UNITS for each in both):
            return f"not tested, since one of the two has fewer than {FEWEST_UNITS} {test.unit}"
        return "not tested, since one of the two has too few rows, right or wrong answers"
    tested = contrast.tested
    is_significant = "is" if tested.p_holm < test.level else "is not"
    return (
        f"the difference of {points(abs(tested.difference))} {is_significant} significant "
        f"(p {p_value(tested.p)}; corrected p {p_value(tested.p_holm)})"
    )


def _score(each: SliceView, system: str, metric: str) -> str:
    estimate, abstained = each.estimate(system, metric), each.abstained(system)
    if estimate is None:
        return f"no score ({abstained})"
    interval = "" if estimate.interval is None else f"{interval_words(estimate.interval)}, "
    rest = f", {abstained}" if abstained else ""
    return f"{percent(estimate.mean)} ({interval}n={count(each.answered(system))}{rest})"


def _tested(test: FileView, system: SystemView) -> list[str]:
    """Name the slices whose accuracy is significantly below, or above, that of the rows with other values."""
    # The same rows may be a slice by several attributes, and both values of an attribute are one comparison.
    found: dict[tuple[float, float], SliceView] = {}
    for each in sorted(test.slices, key=lambda each: each.accuracy(system.name) or 0.0):
        if (tested := each.others(system.name)) is not None:
            found.setdefault((abs(tested.difference), tested.p), each)
    if not found and any(each.abstained(system.name) for each in test.slices):
        return [f"No slice of {system.name} was tested against the other rows, since {_OWN_CHOICE}."]
    if not found:
        return [
            f"No slice of {system.name} was tested against the other rows: that takes {SMALL_SLICE} rows, "
            f"{FEWEST_UNITS} {test.unit}, five right and five wrong answers on either side."
        ]
    lower, higher = (
        [each for each in found.values() if test.differs(each, system.name) and _sign(each, system.name) == sign]
        for sign in (-1, 1)
    )
    sentence = (
        f"Accuracy of {system.name} on a slice was compared with that on the rows of other values "
        f"{'once' if len(found) == 1 else f'{count(len(found))} times'} (corrected p < {test.level:g}): "
    )
    if not lower and not higher:
        return [f"{sentence}no significant difference."]
    return [
        f"{sentence}{count(len(lower))} significantly lower, {count(len(higher))} significantly higher.",
        *([f"Significantly lower: {_named(lower, system.name)}."] if lower else []),
        *([f"Significantly higher: {_named(higher[::-1], system.name)}."] if higher else []),
    ]


def _sign(each: SliceView, system: str) -> int:
    tested = each.others(system)
    return 0 if tested is None else -1 if tested.difference < 0 else 1


def _named(slices: Sequence[SliceView], system: str) -> str:
    words = []
    for each in slices[:_NAMED]:
        tested = each.others(system)
        gap = "" if tested is None else f", {points(abs(tested.difference))} {_side(tested.difference)} the others"
        words.append(
            f"{each.attribute}={each.value} {percent(each.accuracy(system) or 0.0)}% (n={count(each.rows)}{gap})"
        )
    more = len(slices) - len(words)
    return "; ".join([*words, *([f"and {count(more)} more"] if more else [])])


def _side(difference: float) -> str:
    return "below" if difference < 0 else "above"


def _lowest(test: FileView, system: SystemView) -> list[str]:
    """Name the slice with the lowest accuracy where it is not among those that are significantly lower."""
    answered = [(each, each.accuracy(system.name)) for each in test.slices if each.answered(system.name) >= SMALL_SLICE]
    large = [(accuracy, each) for each, accuracy in answered if accuracy is not None]
    if not large:
        return []
    accuracy, lowest = min(large, key=lambda pair: pair[0])
    if test.differs(lowest, system.name):
        return []
    noun = counted(lowest.facts.units, "sentence" if test.facts.unit == "text" else "document")
    abstained = f", {words}" if (words := lowest.abstained(system.name)) else ""
    verdict = "not tested" if lowest.others(system.name) is None else "not significantly lower"
    return [
        f"Lowest accuracy observed: {lowest.attribute}={lowest.value} {percent(accuracy)}% "
        f"(n={count(lowest.answered(system.name))}{abstained}, {noun}), {verdict}."
    ]
