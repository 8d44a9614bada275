"""Scores as the plain values of metrics.json (docs/metrics.md describes them)."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from stancelab.metrics.bootstrap import percentile_interval, resample_counts
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
    Floats,
    Ids,
    confusions_by,
    majority_floor,
    proper_scores,
    scores_of,
    scores_of_confusions,
)
from stancelab.metrics.names import CLASSIFICATION_METRICS, PRIMARY_METRICS
from stancelab.metrics.significance import Runs, compare, out_of_reach, significance_groups
from stancelab.schema import STANCES, Example

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from stancelab.evaluation.settings import EvaluationSettings

#: Below so many documents or sentences a percentile interval is too narrow to be trusted.
_FEW_UNITS: Final = 30
#: Below so many documents there is nothing to draw from; sentences are drawn then.
_FEWEST_DOCUMENTS: Final = 10

_DECIMALS: Final = 6


@dataclass(frozen=True, slots=True)
class GoldRows:
    """One test file as arrays: gold stance ids, and for each row which document or sentence and which target it has.

    Attributes:
        gold: Shape (rows,).
        unit: What rows are grouped by: "document" where the settings say so and there are enough, or "text".
        n_documents: How many documents the rows name.
        units: Shape (rows,): rows of one document (where a row names none, of one sentence) share a number.
        n_units: How many of them there are.
        n_texts: How many different sentences there are.
        target_groups: Shape (rows,), an index of `targets`.
        targets: The different targets, the most frequent first.
    """

    gold: Ids
    unit: str
    n_documents: int
    units: Ids
    n_units: int
    n_texts: int
    target_groups: Ids
    targets: list[str]

    @classmethod
    def of(cls, examples: Sequence[Example], unit: str) -> GoldRows:
        """Make the arrays; every example has a stance. `unit` is the one of the settings."""
        documents = {example.document for example in examples} - {""}
        by_document = unit == "document" and len(documents) >= _FEWEST_DOCUMENTS
        keys = [(by_document and e.document, "" if by_document and e.document else e.text) for e in examples]
        number = {key: place for place, key in enumerate(dict.fromkeys(keys))}
        frequency = Counter(example.target for example in examples)
        targets = sorted(frequency, key=lambda target: (-frequency[target], target))
        target_number = {target: number for number, target in enumerate(targets)}
        return cls(
            gold=np.array([example.stance_id for example in examples], dtype=np.int64),
            unit="document" if by_document else "text",
            n_documents=len(documents),
            units=np.array([number[key] for key in keys], dtype=np.int64),
            n_units=len(number),
            n_texts=len({example.text for example in examples}),
            target_groups=np.array([target_number[example.target] for example in examples], dtype=np.int64),
            targets=targets,
        )


def describe_test(test: GoldRows, wanted: str) -> dict[str, Any]:
    """Return what a test file holds, what the majority class scores on it, and what its scores cannot say.

    Args:
        test: The test file.
        wanted: What the settings would have drawn together, "document" or "text".
    """
    counts = np.bincount(test.gold, minlength=len(STANCES))
    warnings = [
        f"no row has the stance {stance}: its precision, recall and F1 count as 0, "
        "and the means are still over all three classes"
        for stance, count in zip(STANCES, counts, strict=True)
        if not count
    ]
    if test.n_documents and wanted == "document" and test.unit == "text":
        warnings.append(
            f"rows name only {_counted(test.n_documents, 'document')}, too few to draw from: sentences are drawn "
            "instead, and the intervals are likely too narrow"
        )
    if test.n_units == 1:
        warnings.append("all rows are of one sentence: there are no intervals and no comparisons")
    elif test.n_units < _FEW_UNITS:
        what = "document" if test.unit == "document" else "different sentence"
        warnings.append(f"only {_counted(test.n_units, what)}: the intervals are likely too narrow")
    return {
        "rows": len(test.gold),
        "texts": test.n_texts,
        "unit": test.unit,
        "units": test.n_units,
        "targets": len(test.targets),
        "classes": {stance: int(count) for stance, count in zip(STANCES, counts, strict=True)},
        "majority": majority_floor(counts),
        "warnings": warnings,
    }


def describe_run(
    test: GoldRows,
    probabilities: Floats,
    bins: int | None,
    temperature: float | None = None,
    thresholds: Mapping[str, float] | None = None,
) -> dict[str, Any]:
    """Return all point scores of one system, with one seed, on one test file.

    Args:
        test: The test file.
        probabilities: Shape (rows, 3).
        bins: Bins of confidence; None where the probabilities stand for labels alone and are not scored.
        temperature: What the system's logits were divided by, None where that is not known.
        thresholds: Confidences chosen elsewhere, by name, from which predictions are taken.
    """
    predicted = probabilities.argmax(axis=1)
    scores = scores_of(test.gold, predicted)
    confusion = confusions_by(np.zeros_like(test.gold), 1, test.gold, predicted)[0]
    never = [stance for stance, count in zip(STANCES, confusion.sum(axis=0), strict=True) if not count]
    by_target = scores_of_confusions(confusions_by(test.target_groups, len(test.targets), test.gold, predicted))
    brier, nll = (None, None) if bins is None else proper_scores(test.gold, probabilities)
    return {
        **_means(scores),
        "brier": brier,
        "nll": nll,
        "per_class": _per_class(scores),
        "per_target": {target: _one_target(by_target, i) for i, target in enumerate(test.targets)},
        "confusion": confusion.tolist(),
        "calibration": None if bins is None else _calibration(test.gold, probabilities, bins, temperature),
        "selective": None if bins is None else _selective(test.gold, probabilities, thresholds or {}),
        "warnings": [f"{stance} is never predicted: its precision and F1 count as 0" for stance in never],
    }


def _calibration(gold: Ids, probabilities: Floats, bins: int, temperature: float | None) -> dict[str, Any]:
    reliability = reliability_bins(gold, probabilities, bins)
    found: dict[str, Any] = {
        "ece": expected_calibration_error(reliability),
        "adaptive_ece": adaptive_error(gold, probabilities, bins),
        "classwise_ece": classwise_errors(gold, probabilities, bins),
        "bins": [asdict(each) for each in reliability],
        "before_temperature": None,
    }
    if temperature is not None:
        raw = before_temperature(probabilities, temperature)
        brier, nll = proper_scores(gold, raw)
        found["before_temperature"] = {
            "temperature": temperature,
            "ece": expected_calibration_error(reliability_bins(gold, raw, bins)),
            "adaptive_ece": adaptive_error(gold, raw, bins),
            "brier": brier,
            "nll": nll,
        }
    return found


def _selective(gold: Ids, probabilities: Floats, thresholds: Mapping[str, float]) -> dict[str, Any]:
    curve = risk_coverage(gold, probabilities)
    confidence, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == gold
    kept = {}
    for name, threshold in thresholds.items():
        answered = confidence >= threshold
        kept[name] = {
            "confidence": threshold,
            "coverage": float(answered.mean()),
            "accuracy": float(right[answered].mean()) if answered.any() else None,
        }
    return {"area": curve.area, "coverage": curve.coverage, "risk": curve.risk, "thresholds": kept}


@dataclass(frozen=True, slots=True)
class Draws:
    """Bootstrap draws of all runs on one test file.

    Attributes:
        counts: Confusion matrices by unit and run, shape (units, runs, 3, 3).
        samples: Each primary metric of each draw and run, shape (draws, runs); a draw takes the same units for all.
    """

    counts: Ids
    samples: dict[str, Floats]

    @classmethod
    def of(cls, test: GoldRows, runs: Sequence[Floats], settings: EvaluationSettings) -> Draws:
        """Draw; `runs` are the probabilities of each run."""
        counts = np.stack(
            [confusions_by(test.units, test.n_units, test.gold, run.argmax(axis=1)) for run in runs], axis=1
        )
        drawn = scores_of_confusions(resample_counts(counts, settings.bootstrap_draws, settings.seed))
        return cls(counts, {name: getattr(drawn, name) for name in PRIMARY_METRICS})

    def intervals(self, members: Sequence[int]) -> dict[str, list[float]]:
        """Return by metric the 95% interval [low, high] of the mean over some runs; none where one unit is all."""
        if len(self.counts) < 2:
            return {}
        own = list(members)
        return {name: list(percentile_interval(drawn[:, own].mean(axis=1))) for name, drawn in self.samples.items()}


def compared(
    draws: Draws,
    members: Mapping[str, Sequence[int]],
    means: Mapping[str, float],
    metric: str,
    settings: EvaluationSettings,
) -> dict[str, Any]:
    """Return the comparisons of all pairs of systems on one test file, and who does not differ from whom.

    Args:
        draws: The draws of all runs.
        members: Name of each system -> which runs are its seeds.
        means: Name of each system -> its mean score.
        metric: The metric of the scores.
        settings: Rounds, level and seed.
    """
    if len(draws.counts) < 2:
        return {"pairs": [], "groups": {}, "warnings": []}
    ranked = sorted(members, key=lambda name: -means[name])
    runs = Runs(draws.counts, draws.samples[metric], {name: members[name] for name in ranked})
    pairs = compare(runs, metric, settings.randomization_rounds, settings.seed)
    return {
        "pairs": [asdict(pair) for pair in pairs],
        "groups": significance_groups(ranked, pairs, settings.level),
        "warnings": out_of_reach(pairs, len(draws.counts), settings.randomization_rounds, settings.level),
    }


def over_seeds(runs: Sequence[Mapping[str, Any]]) -> tuple[dict[str, float | None], dict[str, float | None]]:
    """Return mean and sample standard deviation of a system's runs by metric.

    With one run the deviation is None; where there are no probabilities, so is all that scores them.
    """
    values = {name: [run[name] for run in runs] for name in (*CLASSIFICATION_METRICS, "brier", "nll")}
    for name, part, key in (("ece", "calibration", "ece"), ("aurc", "selective", "area")):
        values[name] = [run[part] and run[part][key] for run in runs]
    known = {name: each for name, each in values.items() if None not in each}
    mean = {name: float(np.mean(known[name])) if name in known else None for name in values}
    several = len(runs) > 1
    std = {name: float(np.std(known[name], ddof=1)) if name in known and several else None for name in values}
    return mean, std


def rounded(value: Any) -> Any:
    """Return a JSON-like value with its floats rounded to six decimals: more than any test file can tell apart."""
    if isinstance(value, float):
        return round(value, _DECIMALS)
    if isinstance(value, dict):
        return {key: rounded(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [rounded(each) for each in value]
    return value


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" + ("" if number == 1 else "s")


def _means(scores: ClassScores) -> dict[str, float]:
    return {name: float(getattr(scores, name)) for name in CLASSIFICATION_METRICS}


def _per_class(scores: ClassScores) -> dict[str, dict[str, float]]:
    return {
        stance: {
            "precision": float(scores.precision[i]),
            "recall": float(scores.recall[i]),
            "f1": float(scores.f1[i]),
            "support": int(scores.support[i]),
        }
        for i, stance in enumerate(STANCES)
    }


def _one_target(stack: ClassScores, index: int) -> dict[str, Any]:
    scores = ClassScores(
        accuracy=stack.accuracy[index],
        precision=stack.precision[index],
        recall=stack.recall[index],
        f1=stack.f1[index],
        support=stack.support[index],
    )
    return {"rows": int(scores.support.sum()), **_means(scores), "per_class": _per_class(scores)}
