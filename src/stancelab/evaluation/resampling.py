"""Bootstrap resamples of one test file: intervals of means over runs, and comparisons of systems."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from stancelab.metrics.bootstrap import Interval, resample_counts
from stancelab.metrics.classification import confusions_by_run, predicted_ids, scores_of_confusions
from stancelab.metrics.intervals import CrossedUnits, Units, fewest_units, mean_interval
from stancelab.metrics.names import PRIMARY_METRICS
from stancelab.metrics.power import with_equivalence, with_power
from stancelab.metrics.randomization import smallest_p
from stancelab.metrics.significance import (
    IDENTICAL,
    Comparison,
    Runs,
    compare,
    corrected,
    out_of_reach,
    significance_groups,
)
from stancelab.pages.formatting import listed
from stancelab.results import Comparisons

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from stancelab.evaluation.gold_rows import GoldRows
    from stancelab.evaluation.settings import EvaluationSettings
    from stancelab.metrics.classes import Classes
    from stancelab.metrics.classification import Floats, Ids
    from stancelab.results import LossComparison, TestFile
    from stancelab.schema import System

#: A system with fewer seeds than this and more than one is noted: their variance is hardly known.
FEW_SEEDS = 3


@dataclass(frozen=True, slots=True)
class Compared:
    """The systems that are compared.

    Attributes:
        members: Name of each system -> which runs are its own.
        seeds: Name of each system -> the seeds of these runs, None where chance plays no part.
        baselines: Those that are baselines.
    """

    members: Mapping[str, Sequence[int]]
    seeds: Mapping[str, Sequence[int | None]]
    baselines: Collection[str] = ()

    @classmethod
    def of(cls, systems: Sequence[System], members: Mapping[str, Sequence[int]]) -> Compared:
        """Return what the comparisons need to know of the systems."""
        return cls(
            members,
            {name: [systems[number].seed for number in own] for name, own in members.items()},
            {name for name, own in members.items() if systems[own[0]].is_baseline},
        )


@dataclass(frozen=True, slots=True)
class Resamples:
    """Bootstrap resamples of all runs on one test file.

    Attributes:
        counts: Confusion matrices by resampling unit and run, shape (units, runs, 3, 3).
        points: By primary metric its value for each run, shape (runs,).
        scores: By primary metric its value in each resample and run, shape (resamples, runs); a resample holds the same
            units for all runs. Where both documents and targets are units, shape (3, resamples, runs): resamples of
            documents, of targets, and of the pairs of both.
        units: How many resampling units there are.
        classes: The ids of the task's classes.
    """

    counts: Ids
    points: dict[str, Floats]
    scores: dict[str, Floats]
    units: Units
    classes: Classes

    @classmethod
    def of(cls, test: GoldRows, runs: Sequence[Floats], settings: EvaluationSettings) -> Resamples:
        """Resample; `runs` are the probabilities of each run, shape (rows, 3)."""
        predicted = [predicted_ids(run) for run in runs]
        counts = _counts(test, test.units, predicted)
        resampled = resample_counts(counts, settings.bootstrap_resamples, settings.seed)
        units: Units = test.n_units
        if test.is_crossed:
            others = [_counts(test, each, predicted) for each in (test.target_groups, test.cells)]
            further = [
                resample_counts(each, settings.bootstrap_resamples, [settings.seed, place])
                for place, each in enumerate(others)
            ]
            resampled = np.stack([resampled, *further])
            units = CrossedUnits(test.n_units, *map(len, others))
        points = scores_of_confusions(counts.sum(axis=0), test.classes)
        scores = scores_of_confusions(resampled, test.classes)
        return cls(
            counts,
            {name: np.asarray(getattr(points, name)) for name in PRIMARY_METRICS},
            {name: getattr(scores, name) for name in PRIMARY_METRICS},
            units,
            test.classes,
        )

    def intervals(self, members: Sequence[int]) -> dict[str, Interval]:
        """Return by metric the 95% interval of the mean over some runs; none with fewer than ten units."""
        own = list(members)
        found = {
            name: mean_interval(self.points[name][own], scores[..., own], self.units)
            for name, scores in self.scores.items()
        }
        return {name: interval for name, interval in found.items() if interval is not None}

    def compare(
        self, compared: Compared, means: Mapping[str, float], metric: str, settings: EvaluationSettings
    ) -> Comparisons:
        """Return the comparisons of all pairs of systems; `correct` completes those of all test files.

        Args:
            compared: The systems.
            means: Name of each system -> its mean score.
            metric: The metric of the scores.
            settings: Rounds, seed, and whether seeds are paired.
        """
        if fewest_units(self.units) < 2:
            return Comparisons()
        ranked = sorted(compared.members, key=lambda name: -means[name])
        runs = Runs(
            self.counts,
            self.scores[metric],
            {name: compared.members[name] for name in ranked},
            compared.seeds,
            compared.baselines,
            None if isinstance(self.units, int) else self.units,
            self.classes,
        )
        pairs = compare(runs, metric, settings.randomization_rounds, settings.seed, paired_seeds=settings.paired_seeds)
        return Comparisons(pairs=pairs, groups=dict.fromkeys(ranked, "a"), notes=_notes(pairs, runs.members))


def correct(files: Mapping[str, tuple[TestFile, Comparisons]], settings: EvaluationSettings) -> dict[str, Comparisons]:
    """Return the comparisons of all test files: p-values corrected over all of them, power, equivalence and letters.

    Args:
        files: By test file what it holds, and its comparisons.
        settings: Rounds, level and margin.
    """
    pairs, family = corrected({name: own.pairs for name, (_, own) in files.items()})
    losses, loss_family = corrected_losses({name: own.losses for name, (_, own) in files.items()})
    margin = None if settings.margin is None else settings.margin / 100
    found = {}
    for name, (test, own) in files.items():
        if not own.groups:
            found[name] = own
            continue
        smallest = smallest_p(test.units, settings.randomization_rounds)
        complete = [
            with_equivalence(with_power(pair, settings.level, family, smallest), margin) for pair in pairs[name]
        ]
        found[name] = replace(
            own,
            pairs=complete,
            groups=significance_groups(list(own.groups), complete, settings.level),
            family=family,
            losses=[with_power(each, settings.level, loss_family, smallest) for each in losses[name]],
            loss_family=loss_family,
            warnings=out_of_reach(complete, test.units, settings.randomization_rounds, settings.level, family),
        )
    return found


def corrected_losses(files: Mapping[str, Sequence[LossComparison]]) -> tuple[dict[str, list[LossComparison]], int]:
    """Return the comparisons of losses, corrected over all test files and both losses, and over how many they are."""
    split = {
        (name, metric): [each for each in own if each.metric == metric]
        for name, own in files.items()
        for metric in dict.fromkeys(each.metric for each in own)
    }
    found, family = corrected(split)
    after = {(name, metric, each.systems): each for (name, metric), pairs in found.items() for each in pairs}
    return {name: [after[name, each.metric, each.systems] for each in own] for name, own in files.items()}, family


def _counts(test: GoldRows, groups: Ids, predicted: Sequence[Ids]) -> Ids:
    """Return confusion matrices by group of rows and run, shape (groups, runs, 3, 3)."""
    number = int(groups.max()) + 1
    return confusions_by_run(groups, number, test.gold, predicted)


def _notes(pairs: Sequence[Comparison], members: Mapping[str, Sequence[int]]) -> list[str]:
    """Return what the comparisons rest on, where that is little or unusual."""
    notes = [
        f"{name} has two seeds: its variance between seeds rests on one difference, and three are the fewest to rely on"
        for name, own in members.items()
        if 1 < len(own) < FEW_SEEDS
    ]
    borrowed = dict.fromkeys(name for pair in pairs for name in pair.borrowed)
    notes += [
        f"{name} has one seed: its variance between seeds is taken to be that of the other systems, pooled"
        for name in borrowed
    ]
    alike: dict[str, list[str]] = {}
    for first, second in (pair.systems for pair in pairs if pair.method == IDENTICAL):
        if not any(first in group for group in alike.values()):
            alike[first] = [first]
        alike.get(first, []).append(second)
    return notes + [f"{listed(group)} give the same answers and count as one system" for group in alike.values()]
