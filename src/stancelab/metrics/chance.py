"""What a system scores by chance, for each metric: answers drawn by the class shares of a test file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stancelab.metrics.classes import ALL_CLASSES
from stancelab.schema import AGAINST, FAVOR, STANCE_ID

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stancelab.metrics.classes import Classes


def guessing_scores(counts: Sequence[int], classes: Classes = ALL_CLASSES) -> dict[str, float]:
    """Return accuracy, macro-F1 and F_avg of answers that are drawn by the class shares, in the limit of many rows.

    A stance of share p is guessed with probability p, whatever the row's own is: its precision, recall and F1 are p.
    Accuracy is the sum of the squared shares, macro-F1 one over the number of classes. Majority and stratified
    guesses are the two usual meanings of chance, and which one is higher depends on the metric.

    Args:
        counts: Gold rows of each stance, in the order of `STANCES`.
        classes: The ids of the task's classes; no row has another stance.
    """
    shares = np.asarray(counts, dtype=np.float64) / np.sum(counts)
    polar = [each for each in (STANCE_ID[AGAINST], STANCE_ID[FAVOR]) if each in classes]
    return {
        "accuracy": float((shares**2).sum()),
        "macro_f1": float(shares[list(classes)].mean()),
        "f_avg": float(shares[polar].mean()),
    }
