"""Significance tests: paired comparisons of systems on the same rows.

Rows of one sentence, or of one document, are not independent, so that whole resampling units are resampled and swapped.

Two systems with one run each are compared by approximate randomization (Noreen, 1989; Yeh, COLING 2000): under the null
hypothesis the predictions of the two systems are exchangeable, so those of each unit are swapped with probability 1/2,
and the p-value is the share of rounds whose difference is at least the observed one. Where all ways to swap are no more
than the rounds, each of them is taken once, and the p-value is exact.

Where a system has several seeds, the comparison is of trainings and not of single runs, so the variance between seeds
counts beside that between units, as in the multi-bootstrap (Sellam et al., "The MultiBERTs", ICLR 2022). Three seeds
give a poor estimate of their variance, and percentiles over so few are too narrow; so the variances are added as
components, one for the data and one for the seeds of each system, and the difference is compared with Student's t with
the degrees of freedom that Satterthwaite (1946) gives such sums. With certain rows and equal numbers of seeds this is
Welch's test (Biometrika, 1947). `scripts/simulate_comparisons.py` measures the share of false positives of all tests.

All pairs of systems are compared; Holm's correction (1979) bounds the probability of even one false positive over all
test files by the level. Pairs that repeat another one, because systems answer alike, count once.
"""

from __future__ import annotations

import itertools
from collections.abc import Hashable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

import numpy as np

from stancelab.metrics.bootstrap import Interval
from stancelab.metrics.classes import ALL_CLASSES
from stancelab.metrics.classification import scores_of_confusions
from stancelab.metrics.intervals import (
    FEWEST_UNITS,
    Spread,
    Units,
    components,
    error_and_freedom,
    fewest_units,
    spread_of,
    t_interval,
    t_tail,
)
from stancelab.metrics.randomization import is_exact, randomization

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from numpy.typing import NDArray

    from stancelab.metrics.classes import Classes
    from stancelab.metrics.classification import Floats

RANDOMIZATION: Final = "randomization"
SEEDS_AND_DATA: Final = "seeds_and_data"
PAIRED_SEEDS: Final = "paired_seeds_and_data"
T_TEST: Final = "t_test"
IDENTICAL: Final = "identical"

#: Differences smaller than this are rounding errors.
_EQUAL: Final = 1e-12

_File = TypeVar("_File", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Precision:
    """How precisely a difference is known, and so how large one has to be to be found.

    Attributes:
        error: Standard error of the difference.
        freedom: Degrees of freedom of that error.
        seeds: The share of the error's square that is variance between seeds; the rest is that between units.
        detectable: The smallest difference that the comparison finds with probability 80% at the level, uncorrected;
            None where the number of units lets it find none.
        detectable_corrected: The same at the level divided by the number of pairs, which is what Holm's correction asks
            of the smallest p-value.
    """

    error: float
    freedom: float
    seeds: float
    detectable: float | None = None
    detectable_corrected: float | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two systems on one test file.

    Attributes:
        systems: Their names.
        difference: The first one's score minus the second one's, means over seeds.
        interval: 95% interval of the difference, uncorrected; None with fewer than ten resampling units.
        p: Two-sided p-value, uncorrected.
        p_holm: The same after Holm's correction over the different pairs of all test files.
        method: `RANDOMIZATION`, `SEEDS_AND_DATA`, `PAIRED_SEEDS`, `T_TEST`, or `IDENTICAL` where the two give the same
            answers, which is no test.
        precision: None with fewer than ten resampling units, and where the two never differ.
        borrowed: Those of the two that have one run and whose variance between seeds is that of other systems.
        repeats: The pair of which this is a repetition, since its systems give the same answers; it counts once.
        equivalence_p: The larger p-value of two one-sided tests of a difference beyond the margin (Schuirmann, 1987);
            None where no margin is set, and where there is no precision.
    """

    systems: tuple[str, str]
    difference: float
    interval: Interval | None
    p: float
    p_holm: float
    method: str
    precision: Precision | None = None
    borrowed: tuple[str, ...] = ()
    repeats: tuple[str, str] | None = None
    equivalence_p: float | None = None


_Pair = TypeVar("_Pair", bound=Comparison)


@dataclass(frozen=True, slots=True)
class Runs:
    """All runs of all systems on one test file, as the comparisons need them.

    Attributes:
        counts: Confusion matrices by resampling unit and run, shape (units, runs, 3, 3); or sums of losses.
        resampled: The metric of each bootstrap resample and run, shape (resamples, runs); a resample holds the same
            units for all runs. With crossed units, shape (3, resamples, runs): see `data_variance`.
        members: Name of each system -> which runs are its own.
        seeds: Name of each system -> the seeds of its runs; None for a run in which chance plays no part. Where it
            is left out, no seed is known.
        baselines: The systems that are baselines: a system borrows the variance between seeds from its own kind.
        crossed: The numbers of units, where both documents and targets are.
        classes: The ids of the task's classes.
    """

    counts: NDArray[np.number]
    resampled: Floats
    members: Mapping[str, Sequence[int]]
    seeds: Mapping[str, Sequence[int | None]] = field(default_factory=dict)
    baselines: Collection[str] = ()
    crossed: Units | None = None
    classes: Classes = ALL_CLASSES

    @property
    def units(self) -> Units:
        """How many resampling units there are."""
        return len(self.counts) if self.crossed is None else self.crossed

    def answers(self, name: str) -> tuple[bytes, ...]:
        """Return what distinguishes a system's answers; equal for two whose comparisons are equal in every number.

        A system whose runs all answer alike is one with a single run.
        """
        own = sorted(self.counts[:, run].tobytes() for run in self.members[name])
        return tuple(own[:1] if own[0] == own[-1] else own)


class Tested(NamedTuple):
    """The t-test of a difference of means over seeds.

    Attributes:
        interval: 95% interval of the difference.
        p: Two-sided p-value.
        error: Standard error of the difference.
        freedom: Its degrees of freedom, infinite where the error is 0.
        seeds: The share of the error's square that is variance between seeds.
    """

    interval: Interval
    p: float
    error: float
    freedom: float
    seeds: float


def compare(runs: Runs, metric: str, rounds: int, seed: int, *, paired_seeds: bool = False) -> list[Comparison]:
    """Compare every pair of systems, in the order in which the systems are given; p-values are corrected over them.

    Args:
        runs: Their runs.
        metric: One of `PRIMARY_METRICS`.
        rounds: Rounds of approximate randomization.
        seed: Seed of the swaps.
        paired_seeds: Whether runs of the same seed belong together, so that the variance between seeds is that of
            their differences; for pairs of systems that have the same seeds, two at least.
    """
    points = np.asarray(getattr(scores_of_confusions(runs.counts.sum(axis=0), runs.classes), metric))

    def swapped(places: Sequence[tuple[int, int]]) -> list[float]:
        return randomization(runs.counts, places, metric, rounds, seed, classes=runs.classes)

    return compare_points(runs, points, swapped, paired_seeds=paired_seeds)


def compare_points(
    runs: Runs,
    points: Floats,
    swapped: Callable[[Sequence[tuple[int, int]]], list[float]],
    *,
    paired_seeds: bool = False,
) -> list[Comparison]:
    """Compare every pair of systems by any score; p-values are corrected over them.

    Args:
        runs: Their runs. `counts` distinguish answers alone, and may be any sums by resampling unit and run.
        points: The score of each run, shape (runs,).
        swapped: Returns the p-values of approximate randomization of pairs of runs.
        paired_seeds: See `compare`.
    """
    pairs = list(itertools.combinations(runs.members, 2))
    if not pairs:
        return []
    answers = {name: runs.answers(name) for name in runs.members}
    lenders = _lenders(runs, points)
    found: list[Comparison] = []
    first_of: dict[frozenset[tuple[tuple[bytes, ...], bool]], tuple[str, str]] = {}
    for pair in pairs:
        borrowed = tuple(name for name in pair if lenders.get(name))
        if answers[pair[0]] == answers[pair[1]]:
            found.append(_identical(pair, runs.units))
            continue
        each = _compare_by_t(runs, points, pair, lenders, paired_seeds=paired_seeds)
        # Two systems that answer alike are compared with a third one once, unless one of them alone borrows.
        key = frozenset((answers[name], name in borrowed) for name in pair)
        repeats = first_of.setdefault(key, pair)
        found.append(replace(each, borrowed=borrowed, repeats=None if repeats == pair else repeats))
    by_swaps = [each for each in found if each.method == RANDOMIZATION]
    places = [(runs.members[each.systems[0]][0], runs.members[each.systems[1]][0]) for each in by_swaps]
    exact = dict(zip([each.systems for each in by_swaps], swapped(places), strict=True))
    found = [replace(each, p=exact.get(each.systems, each.p)) for each in found]
    return corrected({"": found})[0][""]


def corrected(files: Mapping[_File, Sequence[_Pair]]) -> tuple[dict[_File, list[_Pair]], int]:
    """Return the comparisons of all test files with p-values after Holm's correction, and over how many pairs it is.

    These are the different pairs of all files: one that repeats another is given that one's p-value, and two systems
    that answer alike are not tested.

    Args:
        files: By test file (or by file and score) the comparisons, uncorrected or corrected over that file alone.
    """
    family = [
        (name, each) for name, own in files.items() for each in own if each.method != IDENTICAL and each.repeats is None
    ]
    p_holm = {
        (name, each.systems): p for (name, each), p in zip(family, holm([each.p for _, each in family]), strict=True)
    }
    found = {
        name: [replace(each, p_holm=p_holm.get((name, each.repeats or each.systems), 1.0)) for each in own]
        for name, own in files.items()
    }
    return found, len(family)


def seeds_and_data(
    points: tuple[Floats, Floats],
    resampled: tuple[Floats, Floats],
    units: Units,
    borrowed: tuple[Sequence[Spread], Sequence[Spread]] = ((), ()),
) -> Tested:
    """Test the difference of two systems' means over seeds; interval and p-value come first.

    The variance of the difference is that between data and, for each system, that between seeds by its number of runs.

    Args:
        points: The score of each run, of the one system and of the other. A system with one run has no variance between
            seeds, unless it is borrowed.
        resampled: The same for each bootstrap resample, shapes (resamples, runs); see `data_variance`.
        units: Number of resampling units.
        borrowed: For each system that has one run the spreads of others whose pooled variance between seeds it is given
            (by degrees of freedom); empty for none.
    """
    difference = float(points[0].mean() - points[1].mean())
    spreads: list[tuple[Spread, float]] = []
    for own_points, own_resampled, lenders in zip(points, resampled, borrowed, strict=True):
        own = spread_of(own_points, own_resampled, units)
        if own is not None:
            spreads.append((own, 1 / len(own_points)))
            continue
        pooled = sum(spread.freedom for spread in lenders)
        spreads += [(spread, spread.freedom / pooled) for spread in lenders]
    parts = components(resampled[0].mean(axis=-1) - resampled[1].mean(axis=-1), units, spreads)
    error, freedom = error_and_freedom(parts)
    if not error:
        return Tested(Interval(difference, difference), 1.0 if abs(difference) <= _EQUAL else 0.0, error, freedom, 0.0)
    p = min(1.0, 2 * t_tail(abs(difference) / error, freedom))
    return Tested(t_interval(difference, error, freedom), p, error, freedom, 1 - parts[0].variance / error**2)


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


def out_of_reach(
    comparisons: Sequence[Comparison], units: int, rounds: int, level: float, family: int | None = None
) -> list[str]:
    """Return a line where no difference between two single runs could be significant, however large it were.

    The smallest p-value of approximate randomization is 1 / (rounds + 1), and with few units 2 / 2 ** units, since
    there are no more ways to swap them; Holm's correction multiplies the smallest by the number of pairs.

    Args:
        comparisons: Of all pairs of a test file.
        units: Number of resampling units.
        rounds: Rounds of approximate randomization.
        level: A pair differs whose corrected p-value is below it.
        family: The number of pairs that p-values are corrected over; that of `comparisons` where it is None.
    """
    if all(each.method != RANDOMIZATION for each in comparisons):
        return []
    pairs = len(comparisons) if family is None else family
    found = []
    if pairs * 2.0 ** (1 - units) >= level:
        found.append(f"{units} documents or sentences are too few")
    if not is_exact(units, rounds) and pairs / (rounds + 1) >= level:
        found.append(f"{rounds:,} rounds are too few (evaluation.randomization_rounds)")
    if not found:
        return []
    return [
        f"{' and '.join(found)} for {pairs:,} pair{'' if pairs == 1 else 's'}: no difference between two single runs, "
        f"however large, could get a corrected p-value below {level:g}"
    ]


def _lenders(runs: Runs, points: Floats) -> dict[str, list[Spread]]:
    """Return by system with a seed and one run how the runs of the other systems of its kind vary.

    Kinds are baselines and trained systems. A system without a seed has no variance between seeds to borrow for.
    """
    spreads: dict[bool, list[Spread]] = {True: [], False: []}
    for name, members in runs.members.items():
        own = list(members)
        spread = spread_of(points[own], runs.resampled[..., own], runs.units)
        if spread is not None:
            spreads[name in runs.baselines].append(spread)
    return {
        name: spreads[name in runs.baselines]
        for name, members in runs.members.items()
        if len(members) == 1 and runs.seeds.get(name, [None])[0] is not None
    }


def _identical(pair: tuple[str, str], units: Units) -> Comparison:
    interval = Interval(0.0, 0.0) if fewest_units(units) >= FEWEST_UNITS else None
    return Comparison(pair, 0.0, interval, 1.0, 1.0, IDENTICAL)


def _compare_by_t(
    runs: Runs,
    points: Floats,
    pair: tuple[str, str],
    lenders: Mapping[str, Sequence[Spread]],
    *,
    paired_seeds: bool,
) -> Comparison:
    """Return a comparison by the t-test; where the method is approximate randomization, its p-value follows."""
    own, other = list(runs.members[pair[0]]), list(runs.members[pair[1]])
    borrowed = lenders.get(pair[0], ()), lenders.get(pair[1], ())
    together = _same_seeds(runs, *pair) if paired_seeds else None
    if together is not None:
        own, other = together
        differences = points[own] - points[other]
        resampled = runs.resampled[..., own] - runs.resampled[..., other]
        # A system that always scores 0 stands for the other side of the differences.
        nothing = np.zeros(1), np.zeros_like(resampled[..., :1])
        tested = seeds_and_data((differences, nothing[0]), (resampled, nothing[1]), runs.units)
        method = PAIRED_SEEDS
    else:
        both = runs.resampled[..., own], runs.resampled[..., other]
        tested = seeds_and_data((points[own], points[other]), both, runs.units, borrowed)
        has_seeds = len(own) > 1 or len(other) > 1 or any(borrowed)
        method = SEEDS_AND_DATA if has_seeds else RANDOMIZATION if runs.crossed is None else T_TEST
    difference = float(points[own].mean() - points[other].mean())
    if fewest_units(runs.units) < FEWEST_UNITS:
        return Comparison(pair, difference, None, tested.p, 1.0, method)
    precision = Precision(tested.error, tested.freedom, tested.seeds) if tested.error else None
    return Comparison(pair, difference, tested.interval, tested.p, 1.0, method, precision)


def _same_seeds(runs: Runs, first: str, second: str) -> tuple[list[int], list[int]] | None:
    """Return the runs of two systems in the order of their seeds; None where their seeds are not the same."""
    by_seed = [dict(zip(runs.seeds.get(name, ()), runs.members[name], strict=False)) for name in (first, second)]
    seeds = sorted(seed for seed in by_seed[0] if seed is not None)
    if len(seeds) < 2 or len(seeds) < len(runs.members[first]) or by_seed[0].keys() != by_seed[1].keys():
        return None
    return [by_seed[0][seed] for seed in seeds], [by_seed[1][seed] for seed in seeds]


def _letter(number: int) -> str:
    letters = "abcdefghijklmnopqrstuvwxyz"
    return letters[number] if number < len(letters) else f"({number + 1})"
