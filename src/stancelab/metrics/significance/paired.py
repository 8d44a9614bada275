"""Comparisons of all pairs of systems on the same rows."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from stancelab.metrics.bootstrap import Interval
from stancelab.metrics.classification import scores_of_confusions
from stancelab.metrics.intervals import FEWEST_UNITS, Spread, Units, fewest_units, spread_of
from stancelab.metrics.randomization import randomization
from stancelab.metrics.significance.compared import (
    IDENTICAL,
    PAIRED_SEEDS,
    RANDOMIZATION,
    SEEDS_AND_DATA,
    T_TEST,
    Comparison,
    Precision,
    Runs,
)
from stancelab.metrics.significance.correction import corrected
from stancelab.metrics.significance.t_test import seeds_and_data

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from stancelab.metrics.classification import Floats


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
