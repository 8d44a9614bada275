"""How well annotators do on a test file, measured as systems are: each one against the majority of the others.

No system can be expected to agree with a label more than people do. The others' majority has fewer votes than that of
all annotators, so that the figure is a little low; with two annotators it is their agreement. A system is measured
against the same majorities, on the same rows, so that the two can be compared.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from stancelab.metrics.bootstrap import resample_counts
from stancelab.metrics.classification import ClassScores, confusions_by_run, predicted_ids, scores_of_confusions
from stancelab.metrics.intervals import FEWEST_UNITS, mean_interval
from stancelab.metrics.names import CLASSIFICATION_METRICS, PRIMARY_METRICS
from stancelab.metrics.run_means import ENOUGH_RESAMPLES, mean_over_runs
from stancelab.results import AgainstAnnotators, HumanCeiling, Scores
from stancelab.text_keys import row_key

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from stancelab.evaluation.gold_rows import GoldRows
    from stancelab.evaluation.settings import EvaluationSettings
    from stancelab.metrics.classification import Floats, Ids


@dataclass(frozen=True)
class AnnotatorAnswers:
    """The labels that are compared with the majority of the others.

    Attributes:
        rows: Their rows in the test file, shape (answers,).
        majority: The majority of the other annotators of the same text, source and target, shape (answers,).
        annotators: How many annotators gave them.
        items: How many texts with source and target several annotators labeled.
        ties: How many labels are left out, because the others have no single majority.
    """

    rows: Ids
    majority: Ids
    annotators: int
    items: int
    ties: int


def annotator_answers(test: GoldRows) -> AnnotatorAnswers | None:
    """Return the labels of rows that several annotators labeled, None where there are none.

    Of several labels that one annotator gave an item, the first counts.
    """
    items: dict[tuple[str, ...], dict[str, int]] = {}
    for row, example in enumerate(test.examples):
        if example.annotator:
            key = row_key(example)
            items.setdefault(key, {}).setdefault(example.annotator, row)
    shared = [own for own in items.values() if len(own) > 1]
    rows, majority, ties = [], [], 0
    for own in shared:
        for annotator, row in own.items():
            votes = Counter(int(test.gold[other]) for name, other in own.items() if name != annotator)
            (stance, most), *others = votes.most_common()
            if others and others[0][1] == most:
                ties += 1
                continue
            rows.append(row)
            majority.append(stance)
    if not rows:
        return None
    return AnnotatorAnswers(
        rows=np.array(rows, dtype=np.int64),
        majority=np.array(majority, dtype=np.int64),
        annotators=len({name for own in shared for name in own}),
        items=len(shared),
        ties=ties,
    )


@dataclass(frozen=True)
class Ceiling:
    """The annotators and all runs against the others' majorities.

    Attributes:
        answers: The labels.
        units: How many resampling units they are of.
        points: The scores of the annotators and, after them, of each run, shape (1 + runs,).
        resampled: The same in resamples of whole units, shape (resamples, 1 + runs); None where all are of one unit.
    """

    answers: AnnotatorAnswers
    units: int
    points: ClassScores
    resampled: ClassScores | None

    @classmethod
    def of(cls, test: GoldRows, runs: Sequence[Floats], settings: EvaluationSettings) -> Ceiling | None:
        """Measure them; None where no row was labeled by several annotators."""
        answers = annotator_answers(test)
        if answers is None:
            return None
        units = np.unique(test.units[answers.rows], return_inverse=True)[1]
        n_units = int(units.max()) + 1
        given = [test.gold[answers.rows], *(predicted_ids(run)[answers.rows] for run in runs)]
        counts = confusions_by_run(units, n_units, answers.majority, given)
        resampled = None
        if n_units > 1:
            drawn = resample_counts(counts, min(settings.bootstrap_resamples, ENOUGH_RESAMPLES), settings.seed)
            resampled = scores_of_confusions(drawn, test.classes)
        return cls(answers, n_units, scores_of_confusions(counts.sum(axis=0), test.classes), resampled)

    def of_annotators(self) -> HumanCeiling:
        """Return what the annotators score."""
        intervals = {}
        if self.resampled is not None:
            intervals = {
                metric: interval
                for metric in PRIMARY_METRICS
                if (
                    interval := mean_interval(
                        getattr(self.points, metric)[:1], getattr(self.resampled, metric)[:, :1], self.units
                    )
                )
                is not None
            }
        return HumanCeiling(
            annotators=self.answers.annotators,
            items=self.answers.items,
            answers=len(self.answers.rows),
            ties=self.answers.ties,
            scores=self._scores([0]),
            intervals=intervals,
        )

    def of_systems(self, members: Mapping[str, Sequence[int]], metric: str) -> dict[str, AgainstAnnotators]:
        """Return what each system scores, and how far it is from the annotators on a metric."""
        found = {}
        for name, numbers in members.items():
            own = [1 + number for number in numbers]
            points = getattr(self.points, metric)[own] - getattr(self.points, metric)[0]
            interval = None
            if self.resampled is not None and self.units >= FEWEST_UNITS:
                drawn = getattr(self.resampled, metric)
                interval = mean_over_runs(points, drawn[:, own] - drawn[:, :1], self.units).interval
            found[name] = AgainstAnnotators(
                scores=self._scores(own), difference=float(points.mean()), interval=interval
            )
        return found

    def _scores(self, places: list[int]) -> Scores:
        means = {metric: float(getattr(self.points, metric)[places].mean()) for metric in CLASSIFICATION_METRICS}
        return Scores(**means)
