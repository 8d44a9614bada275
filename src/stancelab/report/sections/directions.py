"""Errors of direction apart from errors with neutral, for all systems side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from stancelab.pages.formatting import percent
from stancelab.report.sections.headline import interval_words

if TYPE_CHECKING:
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


def error_rows(test: FileView) -> list[ErrorRow]:
    """Return the kinds of errors of all systems, the best first."""
    return [
        ErrorRow(system.name, kinds, float(system.confusion.sum() - system.confusion.trace()))
        for system in test.systems
        if (kinds := system.scores.errors) is not None
    ]


def direction_sentences(test: FileView) -> list[str]:
    """Return the sentence on the wrong directions of the best system."""
    rows = error_rows(test)
    if not rows:
        return []
    first = rows[0]
    interval = "" if first.kinds.direction_interval is None else f" ({interval_words(first.kinds.direction_interval)})"
    of_errors = f", {percent(first.direction / first.total)}% of its errors" if first.total else ""
    return [
        f"{first.name} takes favor for against or against for favor on {percent(first.kinds.direction_share)}% of rows"
        f"{interval}{of_errors}."
    ]
