"""Errors of direction apart from errors with neutral, for all systems side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from stancelab.pages.formatting import percent
from stancelab.report.sections.headline import interval_words
from stancelab.schema import AGAINST, FAVOR, NEUTRAL

if TYPE_CHECKING:
    from stancelab.report.system_view import SystemView
    from stancelab.report.view import FileView
    from stancelab.results import ErrorKinds


@dataclass(frozen=True, slots=True)
class ErrorRow:
    """The kinds of errors of one system.

    Attributes:
        name: The system.
        kinds: How many errors of each kind it makes, means over its runs.
        total: All its errors, the mean over its runs.
    """

    name: str
    kinds: ErrorKinds
    total: float

    @property
    def direction(self) -> float:
        """Errors of direction, both ways."""
        return self.kinds.favor_as_against + self.kinds.against_as_favor


def _has_directions(test: FileView) -> bool:
    return {AGAINST, FAVOR} <= set(test.classes)


def error_rows(test: FileView) -> list[ErrorRow]:
    """Return the kinds of errors of all systems, the best first."""
    return [
        ErrorRow(system.name, kinds, _errors(system))
        for system in test.systems
        if (kinds := system.scores.errors) is not None
    ]


def _errors(system: SystemView) -> float:
    """Return the number of a system's errors, the mean over its runs; answers that could not be read are errors too."""
    return float(system.confusion.sum() - system.confusion.trace() + sum(system.unanswered.values()))


def error_columns(test: FileView) -> list[tuple[str, str]]:
    """Return the kinds of errors that are possible with the classes of the task: title, and name in `ErrorKinds`."""
    columns = []
    if _has_directions(test):
        columns += [("Favor as against", "favor_as_against"), ("Against as favor", "against_as_favor")]
    if NEUTRAL in test.answers:
        columns.append(("Stance as neutral", "stance_as_neutral"))
    if NEUTRAL in test.classes:
        columns.append(("Neutral as stance", "neutral_as_stance"))
    return columns


def direction_sentences(test: FileView) -> list[str]:
    """Return the sentence on the wrong directions of the best system; none where every error is one."""
    rows = error_rows(test)
    if not rows or not _has_directions(test) or set(test.answers) <= {AGAINST, FAVOR}:
        return []
    first = rows[0]
    interval = "" if first.kinds.direction_interval is None else f" ({interval_words(first.kinds.direction_interval)})"
    of_errors = f", {percent(first.direction / first.total)}% of its errors" if first.total else ""
    return [
        f"{first.name} takes favor for against or against for favor on {percent(first.kinds.direction_share)}% of rows"
        f"{interval}{of_errors}."
    ]
