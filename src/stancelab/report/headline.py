"""The answer in words: which system is best on a test file, by how much, and how far that can be trusted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stancelab.report.formatting import percent, points
from stancelab.report.results import METRIC_TITLES

if TYPE_CHECKING:
    from stancelab.report.results import Estimate, SystemResult, TestResult


def headline(test: TestResult, primary: str) -> list[str]:
    """Return the sentences that open the report for one test file, made from its numbers alone."""
    best, title = test.best, METRIC_TITLES[primary]
    own = best.scores[primary]
    role = ", a baseline," if best.is_baseline else ""
    sentences = [f"{best.name}{role} has the highest {title}: {_with_spread(own, best)}."]
    rival = _rival(test)
    if rival is not None:
        other, what = rival
        theirs = other.scores[primary]
        sentences.append(f"{_margin(own.mean - theirs.mean)} {what}, {other.name} ({_with_spread(theirs, other)}).")
        sentences += _overlap(own, theirs)
    floor = test.majority[primary]
    sentences.append(
        f"Always answering {test.majority['stance']}, the most frequent stance of this file, would score "
        f"{percent(floor)}: {_floor_margin(own.mean - floor)}."
    )
    return sentences


def _rival(test: TestResult) -> tuple[SystemResult, str] | None:
    """Return whom to compare the best system with: the best of the other kind, or else the next one."""
    best, others = test.best, test.systems[1:]
    if not others:
        return None
    if best.is_baseline is None:
        return others[0], "the next best system"
    other_kind = [system for system in others if system.is_baseline != best.is_baseline]
    if not other_kind:
        return others[0], "the next best system"
    return other_kind[0], "the best trained system" if best.is_baseline else "the best baseline"


def _with_spread(estimate: Estimate, system: SystemResult) -> str:
    parts = []
    if estimate.interval is not None:
        parts.append(f"95% interval {percent(estimate.interval[0])} to {percent(estimate.interval[1])}")
    if estimate.std is not None:
        parts.append(f"mean of {len(system.runs)} seeds, standard deviation {percent(estimate.std)}")
    return percent(estimate.mean) + (f", {', '.join(parts)}" if parts else "")


def _margin(difference: float) -> str:
    if percent(difference) == percent(0):
        return "That is level with"
    return f"That is {points(difference)} above"


def _floor_margin(difference: float) -> str:
    return f"{points(abs(difference))} {'lower' if difference >= 0 else 'higher'}"


def _overlap(own: Estimate, theirs: Estimate) -> list[str]:
    if own.interval is None or theirs.interval is None:
        return []
    if own.interval[0] <= theirs.interval[1]:
        return ["The two intervals overlap: with other sentences of the same kind the order may change."]
    return ["The two intervals do not overlap."]
