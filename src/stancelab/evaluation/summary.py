"""The scores of one run on one test file, and their means over the runs of a system."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stancelab.evaluation.run_warnings import run_warnings
from stancelab.evaluation.unparsed import unparsed_lines, unparsed_rows
from stancelab.metrics.calibration import (
    adaptive_error,
    before_temperature,
    classwise_errors,
    expected_calibration_error,
    reliability_bins,
    risk_coverage,
)
from stancelab.metrics.classification import (
    ClassScores,
    confusions_by,
    confusions_by_run,
    predicted_ids,
    proper_scores,
    scores_of,
    scores_of_confusions,
)
from stancelab.metrics.names import CLASSIFICATION_METRICS, PROBABILITY_METRICS
from stancelab.results import (
    BeforeTemperature,
    Calibration,
    PerClass,
    RunScores,
    Scores,
    Selective,
    TargetScores,
    ThresholdScores,
)
from stancelab.schema import STANCES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from stancelab.evaluation.gold_rows import GoldRows
    from stancelab.metrics.bootstrap import Interval
    from stancelab.metrics.classification import Floats, Ids
    from stancelab.schema import System


def score_run(
    system: System,
    test: GoldRows,
    probabilities: Floats,
    bins: int,
    *,
    predictions: str = "",
    intervals: Mapping[str, Interval] | None = None,
) -> RunScores:
    """Return all scores of one run of a system on one test file.

    Args:
        system: Gives the seed, the temperature, the thresholds, and whether probabilities are scored.
        test: The test file.
        probabilities: Shape (rows, 3).
        bins: Bins of confidence.
        predictions: The path of the prediction table, from the run folder.
        intervals: 95% intervals by metric.
    """
    predicted = predicted_ids(probabilities)
    by_class = scores_of(test.gold, predicted, test.classes)
    confusion = confusions_by(np.zeros_like(test.gold), 1, test.gold, predicted)[0]
    by_target = scores_of_confusions(
        confusions_by_run(test.target_groups, len(test.targets), test.gold, [predicted])[:, 0], test.classes
    )
    scores = _means(by_class)
    calibration, selective = None, None
    if system.has_probabilities:
        calibration = _calibration(test, probabilities, bins, system.temperature)
        selective = _selective(test.gold, probabilities, system.thresholds, system.unreached)
        brier, nll = proper_scores(test.gold, probabilities)
        scores |= {"brier": brier, "nll": nll, "ece": calibration.ece, "aurc": selective.area}
    return RunScores(
        seed=system.seed,
        predictions=predictions,
        scores=Scores(**scores),
        intervals=dict(intervals or {}),
        per_class=_per_class(by_class),
        per_target={target: _one_target(by_target, i) for i, target in enumerate(test.targets)},
        confusion=confusion.tolist(),
        calibration=calibration,
        selective=selective,
        warnings=[
            *unparsed_lines(predicted, system),
            *run_warnings(test, confusion, probabilities if system.has_probabilities else None),
        ],
        unparsed=unparsed_rows(predicted),
    )


def over_runs(runs: Sequence[Scores]) -> tuple[Scores, Scores | None]:
    """Return mean and sample standard deviation of a system's runs by metric.

    With one run there is no deviation; a metric that a run does not have is None in both.
    """
    values = {name: [run.value(name) for run in runs] for name in (*CLASSIFICATION_METRICS, *PROBABILITY_METRICS)}
    known = {name: np.array(each, dtype=np.float64) for name, each in values.items() if None not in each}
    mean = Scores(**{name: float(each.mean()) for name, each in known.items()})
    if len(runs) == 1:
        return mean, None
    return mean, Scores(**{name: float(each.std(ddof=1)) for name, each in known.items()})


def _calibration(test: GoldRows, probabilities: Floats, bins: int, temperature: float | None) -> Calibration:
    gold = test.gold
    reliability = reliability_bins(gold, probabilities, bins)
    before = None
    if temperature is not None:
        raw = before_temperature(probabilities, temperature)
        brier, nll = proper_scores(gold, raw)
        before = BeforeTemperature(
            temperature=temperature,
            ece=expected_calibration_error(reliability_bins(gold, raw, bins)),
            adaptive_ece=adaptive_error(gold, raw, bins),
            brier=brier,
            nll=nll,
        )
    return Calibration(
        ece=expected_calibration_error(reliability),
        adaptive_ece=adaptive_error(gold, probabilities, bins),
        classwise_ece=classwise_errors(gold, probabilities, bins, test.classes),
        bins=reliability,
        before_temperature=before,
    )


def _selective(
    gold: Ids, probabilities: Floats, thresholds: Mapping[str, float], unreached: Sequence[str]
) -> Selective:
    curve = risk_coverage(gold, probabilities)
    confidence, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == gold
    scored = {}
    for name, threshold in thresholds.items():
        answered = confidence >= threshold
        scored[name] = ThresholdScores(
            confidence=threshold,
            coverage=float(answered.mean()),
            accuracy=float(right[answered].mean()) if answered.any() else None,
        )
    return Selective(
        area=curve.area, coverage=curve.coverage, risk=curve.risk, thresholds=scored, unreached=list(unreached)
    )


def _means(scores: ClassScores) -> dict[str, float]:
    return {name: scores.value(name) for name in CLASSIFICATION_METRICS}


def _per_class(scores: ClassScores) -> dict[str, PerClass]:
    return {
        STANCES[i]: PerClass(
            precision=float(scores.precision[i]),
            recall=float(scores.recall[i]),
            f1=float(scores.f1[i]),
            support=int(scores.support[i]),
        )
        for i in scores.classes
    }


def _one_target(stack: ClassScores, index: int) -> TargetScores:
    scores = ClassScores(
        accuracy=stack.accuracy[index],
        precision=stack.precision[index],
        recall=stack.recall[index],
        f1=stack.f1[index],
        support=stack.support[index],
        classes=stack.classes,
    )
    return TargetScores(rows=int(scores.support.sum()), **_means(scores), per_class=_per_class(scores))
