"""The sentences that open the report: the best system, the best baseline and the difference between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stancelab.metrics.significance import RANDOMIZATION
from stancelab.pages.formatting import listed, p_value, percent, points

if TYPE_CHECKING:
    from stancelab.metrics.bootstrap import Interval
    from stancelab.metrics.significance import Comparison
    from stancelab.report.system_view import SystemView
    from stancelab.report.view import FileView


def headline(test: FileView) -> list[str]:
    """Return the sentences that open the report for one test file."""
    best = test.best
    role = ", a baseline," if best.is_baseline else ""
    sentences = [f"{best.name}{role} has the highest {test.primary_title}: {_score(best, test.primary)}."]
    found = _other(test)
    if found is not None:
        sentences += _difference(test, *found)
    score = test.majority(test.primary)
    gap = best.mean(test.primary) - score
    sentences.append(
        f"Always answering {test.facts.majority.stance}, the majority class, scores {percent(score)} "
        f"({points(abs(gap))} {'lower' if gap >= 0 else 'higher'})."
    )
    return sentences


def interval_words(interval: Interval) -> str:
    """Return an interval of shares in words: "95% interval 61.8 to 68.8"."""
    return f"95% interval {percent(interval[0])} to {percent(interval[1])}"


def test_words(pair: Comparison) -> str:
    """Return how sure a difference is: its interval and its corrected p-value."""
    return f"{interval_words(pair.interval)}, Holm-corrected p {p_value(pair.p_holm)}"


def _other(test: FileView) -> tuple[SystemView, str] | None:
    """Return whom to compare the best system with: the best of the other kind, or else the next one."""
    best, others = test.best, test.systems[1:]
    if not others:
        return None
    other_kind = [system for system in others if system.is_baseline != best.is_baseline]
    if not other_kind:
        return others[0], "next best system"
    return other_kind[0], "best trained system" if best.is_baseline else "best baseline"


def _difference(test: FileView, other: SystemView, what: str) -> list[str]:
    best, pair = test.best, next((each for each in test.pairs_of_best if each.systems[1] == other.name), None)
    gap = points(best.mean(test.primary) - other.mean(test.primary))
    tested = "" if pair is None else f" ({test_words(pair)})"
    sentences = [
        f"The difference to the {what}, {other.name}, is {gap}{tested}.",
        f"{other.name} scores {_score(other, test.primary)}.",
    ]
    if pair is None:
        return sentences
    same = [each.systems[1] for each in test.pairs_of_best if not test.is_significant(each)]
    undecided = test.compared.warnings if pair.method == RANDOMIZATION and other.name in same else []
    if undecided:
        sentences.append(f"Whether {best.name} and {other.name} differ cannot be decided: {undecided[0]}.")
        same.remove(other.name)
    if len(same) == 1:
        sentences.append(f"{best.name} and {same[0]} are not significantly different.")
    elif same:
        sentences.append(f"{best.name} is not significantly different from {listed(same)}.")
    return sentences


def _score(system: SystemView, metric: str) -> str:
    estimate, details = system.estimate(metric), []
    if estimate.interval is not None:
        details.append(interval_words(estimate.interval))
    if estimate.std is not None:
        details.append(f"mean of {len(system.runs)} seeds, standard deviation {percent(estimate.std)}")
    return percent(estimate.mean) + (f" ({'; '.join(details)})" if details else "")
