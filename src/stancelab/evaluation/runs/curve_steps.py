"""Whether a system's score differs between two sizes of train: tests of the steps of a learning curve.

The runs of both sizes have the same test rows, so that the two sizes are compared as two systems are: on paired rows,
with the variance between seeds beside that between rows. A seed of a learning curve is another sample of train and
another training. With one run at a size nothing says how much a sample matters, and the step is not tested.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from stancelab.evaluation.gold_rows import GoldRows
from stancelab.evaluation.resampling import Resamples
from stancelab.metrics.classes import class_ids
from stancelab.metrics.intervals import FEWEST_UNITS
from stancelab.metrics.significance import Runs, compare, holm
from stancelab.results import CurveStep

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stancelab.evaluation.runs.external import ExternalPredictions
    from stancelab.evaluation.runs.learning_curve import Size
    from stancelab.evaluation.settings import EvaluationSettings
    from stancelab.metrics.classification import Floats
    from stancelab.metrics.significance import Comparison


def compare_steps(sizes: Sequence[Size], settings: EvaluationSettings) -> list[CurveStep]:
    """Return the steps of every system that is no baseline, on every test file, where both sizes have several runs.

    Args:
        sizes: The sizes, the smallest first.
        settings: Resamples, unit and seed.
    """
    tests = list(sizes[0].gathered.tests)
    return [step for test in tests for step in _of_test(sizes, test, settings)]


def _of_test(sizes: Sequence[Size], test: str, settings: EvaluationSettings) -> list[CurveStep]:
    # Documents and targets as crossed units are for comparisons of systems; a step has documents alone.
    gold = GoldRows.of(
        sizes[0].gathered.tests[test],
        "text" if settings.unit == "text" else "document",
        class_ids(sizes[0].gathered.classes),
    )
    if gold.n_units < FEWEST_UNITS:
        return []
    found: list[tuple[str, Size, Size, Comparison]] = []
    for smaller, larger in itertools.pairwise(sizes):
        runs = _runs_by_name(larger)
        for name, before in _runs_by_name(smaller).items():
            after = runs.get(name, [])
            if min(len(before), len(after)) > 1:
                found.append(
                    (name, smaller, larger, _compare(gold, before, after, smaller.gathered.primary_metric, settings))
                )
    corrected = holm([each.p for *_, each in found]) if found else []
    return [
        CurveStep(
            test=test,
            system=name,
            smaller=smaller.name,
            larger=larger.name,
            difference=each.difference,
            interval=interval,
            p=each.p,
            p_holm=p_holm,
        )
        for (name, smaller, larger, each), p_holm in zip(found, corrected, strict=True)
        # With ten units or more there is an interval.
        if (interval := each.interval) is not None
    ]


def _runs_by_name(size: Size) -> dict[str, list[ExternalPredictions]]:
    runs: dict[str, list[ExternalPredictions]] = {}
    for each in size.gathered.systems:
        if not each.is_baseline:
            runs.setdefault(each.name, []).append(each)
    return runs


def _compare(
    gold: GoldRows,
    before: Sequence[ExternalPredictions],
    after: Sequence[ExternalPredictions],
    metric: str,
    settings: EvaluationSettings,
) -> Comparison:
    answers: list[Floats] = [each.predict_proba(gold.examples) for each in (*after, *before)]
    resamples = Resamples.of(gold, answers, settings)
    members = {"after": range(len(after)), "before": range(len(after), len(answers))}
    runs = Runs(resamples.counts, resamples.scores[metric], members, classes=gold.classes)
    return compare(runs, metric, settings.randomization_rounds, settings.seed)[0]
