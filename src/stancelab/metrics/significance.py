"""Significance tests: paired comparisons of systems on the same rows.

Rows of one sentence, or of one document, are not independent, so that whole resampling units are resampled and swapped.

Two systems with one run each are compared by approximate randomization (Noreen, 1989; Yeh, COLING 2000): under the null
hypothesis the predictions of the two systems are exchangeable, so those of each unit are swapped with probability 1/2,
and the p-value is the share of rounds whose difference is at least the observed one.

Where a system has several seeds, the comparison is of trainings and not of single runs, so the variance between seeds
counts beside that between units, as in the multi-bootstrap (Sellam et al., "The MultiBERTs", ICLR 2022). Three seeds
give a poor estimate of their variance, and percentiles over so few are too narrow; so both variances are added as
components, that between seeds pooled over the two systems, and the difference is compared with Student's t with the
degrees of freedom that Satterthwaite (1946) gives such sums. `scripts/simulate_comparisons.py` measures the share of
false positives of both.

All pairs of systems are compared; Holm's correction (1979) bounds the probability of even one false positive by the
level.
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

#: Swaps held in memory at once; as 4-byte floats they take 64 MB.
SWAPS_AT_ONCE: Final = 16_000_000
#: Differences smaller than this are rounding errors.
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
    """All runs of all systems on one test file, as the comparisons need them.

    Attributes:
        counts: Confusion matrices by resampling unit and run, shape (units, runs, 3, 3).
        resampled: The metric of each bootstrap resample and run, shape (resamples, runs); a resample holds the same
            units for all runs.
        members: Name of each system -> which runs are its own.
    """

    counts: NDArray[np.int64]
    resampled: Floats
    members: Mapping[str, Sequence[int]]


def compare(runs: Runs, metric: str, rounds: int, seed: int) -> list[Comparison]:
    """Compare every pair of systems, in the order in which the systems are given.

    Args:
        runs: Their runs.
        metric: One of `PRIMARY_METRICS`.
        rounds: Rounds of approximate randomization.
        seed: Seed of the swaps.
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
            resampled = runs.resampled[:, own], runs.resampled[:, other]
            interval, p = seeds_and_data((points[own], points[other]), resampled, len(runs.counts))
        else:
            interval = percentile_interval(runs.resampled[:, own[0]] - runs.resampled[:, other[0]])
            p = next(by_randomization)
        found.append((difference, interval, p))
    corrected = holm([p for *_, p in found])
    return [
        Comparison(pair, difference, interval, p, p_holm, SEEDS_AND_DATA if _has_seeds(runs, *pair) else RANDOMIZATION)
        for pair, (difference, interval, p), p_holm in zip(pairs, found, corrected, strict=True)
    ]


def randomization(
    counts: NDArray[np.number],
    pairs: Sequence[tuple[int, int]],
    metric: str,
    rounds: int,
    seed: int,
    swaps_at_once: int = SWAPS_AT_ONCE,
) -> list[float]:
    """Return for each pair of runs the p-value of approximate randomization, two-sided.

    The rounds of all pairs share their swaps. The observed difference counts as one of the rounds (Phipson and Smyth,
    2010), so that no p-value is 0.

    Args:
        counts: Confusion matrices by resampling unit and run, shape (units, runs, 3, 3).
        pairs: Which runs to compare.
        metric: One of `PRIMARY_METRICS`.
        rounds: Number of rounds.
        seed: Seed of the swaps.
        swaps_at_once: Swaps held in memory at once.
    """
    if not pairs:
        return []
    units, shape = len(counts), counts.shape[1:]
    # Whole numbers this small are exact in single precision, which is twice as fast.
    flat = counts.reshape(units, -1).astype(np.float32)
    totals = counts.sum(axis=0).astype(np.float64)
    observed = [_distance(totals[a], totals[b], metric) for a, b in pairs]
    at_least = np.zeros(len(pairs), dtype=np.int64)
    random = np.random.default_rng(seed)
    chunk = max(1, swaps_at_once // units)
    for start in range(0, rounds, chunk):
        size = min(chunk, rounds - start)
        swaps = random.integers(2, size=(size, units), dtype=np.uint8).astype(np.float32)
        swapped = (swaps @ flat).reshape(size, *shape).astype(np.float64)
        for place, (a, b) in enumerate(pairs):
            moved = swapped[:, b] - swapped[:, a]
            distance = _distance(totals[a] + moved, totals[b] - moved, metric)
            at_least[place] += int((distance >= observed[place] - _EQUAL).sum())
    return [float((1 + count) / (1 + rounds)) for count in at_least]


def seeds_and_data(
    points: tuple[Floats, Floats], resampled: tuple[Floats, Floats], units: int
) -> tuple[Interval, float]:
    """Return 95% interval and two-sided p-value of the difference of two systems' means over seeds.

    Args:
        points: The score of each run, of the one system and of the other; at least one has several runs.
        resampled: The same for each bootstrap resample, shapes (resamples, runs).
        units: Number of resampling units.
    """
    from scipy.stats import t as student

    difference = float(points[0].mean() - points[1].mean())
    of_rows = sum(_row_variance(each) for each in resampled)
    of_data = max(0.0, float(np.var(resampled[0].mean(axis=1) - resampled[1].mean(axis=1), ddof=1)) - of_rows)
    of_seeds = sum(float(np.var(scores, ddof=1)) / len(scores) for scores in points if len(scores) > 1)
    variance = of_data + of_seeds
    if variance <= _EQUAL**2:
        return Interval(difference, difference), 1.0 if abs(difference) <= _EQUAL else 0.0
    weights = of_data**2 / max(units - 1, 1) + of_seeds**2 / sum(len(scores) - 1 for scores in points)
    freedom, error = variance**2 / weights, variance**0.5
    margin = float(student.ppf((1 + LEVEL) / 2, freedom)) * error
    p = float(2 * student.sf(abs(difference) / error, freedom))
    return Interval(difference - margin, difference + margin), p


def holm(p_values: Sequence[float]) -> list[float]:
    """Return p-values after Holm's step-down correction, at most 1, in the order given."""
    values = np.asarray(p_values, dtype=np.float64)
    order = np.argsort(values, kind="stable")
    stepped = np.maximum.accumulate(values[order] * np.arange(len(values), 0, -1))
    corrected = np.empty_like(values)
    corrected[order] = np.minimum(stepped, 1.0)
    return [float(value) for value in corrected]


def significance_groups(ranked: Sequence[str], comparisons: Sequence[Comparison], level: float) -> dict[str, str]:
    """Return letters for each system: two that share one are not significantly different (a compact letter display).

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


def out_of_reach(comparisons: Sequence[Comparison], units: int, rounds: int, level: float) -> list[str]:
    """Return a line where no difference between two single runs could be significant, however large it were.

    The smallest p-value of approximate randomization is 1 / (rounds + 1), and with few units 2 / 2 ** units, since
    there are no more ways to swap them; Holm's correction multiplies the smallest by the number of pairs.

    Args:
        comparisons: Of all pairs.
        units: Number of resampling units.
        rounds: Rounds of approximate randomization.
        level: A pair differs whose corrected p-value is below it.
    """
    if all(each.method != RANDOMIZATION for each in comparisons):
        return []
    found = []
    if len(comparisons) * 2.0 ** (1 - units) >= level:
        found.append(f"{units} documents or sentences are too few")
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


def _row_variance(resampled: Floats) -> float:
    """Return the part of the variance of a system's mean that comes from errors its runs do not share.

    That part is in the variance between resamples as well as in that between seeds, and is to count once.
    """
    runs = resampled.shape[1]
    if runs == 1:
        return 0.0
    own = np.var(resampled - resampled.mean(axis=1, keepdims=True), axis=0, ddof=1).sum() / (runs - 1)
    return float(own / runs)


def _letter(number: int) -> str:
    letters = "abcdefghijklmnopqrstuvwxyz"
    return letters[number] if number < len(letters) else f"({number + 1})"
