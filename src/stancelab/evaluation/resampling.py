"""Bootstrap resamples of one test file: intervals of means over runs, and comparisons of systems."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from stancelab.metrics.bootstrap import Interval, percentile_interval, resample_counts
from stancelab.metrics.classification import confusions_by, scores_of_confusions
from stancelab.metrics.names import PRIMARY_METRICS
from stancelab.metrics.significance import Runs, compare, out_of_reach, significance_groups
from stancelab.results import Comparisons

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from stancelab.evaluation.gold_rows import GoldRows
    from stancelab.evaluation.settings import EvaluationSettings
    from stancelab.metrics.classification import Floats, Ids


@dataclass(frozen=True, slots=True)
class Resamples:
    """Bootstrap resamples of all runs on one test file.

    Attributes:
        counts: Confusion matrices by resampling unit and run, shape (units, runs, 3, 3).
        scores: By primary metric its value in each resample and run, shape (resamples, runs); a resample holds the same
            units for all runs.
    """

    counts: Ids
    scores: dict[str, Floats]

    @classmethod
    def of(cls, test: GoldRows, runs: Sequence[Floats], settings: EvaluationSettings) -> Resamples:
        """Resample; `runs` are the probabilities of each run, shape (rows, 3)."""
        counts = np.stack(
            [confusions_by(test.units, test.n_units, test.gold, run.argmax(axis=1)) for run in runs], axis=1
        )
        scores = scores_of_confusions(resample_counts(counts, settings.bootstrap_resamples, settings.seed))
        return cls(counts, {name: getattr(scores, name) for name in PRIMARY_METRICS})

    def intervals(self, members: Sequence[int]) -> dict[str, Interval]:
        """Return by metric the 95% interval of the mean over some runs; none where all rows are of one unit."""
        if len(self.counts) < 2:
            return {}
        own = list(members)
        return {name: percentile_interval(scores[:, own].mean(axis=1)) for name, scores in self.scores.items()}

    def compare(
        self,
        members: Mapping[str, Sequence[int]],
        means: Mapping[str, float],
        metric: str,
        settings: EvaluationSettings,
    ) -> Comparisons:
        """Return the comparisons of all pairs of systems, and which of them are not significantly different.

        Args:
            members: Name of each system -> which runs are its own.
            means: Name of each system -> its mean score.
            metric: The metric of the scores.
            settings: Rounds, level and seed.
        """
        if len(self.counts) < 2:
            return Comparisons()
        ranked = sorted(members, key=lambda name: -means[name])
        runs = Runs(self.counts, self.scores[metric], {name: members[name] for name in ranked})
        pairs = compare(runs, metric, settings.randomization_rounds, settings.seed)
        return Comparisons(
            pairs=pairs,
            groups=significance_groups(ranked, pairs, settings.level),
            warnings=out_of_reach(pairs, len(self.counts), settings.randomization_rounds, settings.level),
        )
