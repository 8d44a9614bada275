"""Is the difference between two systems more than chance? Paired comparisons on the same rows.

Rows of one sentence, or of one document, are not independent, so that whole groups of rows are drawn and swapped.

Two systems with one run each are compared by approximate randomization (Noreen, 1989; Yeh, COLING 2000): were the two
the same, it would not matter whose predictions are whose, so those of each group are swapped by the toss of a coin, and
the difference that was found is placed among those that such swaps give.

Where a system has several seeds, the question is whether its training, and not these runs of it, is better, so the
variance between seeds counts beside that between groups, as in the multi-bootstrap (Sellam et al., "The MultiBERTs",
ICLR 2022). Three seeds say little of their own variance, and percentiles over so few are too narrow; so both variances
are added as components, that between seeds pooled over the two systems, and the difference is held against Student's t
with the degrees of freedom that Satterthwaite (1946) gives such sums. `scripts/simulate_comparisons.py` measures how
often either finds what is not there.

All pairs of systems are compared, so that some would differ by chance alone; Holm's correction (1979) holds the chance
of even one false difference at the level.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from stancelab.metrics.bootstrap import LEVEL, Interval, percentile_interval
from stancelab.metrics.classification import scores_of_confusions

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from stancelab.metrics.classification import Floats

RANDOMIZATION: Final = "randomization"
SEEDS_AND_DATA: Final = "seeds_and_data"

#: Coins held in memory at once; as 4-byte floats they take 64 MB.
_COINS_AT_ONCE: Final = 16_000_000
#: Differences that rounding alone sets apart are equal.
_EQUAL: Final = 1e-12


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two systems on one test file.

    Attributes:
        systems: Their names.
        difference: The first one's score minus the second one's, means over seeds.
        interval: 95% interval of the difference.
        p: Two-sided p-value.
        p_holm: The same after Holm's correction over all pairs of the test file.
        method: `RANDOMIZATION` or `SEEDS_AND_DATA`.
    """

    systems: tuple[str, str]
    difference: float
    interval: Interval
    p: float
    p_holm: float
    method: str


@dataclass(frozen=True, slots=True)
class Runs:
    """What all runs of all systems say of one test file, as the comparisons need it.

    Attributes:
        counts: Confusion matrices by group of rows and run, shape (groups, runs, 3, 3).
        drawn: The metric of each bootstrap draw and run, shape (draws, runs); a draw takes the same groups for all.
        members: Name of each system -> which runs are its seeds.
    """

    counts: NDArray[np.int64]
    drawn: Floats
    members: Mapping[str, Sequence[int]]


def compare(runs: Runs, metric: str, rounds: int, seed: int) -> list[Comparison]:
    """Compare every pair of systems, in the order in which the systems are given.

    Args:
        runs: What they say.
        metric: One of `PRIMARY_METRICS`.
        rounds: How often the predictions are swapped.
        seed: Seed of the coins.
    """
    pairs = list(itertools.combinations(runs.members, 2))
    if not pairs:
        return []
    points = np.asarray(getattr(scores_of_confusions(runs.counts.sum(axis=0)), metric))
    single = [(runs.members[a][0], runs.members[b][0]) for a, b in pairs if not _has_seeds(runs, a, b)]
    by_randomization = iter(randomization(runs.counts, single, metric, rounds, seed))
    found = []
    for a, b in pairs:
        own, other = list(runs.members[a]), list(runs.members[b])
        difference = float(points[own].mean() - points[other].mean())
        if _has_seeds(runs, a, b):
            groups = len(runs.counts)
            interval, p = seeds_and_data(
                (points[own], points[other]), (runs.drawn[:, own], runs.drawn[:, other]), groups
            )
        else:
            interval = percentile_interval(runs.drawn[:, own[0]] - runs.drawn[:, other[0]])
            p = next(by_randomization)
        found.append((difference, interval, p))
    corrected = holm([p for *_, p in found])
    return [
        Comparison(pair, difference, interval, p, p_holm, SEEDS_AND_DATA if _has_seeds(runs, *pair) else RANDOMIZATION)
        for pair, (difference, interval, p), p_holm in zip(pairs, found, corrected, strict=True)
    ]


def randomization(
    counts: NDArray[np.number], pairs: Sequence[tuple[int, int]], metric: str, rounds: int, seed: int
) -> list[float]:
    """Return for each pair of runs the p-value of approximate randomization, two-sided.

    The rounds of all pairs share their coins. The difference that was found counts as one of the rounds (Phipson and
    Smyth, 2010), so that no p-value is 0.

    Args:
        counts: Confusion matrices by group of rows and run, shape (groups, runs, 3, 3).
        pairs: Which runs to compare.
        metric: One of `PRIMARY_METRICS`.
        rounds: How often the predictions are swapped.
        seed: Seed of the coins.
    """
    if not pairs:
        return []
    groups, shape = len(counts), counts.shape[1:]
    # Whole numbers this small are exact in single precision, which is twice as fast.
    flat = counts.reshape(groups, -1).astype(np.float32)
    totals = counts.sum(axis=0).astype(np.float64)
    observed = [_distance(totals[a], totals[b], metric) for a, b in pairs]
    at_least = np.zeros(len(pairs), dtype=np.int64)
    random = np.random.default_rng(seed)
    chunk = max(1, _COINS_AT_ONCE // groups)
    for start in range(0, rounds, chunk):
        size = min(chunk, rounds - start)
        coins = random.integers(2, size=(size, groups), dtype=np.uint8).astype(np.float32)
        swapped = (coins @ flat).reshape(size, *shape).astype(np.float64)
        for place, (a, b) in enumerate(pairs):
            moved = swapped[:, b] - swapped[:, a]
            distance = _distance(totals[a] + moved, totals[b] - moved, metric)
            at_least[place] += int((distance >= observed[place] - _EQUAL).sum())
    return [float((1 + count) / (1 + rounds)) for count in at_least]


def seeds_and_data(points: tuple[Floats, Floats], drawn: tuple[Floats, Floats], groups: int) -> tuple[Interval, float]:
    """Return 95% interval and two-sided p-value of the difference of two systems' means over seeds.

    Args:
        points: The score of each run, of the one system and of the other; at least one has several runs.
        drawn: The same for each bootstrap draw, shapes (draws, runs).
        groups: From how many groups of rows the draws are taken.
    """
    from scipy.stats import t as student

    difference = float(points[0].mean() - points[1].mean())
    of_rows = sum(_row_variance(draws) for draws in drawn)
    of_data = max(0.0, float(np.var(drawn[0].mean(axis=1) - drawn[1].mean(axis=1), ddof=1)) - of_rows)
    of_seeds = sum(float(np.var(scores, ddof=1)) / len(scores) for scores in points if len(scores) > 1)
    variance = of_data + of_seeds
    if variance <= _EQUAL**2:
        return Interval(difference, difference), 1.0 if abs(difference) <= _EQUAL else 0.0
    weights = of_data**2 / max(groups - 1, 1) + of_seeds**2 / sum(len(scores) - 1 for scores in points)
    freedom, error = variance**2 / weights, variance**0.5
    reach = float(student.ppf((1 + LEVEL) / 2, freedom)) * error
    p = float(2 * student.sf(abs(difference) / error, freedom))
    return Interval(difference - reach, difference + reach), p


def holm(p_values: Sequence[float]) -> list[float]:
    """Return p-values after Holm's step-down correction, at most 1, in the order given."""
    values = np.asarray(p_values, dtype=np.float64)
    order = np.argsort(values, kind="stable")
    stepped = np.maximum.accumulate(values[order] * np.arange(len(values), 0, -1))
    corrected = np.empty_like(values)
    corrected[order] = np.minimum(stepped, 1.0)
    return [float(value) for value in corrected]


def significance_groups(ranked: Sequence[str], comparisons: Sequence[Comparison], level: float) -> dict[str, str]:
    """Return letters for each system: two that share one do not differ significantly (a compact letter display).

    The groups are the largest sets of systems of which no two differ (Piepho, 2004); "a" has the best system.

    Args:
        ranked: The systems, the best first.
        comparisons: Of all pairs.
        level: A pair differs whose corrected p-value is below it.
    """
    import networkx as nx

    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(ranked)
    graph.add_edges_from(each.systems for each in comparisons if each.p_holm >= level)
    place = {name: rank for rank, name in enumerate(ranked)}
    groups = sorted(sorted(place[name] for name in clique) for clique in nx.find_cliques(graph))
    letters = dict.fromkeys(ranked, "")
    for number, group in enumerate(groups):
        for rank in group:
            letters[ranked[rank]] += _letter(number)
    return letters


def out_of_reach(comparisons: Sequence[Comparison], groups: int, rounds: int, level: float) -> list[str]:
    """Return a line where no difference between two single runs could be found significant, however large it were.

    The smallest p-value of approximate randomization is 1 / (rounds + 1), and with few groups 2 / 2 ** groups, since
    there are no more ways to swap them; Holm's correction multiplies the smallest by the number of pairs.

    Args:
        comparisons: Of all pairs.
        groups: How many documents or sentences are swapped.
        rounds: How often they were.
        level: A pair differs whose corrected p-value is below it.
    """
    if all(each.method != RANDOMIZATION for each in comparisons):
        return []
    found = []
    if len(comparisons) * 2.0 ** (1 - groups) >= level:
        found.append(f"{groups} documents or sentences are too few")
    if len(comparisons) / (rounds + 1) >= level:
        found.append(f"{rounds:,} rounds are too few (evaluation.randomization_rounds)")
    if not found:
        return []
    return [
        f"{' and '.join(found)} for {len(comparisons)} pairs: no difference between two single runs, however large, "
        f"could get a corrected p-value below {level:g}"
    ]


def _has_seeds(runs: Runs, first: str, second: str) -> bool:
    return len(runs.members[first]) > 1 or len(runs.members[second]) > 1


def _distance(first: Floats, second: Floats, metric: str) -> Floats:
    return np.asarray(
        np.abs(getattr(scores_of_confusions(first), metric) - getattr(scores_of_confusions(second), metric))
    )


def _row_variance(drawn: Floats) -> float:
    """Return what a system's mean varies because each of its runs errs on rows of its own.

    That part is in the variance between draws as well as in that between seeds, and is to count once.
    """
    runs = drawn.shape[1]
    if runs == 1:
        return 0.0
    apart = np.var(drawn - drawn.mean(axis=1, keepdims=True), axis=0, ddof=1).sum() / (runs - 1)
    return float(apart / runs)


def _letter(number: int) -> str:
    letters = "abcdefghijklmnopqrstuvwxyz"
    return letters[number] if number < len(letters) else f"({number + 1})"
