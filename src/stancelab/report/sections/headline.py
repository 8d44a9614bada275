"""The sentences that open the report: the best system, the best baseline and the difference between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stancelab.metrics.significance import RANDOMIZATION
from stancelab.pages.formatting import percent, points
from stancelab.report.sections.differences import interval_words, leaves_range, not_different, test_words
from stancelab.report.sections.train_overlap import train_overlap_sentences

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stancelab.metrics.significance import Comparison
    from stancelab.report.system_view import SystemView
    from stancelab.report.view import FileView

__all__ = ["few_seeds", "headline", "interval_words", "leaves_range", "not_informative", "test_words"]


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
    return sentences + train_overlap_sentences(test)


def few_seeds(test: FileView, pairs: Sequence[Comparison]) -> str:
    """Return in words how few seeds the systems of some pairs have, of those with several: "two seeds"."""
    names = {name for pair in pairs for name in pair.systems}
    fewest = min((len(each.runs) for each in test.systems if each.name in names and len(each.runs) > 1), default=1)
    return {1: "one seed", 2: "two seeds", 3: "three seeds"}.get(fewest, f"{fewest} seeds")


def not_informative(test: FileView, pair: Comparison) -> list[str]:
    """Return the sentence that follows an interval of a difference that leaves its range."""
    if not leaves_range(pair):
        return []
    return [f"With {few_seeds(test, [pair])} this interval is not informative: it leaves [-100, 100] points."]


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
    if pair is not None and (_abstains(best) or _abstains(other)):
        # On the rows that the one answers the other one scores otherwise than on all.
        gap = f"{points(pair.difference)} on the rows that both answer"
    tested = "" if pair is None else f" ({test_words(pair)})"
    sentences = [
        f"The difference to the {what}, {other.name}, is {gap}{tested}.",
        *([] if pair is None else not_informative(test, pair)),
        f"{other.name} scores {_score(other, test.primary)}.",
    ]
    if pair is None:
        return sentences
    same = [each for each in test.pairs_of_best if not test.is_significant(each)]
    undecided = test.compared.warnings if pair.method == RANDOMIZATION and pair in same else []
    if undecided:
        sentences.append(f"Whether {best.name} and {other.name} differ cannot be decided: {undecided[0]}.")
        same.remove(pair)
    return sentences + not_different(test, same)


def _abstains(system: SystemView) -> bool:
    return any(run.unparsed is not None and run.unparsed.counted_as == "abstain" for run in system.runs)


def _score(system: SystemView, metric: str) -> str:
    estimate, details = system.estimate(metric), []
    if estimate.interval is not None:
        details.append(f"{interval_words(estimate.interval)}{_of_what(system)}")
    if estimate.std is not None:
        details.append(f"mean of {len(system.runs)} seeds, standard deviation {percent(estimate.std)}")
    return percent(estimate.mean) + (f" ({'; '.join(details)})" if details else "")


def _of_what(system: SystemView) -> str:
    """Return what the interval of a system is about: such trainings, or this one checkpoint."""
    if len(system.runs) > 1:
        return ", for the training"
    return "" if system.is_baseline or not system.seeds else ", for this checkpoint"
