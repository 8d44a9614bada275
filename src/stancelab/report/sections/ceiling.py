"""How well annotators do on a test file, and the best system beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stancelab.pages.formatting import count, counted, percent, points
from stancelab.report.sections.headline import interval_words
from stancelab.report.titles import metric

if TYPE_CHECKING:
    from stancelab.report.view import FileView


def ceiling_sentences(test: FileView) -> list[str]:
    """Return the sentences on the human ceiling; none where no row was labeled by several annotators."""
    ceiling = test.facts.human_ceiling
    if ceiling is None:
        return []
    others = [name for name in test.metrics if name != test.primary]
    primary = ceiling.scores.value(test.primary) or 0.0
    interval = ceiling.intervals.get(test.primary)
    between = "" if interval is None else f" ({interval_words(interval)})"
    more = ", ".join(f"{metric(name)} {percent(ceiling.scores.value(name) or 0.0)}" for name in others)
    ties = f"; {count(ceiling.ties)} more have no single majority to compare with" if ceiling.ties else ""
    return [
        f"Human ceiling: {counted(ceiling.annotators, 'annotator')} score {percent(primary)} {test.primary_title}"
        f"{between} against the majority of the others, {more} ({counted(ceiling.answers, 'label')} of "
        f"{counted(ceiling.items, 'item')}{ties}).",
        *_best(test),
    ]


def _best(test: FileView) -> list[str]:
    found = test.best.scores.against_annotators
    if found is None:
        return []
    score = f"{test.best.name} scores {percent(found.scores.value(test.primary) or 0.0)} against the same majorities"
    gap = f"{points(abs(found.difference))} {'below' if found.difference < 0 else 'above'} the annotators"
    if found.interval is None:
        return [f"{score}, {gap} (not tested)."]
    decided = found.interval.low > 0 or found.interval.high < 0
    verdict = "" if decided else ": a difference is not shown"
    return [f"{score}, {gap} (difference {percent(found.difference)}, {interval_words(found.interval)}){verdict}."]
