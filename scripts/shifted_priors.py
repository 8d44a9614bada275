"""Shifts of class priors: what is added to the logits of classes before the highest is taken, chosen on dev rows.

Classes' priors are adjusted after training as by Saerens, Latinne and Decaestecker (2002), here by what a metric
rewards: a model that was trained and chosen by one metric may choose stances too often for another.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

#: The classes whose prior moves together, for each prior that can move, in the order of each corpus's classes.
#: Of DSE's five classes 1 and 2 are favor, 3 and 4 against: a prior of the stance moves both directions.
MOVED: Final = {"dse": ((1, 2), (3, 4)), "seesaw": ((1,),)}
_STEPS: Final = np.linspace(-2, 2, 21)


def shifts(number: int) -> list[tuple[float, ...]]:
    """Return all shifts of so many priors that are tried, in logits, from none to the largest."""
    return sorted(product(_STEPS.round(1).tolist(), repeat=number), key=lambda each: sum(map(abs, each)))


def shifted(scores: NDArray[np.float64], moved: Sequence[Sequence[int]], shift: Sequence[float]) -> NDArray[np.float64]:
    """Return log probabilities with shifted priors, up to a constant of the row, shape (rows, classes)."""
    result = scores.copy()
    for classes, value in zip(moved, shift, strict=True):
        result[:, list(classes)] += value
    return result


def best_shift(
    scores: NDArray[np.float64], gold: NDArray[np.intp], moved: Sequence[Sequence[int]]
) -> tuple[float, ...]:
    """Return the shift with the highest accuracy, of equal ones the smallest."""
    return max(shifts(len(moved)), key=lambda each: float((shifted(scores, moved, each).argmax(axis=1) == gold).mean()))
