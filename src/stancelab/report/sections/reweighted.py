"""Scores by design weights, and at a stated prevalence of stances, beside the plain ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from stancelab.pages.formatting import count, listed, percent
from stancelab.report.system_view import Estimate

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from stancelab.report.view import FileView
    from stancelab.results import Procedure, Reweighted, SystemScores

#: The metrics that the tables show beside the primary one.
_METRICS: Final = ("macro_f1", "macro_recall", "f_avg", "accuracy")


@dataclass(frozen=True, slots=True)
class ReweightedTable:
    """All systems with rows that count unequally.

    Attributes:
        title: How they count.
        metrics: The metrics, the primary one first.
        rows: By system, its score on each metric and its plain score on the primary one.
    """

    title: str
    metrics: list[str]
    rows: Mapping[str, tuple[list[Estimate], float]]


def reweighted_tables(test: FileView, procedure: Procedure) -> list[ReweightedTable]:
    """Return the tables that the settings ask for; none where no weights and no prevalence were given."""
    shares = listed([f"{stance} {percent(procedure.prevalence.get(stance, 0))}%" for stance in test.classes])
    weighted = "" if test.facts.effective_rows is None else f"design weights of the column {procedure.weight}"
    kinds: list[tuple[str, Callable[[SystemScores], Reweighted | None]]] = [
        (
            f"By {weighted}, worth {count(test.facts.effective_rows or 0)} rows of equal weight",
            lambda scores: scores.weighted,
        ),
        (
            f"At a prevalence of {shares}" + (f", by {weighted}" if weighted else ""),
            lambda scores: scores.at_prevalence,
        ),
    ]
    return [table for title, of in kinds if (table := _table(test, title, of)).rows]


def _table(test: FileView, title: str, of: Callable[[SystemScores], Reweighted | None]) -> ReweightedTable:
    left_out = {"macro_f1", "f_avg"} - set(test.metrics)
    metrics = [test.primary, *(name for name in _METRICS if name not in {test.primary, *left_out})]
    found = {system.name: each for system in test.systems if (each := of(system.scores)) is not None}
    rows = {name: ([_estimate(each, metric) for metric in metrics], _plain(test, name)) for name, each in found.items()}
    return ReweightedTable(title, metrics, rows)


def _estimate(found: Reweighted, metric: str) -> Estimate:
    return Estimate(found.scores.value(metric) or 0.0, None, found.intervals.get(metric))


def _plain(test: FileView, name: str) -> float:
    return next(system.mean(test.primary) for system in test.systems if system.name == name)
