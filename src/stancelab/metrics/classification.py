"""Scores of predictions against gold stances.

Stances are ids in the order of `STANCES`; a confusion matrix has gold stances as rows and predicted ones as columns.
Where a ratio is 0/0 (a class that is never predicted has no precision, one that is absent has no recall) it counts as
0, scikit-learn's `zero_division=0`. Means over classes are over those of the task (`metrics.classes`), also where a
test file lacks one of them; a confusion matrix has all of `STANCES`, so that an answer outside the classes is kept as
the error that it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from stancelab.metrics.classes import ALL_CLASSES, Classes
from stancelab.metrics.names import PRIMARY_METRICS
from stancelab.schema import AGAINST, FAVOR, STANCE_ID, STANCES

if TYPE_CHECKING:
    from collections.abc import Sequence

Ids = NDArray[np.int64]
Floats = NDArray[np.float64]


#: In place of a predicted stance: the system gave none, which is an error. The row counts among those of its gold
#: stance and among those of no predicted one.
UNANSWERED: Final = len(STANCES)
#: In place of a predicted stance: the system abstained, and the row is left out of its scores.
LEFT_OUT: Final = -1

_IDS: Final = list(ALL_CLASSES)
_F_AVG_IDS: Final = (STANCE_ID[FAVOR], STANCE_ID[AGAINST])


@dataclass(frozen=True, slots=True)
class ClassScores:
    """Scores of one confusion matrix, or of a stack of them at once.

    Attributes:
        accuracy: Share of rows predicted rightly, shape (...).
        precision: Of the rows predicted as a class, the share that is of it, shape (..., 3).
        recall: Of the rows of a class, the share that was predicted as it, shape (..., 3).
        f1: Harmonic mean of the two, shape (..., 3).
        support: Gold rows of each class, shape (..., 3).
        classes: The ids of the task's classes, which the means are over.
    """

    accuracy: Floats
    precision: Floats
    recall: Floats
    f1: Floats
    support: Floats
    classes: Classes = ALL_CLASSES

    def value(self, metric: str) -> float:
        """Return a metric of one confusion matrix by its name, one of `CLASSIFICATION_METRICS`."""
        return float(getattr(self, metric))

    @property
    def macro_precision(self) -> Floats:
        """Mean precision of the classes."""
        return self._mean(self.precision, self.classes)

    @property
    def macro_recall(self) -> Floats:
        """Mean recall of the classes."""
        return self._mean(self.recall, self.classes)

    @property
    def macro_f1(self) -> Floats:
        """Mean F1 of the classes."""
        return self._mean(self.f1, self.classes)

    @property
    def f_avg(self) -> Floats:
        """Mean F1 of favor and against, the metric of SemEval-2016 Task 6 (Mohammad et al., 2016).

        Neutral is not ignored: a neutral row that is predicted as favor lowers the precision of favor. Where one of the
        two is no class of the task, it is the F1 of the other one; where they are all its classes, it is macro-F1.
        """
        return self._mean(self.f1, [each for each in _F_AVG_IDS if each in self.classes])

    @staticmethod
    def _mean(values: Floats, classes: Sequence[int]) -> Floats:
        return np.asarray(values[..., list(classes)].mean(axis=-1))


def predicted_ids(probabilities: Floats) -> Ids:
    """Return the stance with the highest probability of each row, the first of them on a tie, shape (rows,).

    Args:
        probabilities: Shape (rows, 3). A row of zeros is `UNANSWERED`, one of NaN is `LEFT_OUT`.
    """
    found: Ids = probabilities.argmax(axis=1)
    found[~probabilities.any(axis=1)] = UNANSWERED
    found[np.isnan(probabilities).any(axis=1)] = LEFT_OUT
    return found


def scores_of(gold: Ids, predicted: Ids, classes: Classes = ALL_CLASSES) -> ClassScores:
    """Return the scores of one system on one test file, computed by scikit-learn; what was left out does not count.

    Args:
        gold: Gold stance ids.
        predicted: Predicted stance ids, `UNANSWERED` or `LEFT_OUT`.
        classes: The ids of the task's classes.
    """
    from sklearn.metrics import accuracy_score, precision_recall_fscore_support

    gold, predicted = gold[predicted != LEFT_OUT], predicted[predicted != LEFT_OUT]
    if not len(gold):
        return scores_of_confusions(np.zeros((len(STANCES), len(STANCES))), classes)
    precision, recall, f1, support = precision_recall_fscore_support(gold, predicted, labels=_IDS, zero_division=0)
    return ClassScores(np.asarray(accuracy_score(gold, predicted)), precision, recall, f1, support, classes)


def scores_of_confusions(confusions: NDArray[np.number], classes: Classes = ALL_CLASSES) -> ClassScores:
    """Return the scores of many confusion matrices at once, shape (..., 3, 3); equal to `scores_of` for each of them.

    For thousands of small ones: one for each target, one for each bootstrap resample. A fourth column counts rows that
    are `UNANSWERED`.
    """
    counts = confusions.astype(np.float64)
    hits = np.diagonal(counts, axis1=-2, axis2=-1)
    support, predicted = counts.sum(axis=-1), counts.sum(axis=-2)[..., : len(STANCES)]
    return ClassScores(
        accuracy=_ratio(hits.sum(axis=-1), support.sum(axis=-1)),
        precision=_ratio(hits, predicted),
        recall=_ratio(hits, support),
        f1=_ratio(2 * hits, support + predicted),
        support=support,
        classes=classes,
    )


def confusions_by(groups: Ids, n_groups: int, gold: Ids, predicted: Ids) -> Ids:
    """Return one confusion matrix for each group of rows, shape (n_groups, 3, 3), without rows that have no answer.

    Args:
        groups: The group of each row, from 0 to n_groups - 1: its text, say, or its target.
        n_groups: How many groups there are.
        gold: Gold stance ids.
        predicted: Predicted stance ids.
    """
    return confusions_by_run(groups, n_groups, gold, [predicted])[:, 0, :, : len(STANCES)]


def confusions_by_run(
    groups: Ids, n_groups: int, gold: Ids, runs: Sequence[Ids], weights: Floats | None = None
) -> NDArray[Any]:
    """Return one confusion matrix for each group of rows and each run, shape (n_groups, runs, 3, 3).

    Where a run has rows that are `UNANSWERED` there is a fourth column, which counts them, and the shape is (n_groups,
    runs, 3, 4). Rows that are `LEFT_OUT` are in no column.

    Args:
        groups: The group of each row, from 0 to n_groups - 1.
        n_groups: How many groups there are.
        gold: Gold stance ids.
        runs: The predicted stance ids of each run.
        weights: How much each row counts, 1 where it is None.
    """
    size = len(STANCES)
    columns = size + any((run == UNANSWERED).any() for run in runs)
    total = n_groups * size * columns
    found = []
    for run in runs:
        kept = run != LEFT_OUT
        cells = ((groups * size + gold) * columns + run)[kept]
        of_run = np.bincount(cells, None if weights is None else weights[kept], minlength=total)
        found.append(of_run.reshape(n_groups, size, columns))
    return np.stack(found, axis=1).astype(np.int64 if weights is None else np.float64)


def majority_scores(class_counts: Ids, classes: Classes = ALL_CLASSES) -> dict[str, float]:
    """Return by primary metric what always answering the most frequent stance of the test file would score.

    It knows the test labels: a lower bound to compare with, not a system.
    """
    most = int(np.argmax(class_counts))
    confusion = np.zeros((len(STANCES), len(STANCES)), dtype=np.int64)
    confusion[:, most] = class_counts
    scores = scores_of_confusions(confusion, classes)
    return {name: scores.value(name) for name in PRIMARY_METRICS}


def proper_scores(gold: Ids, probabilities: Floats) -> tuple[float, float]:
    """Return the Brier score (0 to 2, summed over classes; Brier, 1950) and the mean negative log-likelihood (nats).

    scikit-learn computes both. A probability of 0 for the gold stance is clipped to the smallest step of a double, so
    that the likelihood stays finite: such a row counts 36.0 nats. Rounding that keeps a row from summing to 1 exactly
    is divided out first.
    """
    from sklearn.metrics import brier_score_loss, log_loss

    exact = probabilities / probabilities.sum(axis=1, keepdims=True)
    brier = brier_score_loss(gold, exact, labels=_IDS, scale_by_half=False)
    return float(brier), float(log_loss(gold, exact, labels=_IDS))


def proper_losses(gold: Ids, probabilities: Floats) -> tuple[Floats, Floats]:
    """Return each row's part in `proper_scores`, both of shape (rows,); their means over any rows are the scores there.

    For hundreds of slices of one file, for each of which scikit-learn would check its input.
    """
    exact = probabilities / probabilities.sum(axis=1, keepdims=True)
    rows = np.arange(len(gold))
    brier = np.square(exact - np.eye(len(STANCES))[gold]).sum(axis=1)
    return brier, -np.log(np.maximum(exact[rows, gold], np.finfo(np.float64).eps))


def _ratio(part: Floats, whole: Floats) -> Floats:
    return np.divide(part, whole, out=np.zeros_like(part), where=whole != 0)
