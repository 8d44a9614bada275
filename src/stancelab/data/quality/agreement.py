"""How far annotators agree beyond chance: Krippendorff's alpha, computed by the `krippendorff` package.

The interval of alpha is from a bootstrap over items (Zapf et al., "Measuring inter-rater reliability for nominal data",
BMC Medical Research Methodology 2016): annotators' labels of one item depend on each other, items do not. Percentiles
are taken farther out where items are few (Hesterberg, "What Teachers Should Know About the Bootstrap", The American
Statistician 2015).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from stancelab.metrics.bootstrap import LEVEL, percentile_interval
from stancelab.schema import STANCES

if TYPE_CHECKING:
    from numpy.typing import NDArray

RESAMPLES: Final = 2000
#: With fewer items than this there is no interval.
FEWEST_ITEMS: Final = 10
_SEED: Final = 13


@dataclass(frozen=True, slots=True)
class Agreement:
    """What several annotators of the same items say.

    Attributes:
        annotators: How many annotators labeled an item that another one labeled too.
        items: How many items two or more annotators labeled.
        labels: How many labels these items have.
        observed: Alpha's observed agreement: the share of pairs of labels of one item that agree, where an item weighs
            as many labels as it has, and not as many pairs.
        alpha: Krippendorff's alpha for nominal values (Krippendorff 2018, chapter 12): 1 is full agreement, 0 what
            chance gives; None where all labels are the same, so that nothing can be said.
        interval: The 95% interval of alpha, low and high, for items drawn from the same source; None where alpha is,
            with fewer than ten items, and where all of them agree.
    """

    annotators: int
    items: int
    labels: int
    observed: float
    alpha: float | None
    interval: tuple[float, float] | None


def agreement(
    items: NDArray[np.generic],
    annotators: NDArray[np.generic],
    labels: NDArray[np.integer],
    categories: int = len(STANCES),
) -> Agreement | None:
    """Return how far annotators agree, or None where no item has labels of two of them.

    Args:
        items: What each label is for, shape (n,): equal values are the same item.
        annotators: Who gave it, shape (n,). Of several labels that one annotator gave an item, the first counts.
        labels: Stance ids, or other ids from 0, shape (n,).
        categories: How many different labels there may be.
    """
    if not len(items):
        return None
    unit = np.unique(items, return_inverse=True)[1]
    person = np.unique(annotators, return_inverse=True)[1]
    _, first = np.unique(unit * (int(person.max()) + 1) + person, return_index=True)
    counts = np.zeros((int(unit.max()) + 1, categories), dtype=np.int64)
    np.add.at(counts, (unit[first], labels[first].astype(np.int64)), 1)
    several = counts.sum(axis=1) > 1
    if not several.any():
        return None
    shared = counts[several]
    totals = shared.sum(axis=1)
    return Agreement(
        annotators=len(np.unique(person[first][several[unit[first]]])),
        items=len(shared),
        labels=int(totals.sum()),
        observed=float(((shared * (shared - 1)).sum(axis=1) / (totals - 1)).sum() / totals.sum()),
        alpha=_alpha(shared),
        interval=_interval(shared),
    )


def _alpha(counts: NDArray[np.int64]) -> float | None:
    import krippendorff

    if (counts.sum(axis=0) > 0).sum() < 2:
        return None
    return float(krippendorff.alpha(value_counts=counts, level_of_measurement="nominal"))


def _interval(counts: NDArray[np.int64]) -> tuple[float, float] | None:
    """Return the expanded percentile interval of alpha over resamples of items.

    Items with the same counts are drawn together, so that the cost does not grow with the number of items. A resample
    in which all labels are the same says nothing and is left out.
    """
    disagree = bool((counts.max(axis=1) < counts.sum(axis=1)).any())
    if len(counts) < FEWEST_ITEMS or not disagree:
        return None
    kinds, frequency = np.unique(counts, axis=0, return_counts=True)
    drawn = np.random.default_rng(_SEED).multinomial(len(counts), frequency / len(counts), size=RESAMPLES)
    totals = kinds.sum(axis=1)
    agreeing = drawn @ ((kinds * (kinds - 1)).sum(axis=1) / (totals - 1))
    by_label, n = drawn @ kinds, drawn @ totals
    by_chance = (by_label * (by_label - 1)).sum(axis=1) / (n - 1)
    several = by_chance < n
    alphas = 1 - (n - agreeing)[several] / (n - by_chance)[several]
    low, high = percentile_interval(alphas, _expanded(len(counts)))
    return low, high


def _expanded(units: int) -> float:
    """Return the level of a percentile interval that is as wide as a t interval for so few units (Hesterberg 2015)."""
    from scipy.stats import norm, t

    return float(1 - 2 * norm.sf(np.sqrt(units / (units - 1)) * t.isf((1 - LEVEL) / 2, units - 1)))
