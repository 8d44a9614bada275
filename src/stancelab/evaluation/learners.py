"""The systems of a cross-validation compared as ways of training, from their scores on each fold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from stancelab.metrics.classes import ALL_CLASSES
from stancelab.metrics.classification import predicted_ids, scores_of
from stancelab.metrics.cross_validation import corrected_t
from stancelab.metrics.significance import IDENTICAL, holm
from stancelab.results import LearnerComparison

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from stancelab.metrics.classes import Classes
    from stancelab.metrics.classification import Floats, Ids
    from stancelab.metrics.significance import Comparison


@dataclass(frozen=True)
class Folds:
    """Which fold of a cross-validation each row of a test file is in.

    Attributes:
        by_run: For each run of a system (name, seed) the fold of each row, shape (rows,); runs of several partitions
            have other numbers for their folds.
        test_to_train: Test rows of a fold divided by its training rows.
    """

    by_run: Mapping[tuple[str, int | None], NDArray[np.int64]]
    test_to_train: float


def compare_learners(
    pairs: Sequence[Comparison],
    members: Mapping[str, Sequence[int]],
    keys: Sequence[tuple[str, int | None]],
    gold: Ids,
    probabilities: Sequence[Floats],
    metric: str,
    folds: Folds,
    classes: Classes = ALL_CLASSES,
) -> list[LearnerComparison]:
    """Return all pairs of systems as ways of training, in the order of their comparison on the pooled rows.

    Holm's correction is over the different pairs: systems that answer alike count as one.

    Args:
        pairs: The comparison on the pooled rows.
        members: Name of each system -> which runs are its own.
        keys: Name and seed of each run.
        gold: Gold stance ids, shape (rows,).
        probabilities: Of each run, shape (rows, 3).
        metric: The primary metric.
        folds: Which fold each row is in.
        classes: The ids of the task's classes.
    """
    scores = {
        name: _by_fold(
            [(folds.by_run[keys[run]], predicted_ids(probabilities[run])) for run in runs], gold, metric, classes
        )
        for name, runs in members.items()
    }
    found = []
    for pair in pairs:
        first, second = (scores[name] for name in pair.systems)
        differences = [first[fold] - second[fold] for fold in first]
        found.append((pair.systems, differences, *corrected_t(differences, folds.test_to_train)))
    p_values = {systems: p for systems, _, _, p in found}
    family = [pair.systems for pair in pairs if pair.method != IDENTICAL and pair.repeats is None]
    p_holm = dict(zip(family, holm([p_values[systems] for systems in family]), strict=True))
    return [
        LearnerComparison(
            systems=systems,
            difference=float(np.mean(differences)),
            interval=interval,
            p=p,
            p_holm=p_holm.get(pair.repeats or systems, 1.0),
            folds=len(differences),
        )
        for pair, (systems, differences, interval, p) in zip(pairs, found, strict=True)
    ]


def _by_fold(
    runs: Sequence[tuple[NDArray[np.int64], Ids]], gold: Ids, metric: str, classes: Classes
) -> dict[int, float]:
    """Return a system's score on each fold, mean over those of its runs that have this fold."""
    found: dict[int, list[float]] = {}
    for fold_of, predicted in runs:
        for fold in np.unique(fold_of).tolist():
            rows = fold_of == fold
            found.setdefault(fold, []).append(scores_of(gold[rows], predicted[rows], classes).value(metric))
    return {fold: float(np.mean(own)) for fold, own in sorted(found.items())}
