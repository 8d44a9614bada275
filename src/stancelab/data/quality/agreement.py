"""How far annotators agree beyond chance: Krippendorff's alpha, computed by the `krippendorff` package."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from stancelab.schema import STANCES

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Agreement:
    """What several annotators of the same items say.

    Attributes:
        annotators: How many annotators labeled an item that another one labeled too.
        items: How many items two or more annotators labeled.
        labels: How many labels these items have.
        observed: Of all pairs of labels of one item, the share that agrees.
        alpha: Krippendorff's alpha for nominal values (Krippendorff 2018, chapter 12): 1 is full agreement, 0 what
            chance gives; None where all labels are the same, so that nothing can be said.
    """

    annotators: int
    items: int
    labels: int
    observed: float
    alpha: float | None


def agreement(
    items: NDArray[np.generic], annotators: NDArray[np.generic], stances: NDArray[np.integer]
) -> Agreement | None:
    """Return how far annotators agree, or None where no item has labels of two of them.

    Args:
        items: What each label is for, shape (n,): equal values are the same item.
        annotators: Who gave it, shape (n,). Of several labels that one annotator gave an item, the first counts.
        stances: Stance ids, shape (n,).
    """
    if not len(items):
        return None
    unit = np.unique(items, return_inverse=True)[1]
    person = np.unique(annotators, return_inverse=True)[1]
    _, first = np.unique(unit * (int(person.max()) + 1) + person, return_index=True)
    counts = np.zeros((int(unit.max()) + 1, len(STANCES)), dtype=np.int64)
    np.add.at(counts, (unit[first], stances[first].astype(np.int64)), 1)
    several = counts.sum(axis=1) > 1
    if not several.any():
        return None
    shared = counts[several]
    totals = shared.sum(axis=1)
    return Agreement(
        annotators=len(np.unique(person[first][several[unit[first]]])),
        items=len(shared),
        labels=int(totals.sum()),
        observed=float((shared * (shared - 1)).sum() / (totals * (totals - 1)).sum()),
        alpha=_alpha(shared),
    )


def _alpha(counts: NDArray[np.int64]) -> float | None:
    import krippendorff

    if (counts.sum(axis=0) > 0).sum() < 2:
        return None
    return float(krippendorff.alpha(value_counts=counts, level_of_measurement="nominal"))
