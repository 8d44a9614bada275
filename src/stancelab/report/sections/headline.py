"""The answer in words: which system is best on a test file, by how much, and how far that can be trusted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stancelab.pages.formatting import p_value, percent, points
from stancelab.report.results import METRIC_TITLES

if TYPE_CHECKING:
    from stancelab.report.results import Difference, Estimate, SystemResult, TestResult


def headline(test: TestResult, primary: str, level: float) -> list[str]:
    """Return the sentences that open the report for one test file, made from its numbers alone.

    Args:
        test: The test file.
        primary: The metric that ranks the systems.
        level: Systems differ whose corrected p-value is below it.
    """
    best, title = test.best, METRIC_TITLES[primary]
    own = best.scores[primary]
    role = ", a baseline," if best.is_baseline else ""
    sentences = [f"{best.name}{role} has the highest {title}: {_with_spread(own, best)}."]
    rival = _rival(test)
    if rival is not None:
        other, what = rival
        theirs = other.scores[primary]
        sentences.append(f"{_margin(own.mean - theirs.mean)} {what}, {other.name} ({_with_spread(theirs, other)}).")
        pair = next((each for each in test.of_best if each.second == other.name), None)
        if pair is not None:
            sentences.append(_chance(pair, level, test.undecided if pair.method == "randomization" else []))
            sentences += _level_with(test, level)
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


def differences(test: TestResult, level: float) -> list[str]:
    """Return the sentences that say which systems of a test file differ."""
    pairs = test.differences
    real = sum(each.p_holm < level for each in pairs)
    count = f"{len(pairs)} pair{'' if len(pairs) == 1 else 's'}"
    sentences = [f"Of {count} of systems, {real} differ{'s' if real == 1 else ''} significantly."]
    same = [each.second for each in test.of_best if each.p_holm >= level]
    if same:
        sentences.append(f"{test.best.name} cannot be told from {_listed(same)}.")
    else:
        sentences.append(f"{test.best.name} differs from every other.")
    sentences += [f"{line[0].upper()}{line[1:]}." for line in test.undecided]
    single = [system.name for system in test.systems if system.is_baseline is not True and len(system.seeds) == 1]
    if single:
        was = "was" if len(single) == 1 else "were"
        sentences.append(
            f"{_listed(single)} {was} trained with one seed, so that these are differences between checkpoints;"
            " whether the training is better, several seeds would tell."
        )
    return sentences


def _chance(difference: Difference, level: float, undecided: list[str]) -> str:
    low, high = (percent(edge) for edge in difference.interval)
    found = f"(95% interval of the difference {low} to {high}, p {p_value(difference.p_holm)})"
    if difference.p_holm < level:
        return f"The difference is unlikely to be chance {found}."
    if undecided:
        return f"Whether it is chance cannot be decided {found}: {undecided[0]}."
    return f"Chance may explain the difference {found}."


def _level_with(test: TestResult, level: float) -> list[str]:
    """Name the systems of the best one's own kind that do not differ from it."""
    rival = _rival(test)
    same = [each.second for each in test.of_best if each.p_holm >= level and rival and each.second != rival[0].name]
    return [f"{test.best.name} cannot be told from {_listed(same)}."] if same else []


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
