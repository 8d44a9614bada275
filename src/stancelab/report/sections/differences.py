"""What the report says of the difference of two systems: its test, its bound, equivalence, and what could be found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stancelab.metrics.significance import IDENTICAL
from stancelab.pages.formatting import count, counted, listed, p_value, percent, points

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stancelab.metrics.bootstrap import Interval
    from stancelab.metrics.significance import Comparison, Precision
    from stancelab.report.view import FileView


def interval_words(interval: Interval) -> str:
    """Return an interval of shares in words: "95% interval 61.8 to 68.8"."""
    return f"95% interval {percent(interval[0])} to {percent(interval[1])}"


def test_words(pair: Comparison) -> str:
    """Return how sure a difference is: its interval and its p-value, both uncorrected, and the corrected p-value."""
    if pair.method == IDENTICAL:
        return "the same answers"
    interval = [] if pair.interval is None else [interval_words(pair.interval)]
    return f"{', '.join([*interval, f'p {p_value(pair.p)}'])}; corrected p {p_value(pair.p_holm)}"


def leaves_range(pair: Comparison) -> bool:
    """Tell whether the interval of a difference of two shares has values that no difference can have."""
    return pair.interval is not None and (pair.interval[0] < -1 or pair.interval[1] > 1)


def not_different(test: FileView, pairs: Sequence[Comparison]) -> list[str]:
    """Return the sentences on pairs of the best system that are not significantly different, with what is excluded.

    Args:
        test: The test file.
        pairs: Comparisons of the best system, the best first.
    """
    best = test.best.name
    alike = [pair.systems[1] for pair in pairs if pair.method == IDENTICAL]
    tested = [pair for pair in pairs if pair.method != IDENTICAL]
    sentences = [f"{best} and {listed(alike)} give the same answers."] if alike else []
    if len(tested) == 1:
        (pair,) = tested
        sentences.append(f"{best} and {pair.systems[1]} are not significantly different: {_excluded(pair)}.")
    elif tested:
        sentences.append(f"{best} is not significantly different from {listed([each.systems[1] for each in tested])}.")
        sentences += [f"Against {pair.systems[1]}, {_excluded(pair)}." for pair in tested if pair.interval is not None]
        if all(pair.interval is None for pair in tested):
            sentences.append("No difference to them is excluded, with fewer than ten resampling units.")
    return sentences + _equivalent(test, tested)


def power_sentences(test: FileView) -> list[str]:
    """Return which differences to the best system could have been found, and what would find smaller ones."""
    found = {pair.systems[1]: pair.precision for pair in test.pairs_of_best if pair.precision is not None}
    if not found:
        return []
    raw = _range([each.detectable for each in found.values()])
    corrected = _range([each.detectable_corrected for each in found.values()])
    if raw is None:
        return []
    family = f"after correction for {counted(test.compared.family, 'pair')}"
    after = f"none can be {family}" if corrected is None else f"{corrected} {family}"
    others = next(iter(found)) if len(found) == 1 else "the other systems"
    return [
        f"Against {others}, a difference of {raw} is found with probability 80% ({after}).",
        *_advice(test, found),
    ]


def _excluded(pair: Comparison) -> str:
    if pair.interval is None:
        return "no difference is excluded, with fewer than ten resampling units"
    bound = max(abs(edge) for edge in pair.interval)
    if bound >= 1:
        return f"no difference is excluded ({interval_words(pair.interval)})"
    return f"a difference of more than {points(bound)} is excluded ({interval_words(pair.interval)})"


def _equivalent(test: FileView, pairs: Sequence[Comparison]) -> list[str]:
    """Return for which pairs a difference beyond the margin is refuted, where a margin is set."""
    if test.margin is None or not pairs:
        return []
    within = f"within ±{points(test.margin / 100)}"
    known = [pair for pair in pairs if pair.equivalence_p is not None]
    shown = [pair for pair in known if pair.equivalence_p is not None and pair.equivalence_p < test.level]
    sentences = [
        f"{pair.systems[0]} and {pair.systems[1]} are equivalent {within} "
        f"(two one-sided tests, p {p_value(pair.equivalence_p or 0.0)}, uncorrected)."
        for pair in shown
    ]
    rest = [pair.systems[1] for pair in pairs if pair not in shown]
    if rest:
        sentences.append(f"Equivalence of {test.best.name} {within} is not shown for {listed(rest)}.")
    return sentences


def _range(values: Sequence[float | None]) -> str | None:
    """Return the smallest and the largest of some differences in words; None where none is known."""
    known = [value for value in values if value is not None]
    if not known:
        return None
    low, high = percent(min(known)), percent(max(known))
    return points(max(known)) if low == high else f"{low} to {high} points, depending on the system,"


def _advice(test: FileView, found: dict[str, Precision]) -> list[str]:
    by_seeds = [name for name, each in found.items() if each.seeds > 0.5]
    by_data = [name for name in found if name not in by_seeds]
    sentences = []
    for names, larger, more in ((by_seeds, "seeds", "seeds"), (by_data, test.unit, test.unit)):
        if not names:
            continue
        which = "all of them" if len(names) == len(found) > 1 else listed(names)
        if len(names) > 3 and len(names) < len(found):
            which = f"{count(len(names))} of them"
        sentences.append(
            f"For {which}, the variance between {larger} is the larger part: more {more} would find smaller ones."
        )
    return sentences
