"""Scores with rows that count unequally: design weights of a stratified sample, and a stated prevalence of stances.

Test rows are often sampled at unequal rates (more of rare stances, targets or sources), and their stances are seldom as
frequent as in the texts that a system is then used on; precision and F1 depend on both. Design weights are one over the
chance of a row to be sampled (Horvitz and Thompson, 1952). At a stated prevalence the rows of each stance together
count as much as its share: what a system does with rows of a stance is taken from the file, how many there are from the
statement (prior shift; Saerens et al., 2002).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from stancelab.errors import DataError, count_of, did_you_mean, list_problems, shorten, verb
from stancelab.metrics.bootstrap import resample_counts
from stancelab.metrics.classification import confusions_by_run, predicted_ids, proper_losses, scores_of_confusions
from stancelab.metrics.intervals import mean_interval
from stancelab.metrics.names import CLASSIFICATION_METRICS
from stancelab.metrics.run_means import ENOUGH_RESAMPLES
from stancelab.results import Reweighted, Scores
from stancelab.schema import STANCES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from stancelab.evaluation.gold_rows import GoldRows
    from stancelab.evaluation.settings import EvaluationSettings
    from stancelab.metrics.classification import Floats
    from stancelab.schema import Example

#: The metrics that get intervals.
_WITH_INTERVALS: Final = ("accuracy", "macro_recall", "macro_f1", "f_avg")


def design_weights(name: str, examples: Sequence[Example], column: str) -> Floats:
    """Return the design weights of a test file's rows, shape (rows,).

    Args:
        name: The test file, for messages.
        examples: Its rows.
        column: The column of `extra` that has the weights.

    Raises:
        DataError: There is no such column, or it has values other than positive numbers.
    """
    known = sorted({each for example in examples for each in example.extra})
    if column not in known:
        raise DataError(
            f"test file {name!r}: no column {column!r}, which evaluation.weight names; "
            f"found {', '.join(known) or 'no further columns'}; name it in data.extra and prepare again."
            + did_you_mean(column, known)
        )
    weights = np.array([_number(example.extra.get(column, "")) for example in examples])
    bad = np.flatnonzero(~(np.isfinite(weights) & (weights > 0)))
    if len(bad):
        found = [f"id {shorten(examples[i].id)!r}: {shorten(examples[i].extra.get(column, ''))!r}" for i in bad[:20]]
        raise DataError(
            f"test file {name!r}: {len(bad):,} of {count_of(len(examples), 'design weight')} in column {column!r} "
            f"{verb(len(bad), 'is no positive number', 'are not positive numbers')}:\n{list_problems(found, len(bad))}"
        )
    return weights


def _number(cell: str) -> float:
    try:
        return float(cell)
    except ValueError:
        return math.nan


def effective_rows(weights: Floats) -> float:
    """Return how many rows of equal weight the weighted rows are worth (Kish, "Survey Sampling", 1965)."""
    return float(weights.sum() ** 2 / np.square(weights).sum())


def lacking(test: GoldRows, prevalence: Mapping[str, float]) -> list[str]:
    """Return the stances that have a share in a prevalence and no row in a test file."""
    counts = np.bincount(test.gold, minlength=len(STANCES))
    return [stance for stance, rows in zip(STANCES, counts, strict=True) if prevalence.get(stance, 0) > 0 and not rows]


@dataclass(frozen=True)
class Weighing:
    """How the rows of a test file count.

    Attributes:
        weights: The weight of each row, shape (rows,).
        shares: The share of each stance, shape (3,), None where the weights alone decide it.
    """

    weights: Floats
    shares: Floats | None = None


def reweighted(
    test: GoldRows,
    runs: Sequence[Floats],
    members: Mapping[str, Sequence[int]],
    labels_only: Sequence[bool],
    weighing: Weighing,
    settings: EvaluationSettings,
) -> dict[str, Reweighted]:
    """Return each system's scores with weighted rows, means over its runs.

    Args:
        test: The test file.
        runs: The probabilities of each run, shape (rows, 3).
        members: Name of each system -> which runs are its own.
        labels_only: For each run whether its probabilities stand for labels alone and are not scored.
        weighing: How rows count.
        settings: Resamples and seed.
    """
    predicted = [predicted_ids(run) for run in runs]
    counts = confusions_by_run(test.units, test.n_units, test.gold, predicted, weighing.weights)
    points = scores_of_confusions(_at_shares(counts.sum(axis=0), weighing.shares), test.classes)
    resampled = None
    if test.n_units > 1:
        drawn = resample_counts(counts, min(settings.bootstrap_resamples, ENOUGH_RESAMPLES), settings.seed)
        resampled = scores_of_confusions(_at_shares(drawn, weighing.shares), test.classes)
    of_rows = _row_weights(test, weighing)
    losses = [None if labels else _losses(test, run, of_rows) for run, labels in zip(runs, labels_only, strict=True)]
    found = {}
    for name, numbers in members.items():
        own = list(numbers)
        means = {metric: float(getattr(points, metric)[own].mean()) for metric in CLASSIFICATION_METRICS}
        known = [each for number in own if (each := losses[number]) is not None]
        if len(known) == len(own):
            means |= {"brier": float(np.mean(known, axis=0)[0]), "nll": float(np.mean(known, axis=0)[1])}
        intervals = {}
        if resampled is not None:
            intervals = {
                metric: interval
                for metric in _WITH_INTERVALS
                if (
                    interval := mean_interval(
                        getattr(points, metric)[own], getattr(resampled, metric)[:, own], test.n_units
                    )
                )
                is not None
            }
        found[name] = Reweighted(scores=Scores(**means), intervals=intervals)
    return found


def _at_shares(confusions: Floats, shares: Floats | None) -> Floats:
    """Return confusion matrices, shape (..., 3, 3), whose rows add up to the shares of the stances."""
    if shares is None:
        return confusions
    support = confusions.sum(axis=-1, keepdims=True)
    recall = np.divide(confusions, support, out=np.zeros_like(confusions), where=support > 0)
    return np.asarray(recall * shares[:, None])


def _row_weights(test: GoldRows, weighing: Weighing) -> Floats:
    """Return the weights of rows, shape (rows,), that add up to 1."""
    if weighing.shares is None:
        return np.asarray(weighing.weights / weighing.weights.sum())
    by_stance = np.bincount(test.gold, weights=weighing.weights, minlength=len(STANCES))
    return np.asarray(weighing.weights * weighing.shares[test.gold] / by_stance[test.gold])


def _losses(test: GoldRows, run: Floats, weights: Floats) -> tuple[float, float]:
    brier, nll = proper_losses(test.gold, run)
    return float((weights * brier).sum()), float((weights * nll).sum())
