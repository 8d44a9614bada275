"""The best system against each other one over test files of several corpora."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stancelab.metrics.replicability import corpora_with_effect, named_corpora
from stancelab.metrics.significance import IDENTICAL
from stancelab.results import CorporaComparison

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from stancelab.results import Comparisons, SystemResults, TestFile


def over_corpora(
    tests: Mapping[str, TestFile],
    comparisons: Mapping[str, Comparisons],
    systems: Sequence[SystemResults],
    primary: str,
    level: float,
) -> list[CorporaComparison]:
    """Return on how many corpora the best system is better than each other one; none where there is one corpus.

    A corpus with several test files counts once: its p-value is the smallest of them, times their number. The best
    system is found on the same rows, so the level is divided by all different pairs of systems, and by the two
    directions.

    Args:
        tests: What the test files hold.
        comparisons: Which systems differ on each of them.
        systems: The systems.
        primary: The metric that ranks them.
        level: The level of the procedure.
    """
    files: dict[str, list[str]] = {}
    for name, test in tests.items():
        if comparisons[name].pairs and any(test.corpora):
            files.setdefault("+".join(test.corpora), []).append(name)
    if len(files) < 2 or len(systems) < 2:
        return []
    means = {each.name: _mean(each, files, primary) for each in systems}
    best, *others = sorted(means, key=lambda name: -means[name])
    own_level = level / (2 * max(1, len(_different_pairs(comparisons[name] for own in files.values() for name in own))))
    return [_compare((best, other), files, comparisons, own_level) for other in others]


def _different_pairs(compared: Iterable[Comparisons]) -> set[frozenset[str]]:
    """Return the pairs of systems that are tested on some file; those that answer alike everywhere are none."""
    return {
        frozenset(pair.systems)
        for own in compared
        for pair in own.pairs
        if pair.method != IDENTICAL and pair.repeats is None
    }


def _mean(system: SystemResults, files: Mapping[str, Sequence[str]], primary: str) -> float:
    """Return a system's mean over corpora of its mean over their test files."""
    return float(
        np.mean([np.mean([system.tests[name].mean.value(primary) or 0.0 for name in own]) for own in files.values()])
    )


def _compare(
    pair: tuple[str, str], files: Mapping[str, Sequence[str]], comparisons: Mapping[str, Comparisons], level: float
) -> CorporaComparison:
    better = {corpus: _smallest([one_sided(pair, comparisons[name]) for name in own]) for corpus, own in files.items()}
    worse = [_smallest([one_sided(pair[::-1], comparisons[name]) for name in own]) for own in files.values()]
    names, p_values = list(better), list(better.values())
    return CorporaComparison(
        systems=pair,
        p=better,
        level=level,
        better=corpora_with_effect(p_values, level, independent=False),
        better_if_independent=corpora_with_effect(p_values, level, independent=True),
        named=[names[place] for place in named_corpora(p_values, level)],
        worse=corpora_with_effect(worse, level, independent=False),
    )


def one_sided(pair: tuple[str, str], compared: Comparisons) -> float:
    """Return the one-sided p-value of the first system being better on a test file, from the two-sided one.

    1 where the two were not compared, as systems of the same answers are not.
    """
    for each in compared.pairs:
        if set(each.systems) == set(pair) and each.method != IDENTICAL:
            same_way = (each.difference > 0) == (each.systems == pair) and each.difference != 0
            return each.p / 2 if same_way else 1 - each.p / 2
    return 1.0


def _smallest(p_values: Sequence[float]) -> float:
    return min(1.0, len(p_values) * min(p_values))
