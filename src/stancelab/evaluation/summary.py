"""Scores as the plain values of metrics.json (docs/metrics.md describes them)."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from stancelab.evaluation.calibration import expected_calibration_error, reliability_bins
from stancelab.evaluation.intervals import percentile_interval, resample_counts
from stancelab.evaluation.metrics import (
    PRIMARY_METRICS,
    ClassScores,
    Floats,
    Ids,
    confusions_by,
    majority_floor,
    proper_scores,
    scores_of,
    scores_of_confusions,
)
from stancelab.schema import STANCE_ID, STANCES, Example

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from stancelab.evaluation.settings import EvaluationSettings

#: Below so many sentences a percentile interval is too narrow to be trusted.
_FEW_TEXTS: Final = 30

_CLASSIFICATION: Final = ("accuracy", "macro_precision", "macro_recall", "macro_f1", "f_avg")
_DECIMALS: Final = 6


@dataclass(frozen=True, slots=True)
class GoldRows:
    """One test file as arrays: gold stance ids, and for each row which sentence and which target it has.

    Attributes:
        gold: Shape (rows,).
        text_groups: Shape (rows,): rows of one sentence share a number.
        n_texts: How many different sentences there are.
        target_groups: Shape (rows,), an index of `targets`.
        targets: The different targets, the most frequent first.
    """

    gold: Ids
    text_groups: Ids
    n_texts: int
    target_groups: Ids
    targets: list[str]

    @classmethod
    def of(cls, examples: Sequence[Example]) -> GoldRows:
        """Make the arrays; every example has a stance."""
        texts = {text: number for number, text in enumerate(dict.fromkeys(example.text for example in examples))}
        frequency = Counter(example.target for example in examples)
        targets = sorted(frequency, key=lambda target: (-frequency[target], target))
        target_number = {target: number for number, target in enumerate(targets)}
        return cls(
            gold=np.array([STANCE_ID[example.stance or ""] for example in examples], dtype=np.int64),
            text_groups=np.array([texts[example.text] for example in examples], dtype=np.int64),
            n_texts=len(texts),
            target_groups=np.array([target_number[example.target] for example in examples], dtype=np.int64),
            targets=targets,
        )


def describe_test(test: GoldRows) -> dict[str, Any]:
    """Return what a test file holds, what the majority class scores on it, and what its scores cannot say."""
    counts = np.bincount(test.gold, minlength=len(STANCES))
    warnings = [
        f"no row has the stance {stance}: its precision, recall and F1 count as 0, "
        "and the means are still over all three classes"
        for stance, count in zip(STANCES, counts, strict=True)
        if not count
    ]
    if test.n_texts < _FEW_TEXTS:
        warnings.append(f"only {test.n_texts} different sentences: the intervals are likely too narrow")
    return {
        "rows": len(test.gold),
        "texts": test.n_texts,
        "targets": len(test.targets),
        "classes": {stance: int(count) for stance, count in zip(STANCES, counts, strict=True)},
        "majority": majority_floor(counts),
        "warnings": warnings,
    }


def describe_run(test: GoldRows, probabilities: Floats, bins: int) -> dict[str, Any]:
    """Return all point scores of one system, with one seed, on one test file."""
    predicted = probabilities.argmax(axis=1)
    scores = scores_of(test.gold, predicted)
    confusion = confusions_by(np.zeros_like(test.gold), 1, test.gold, predicted)[0]
    brier, nll = proper_scores(test.gold, probabilities)
    reliability = reliability_bins(test.gold, probabilities, bins)
    never = [stance for stance, count in zip(STANCES, confusion.sum(axis=0), strict=True) if not count]
    by_target = scores_of_confusions(confusions_by(test.target_groups, len(test.targets), test.gold, predicted))
    return {
        **_means(scores),
        "brier": brier,
        "nll": nll,
        "per_class": _per_class(scores),
        "per_target": {target: _one_target(by_target, i) for i, target in enumerate(test.targets)},
        "confusion": confusion.tolist(),
        "calibration": {"ece": expected_calibration_error(reliability), "bins": [asdict(each) for each in reliability]},
        "warnings": [f"{stance} is never predicted: its precision and F1 count as 0" for stance in never],
    }


def bootstrap(
    test: GoldRows, runs: Sequence[Floats], members: Sequence[Sequence[int]], settings: EvaluationSettings
) -> tuple[list[dict[str, list[float]]], list[dict[str, list[float]]]]:
    """Return 95% intervals of every run, and of every system's mean over its runs.

    Args:
        test: The test file.
        runs: The probabilities of each run.
        members: For each system, which of `runs` are its seeds.
        settings: Draws and seed.

    Returns:
        For each run and for each system: metric name -> [low, high].
    """
    counts = np.stack(
        [confusions_by(test.text_groups, test.n_texts, test.gold, run.argmax(axis=1)) for run in runs], axis=1
    )
    drawn = scores_of_confusions(resample_counts(counts, settings.bootstrap_draws, settings.seed))
    samples: dict[str, Floats] = {name: getattr(drawn, name) for name in PRIMARY_METRICS}
    of_runs = [
        {name: list(percentile_interval(values[:, i])) for name, values in samples.items()} for i in range(len(runs))
    ]
    of_systems = [
        {name: list(percentile_interval(values[:, list(own)].mean(axis=1))) for name, values in samples.items()}
        for own in members
    ]
    return of_runs, of_systems


def over_seeds(runs: Sequence[Mapping[str, Any]]) -> tuple[dict[str, float], dict[str, float | None]]:
    """Return mean and sample standard deviation of a system's runs by metric; with one run the deviation is None."""
    values = {name: [run[name] for run in runs] for name in (*_CLASSIFICATION, "brier", "nll")}
    values["ece"] = [run["calibration"]["ece"] for run in runs]
    mean = {name: float(np.mean(each)) for name, each in values.items()}
    std = {name: float(np.std(each, ddof=1)) if len(runs) > 1 else None for name, each in values.items()}
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


def _means(scores: ClassScores) -> dict[str, float]:
    return {name: float(getattr(scores, name)) for name in _CLASSIFICATION}


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
