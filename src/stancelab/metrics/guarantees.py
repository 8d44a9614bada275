"""Confidence thresholds whose accuracy holds beyond the validation rows, with a stated certainty.

The threshold that just reaches 90% on validation rows is the luckiest of many, and falls short of 90% on other rows
about half of the time. A guaranteed one is found by fixed-sequence testing: the thresholds are tested in an order that
the labels had no part in, each by an exact binomial (Clopper-Pearson) lower bound of the accuracy, until the first one
fails; the last that passed is taken. The probability that its true accuracy is below the stated one is then at most
`DELTA`, with no correction for the number of thresholds (Geifman and El-Yaniv, "Selective Classification for Deep
Neural Networks", NeurIPS 2017; Angelopoulos et al., "Learn then Test", 2021).

Rows of one document, or of one sentence, are right and wrong together, so that they count as fewer: the bound takes the
effective number of rows (Korn and Graubard, "Confidence intervals for proportions with small expected number of
positive counts estimated from survey data", Survey Methodology, 1998).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from stancelab.metrics.temperature import FEWEST_ANSWERED, STATED_ACCURACIES

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: The probability that a guaranteed threshold's true accuracy is below the stated one is at most this.
DELTA: Final = 0.05
#: Coverages that are tested: 5%, 10%, ..., 100%.
STEPS: Final = 20
#: With fewer documents or sentences nothing is guaranteed: how far rows depend cannot be estimated.
FEWEST_UNITS: Final = 10


def guaranteed_thresholds(
    probabilities: NDArray[np.float64], labels: NDArray[np.int64], units: NDArray[np.int64]
) -> dict[str, float | None]:
    """Return for each stated accuracy a confidence from which it holds, with probability 1 - `DELTA`, on other rows.

    The other rows are of documents drawn as those of the validation rows were; of another kind of text nothing is
    guaranteed.

    Args:
        probabilities: Calibrated probabilities of validation rows, shape (n, classes).
        labels: Shape (n,), the columns of the true classes.
        units: Shape (n,): rows of one document (or sentence) share a number.

    Returns:
        Name, such as "guaranteed_90" -> confidence; None where the guarantee cannot be given.
    """
    confidence = probabilities.max(axis=1)
    order = np.argsort(-confidence, kind="stable")
    confidence, right = confidence[order], (probabilities.argmax(axis=1) == labels)[order]
    units = np.unique(units, return_inverse=True)[1][order]
    found: dict[str, float | None] = {}
    for stated in STATED_ACCURACIES:
        answered = _last_that_passes(confidence, right, units, stated)
        found[f"guaranteed_{stated:.0%}".removesuffix("%")] = (
            None if answered is None else float(confidence[answered - 1])
        )
    return found


def _last_that_passes(
    confidence: NDArray[np.float64], right: NDArray[np.bool_], units: NDArray[np.int64], stated: float
) -> int | None:
    """Return how many rows, the most confident first, the last threshold that passes answers; None where none does."""
    if len(np.unique(units)) < FEWEST_UNITS:
        return None
    sequence = _sequence(confidence, stated)
    passed = None
    for answered in sequence:
        if lower_bound(right[:answered], units[:answered], intraclass_correlation(right, units)) < stated:
            break
        passed = answered
    return passed


def _sequence(confidence: NDArray[np.float64], stated: float) -> list[int]:
    """Return the numbers of answered rows in the order of the tests, by the confidences alone.

    It begins where a test is likeliest to pass if the confidences are right, and goes on to higher coverages: from the
    very top, with few rows, a single error would end it.
    """
    rows = len(confidence)
    steps = np.ceil(np.arange(1, STEPS + 1) * rows / STEPS).astype(int)
    # Rows of equal confidence are answered together.
    ends = np.unique(np.searchsorted(-confidence, -confidence[steps - 1], side="right"))
    ends = ends[ends >= FEWEST_ANSWERED]
    if not len(ends):
        return []
    mean = np.cumsum(confidence)[ends - 1] / ends
    start = int(np.argmax((mean - stated) * np.sqrt(ends)))
    return [int(end) for end in ends[start:]]


def lower_bound(right: NDArray[np.bool_], units: NDArray[np.int64], correlation: float) -> float:
    """Return the one-sided lower bound, of certainty 1 - `DELTA`, of the accuracy on rows that come in units.

    The bound of Clopper and Pearson (1934) for the effective number of rows: rows divided by the design effect, at
    least 1, of the variance between these units. Where no row is wrong there is no variance to see, and the correlation
    of all rows stands for it. With few units the number is smaller still, by the ratio of Student's t quantiles, as in
    Korn and Graubard (1998).

    Args:
        right: Which rows are right, shape (n,).
        units: The unit of each row, shape (n,).
        correlation: The intraclass correlation of right answers, from all rows.
    """
    from scipy.stats import beta
    from scipy.stats import t as student

    rows, sizes = len(right), np.bincount(units)
    sizes = sizes[sizes > 0]
    if len(sizes) < 2:
        return 0.0
    accuracy = float(right.mean())
    of_sizes = 1 + (float((sizes**2).sum()) / rows - 1) * correlation
    effect = max(1.0, of_sizes if accuracy == 1 else _design_effect(right, units))
    few_units = student.ppf(1 - DELTA, rows - 1) / student.ppf(1 - DELTA, len(sizes) - 1)
    effective = rows / effect * float(few_units) ** 2
    successes = accuracy * effective
    return 0.0 if successes <= 0 else float(beta.ppf(DELTA, successes, effective - successes + 1))


def intraclass_correlation(right: NDArray[np.bool_], units: NDArray[np.int64]) -> float:
    """Return how far rows of one unit are right together: the analysis-of-variance estimate, from 0 to 1."""
    sizes = np.bincount(units)
    hits = np.bincount(units, weights=right)[sizes > 0]
    sizes = sizes[sizes > 0]
    rows, groups = int(sizes.sum()), len(sizes)
    if rows == groups or groups < 2:
        return 0.0
    between = float((sizes * np.square(hits / sizes - hits.sum() / rows)).sum()) / (groups - 1)
    within = float((hits * (1 - hits / sizes)).sum()) / (rows - groups)
    typical = (rows - float((sizes**2).sum()) / rows) / (groups - 1)
    whole = between + (typical - 1) * within
    return float(np.clip((between - within) / whole, 0.0, 1.0)) if whole > 0 else 0.0


def _design_effect(right: NDArray[np.bool_], units: NDArray[np.int64]) -> float:
    """Return the variance of the accuracy between units, divided by that of as many independent rows."""
    sizes, hits = np.bincount(units), np.bincount(units, weights=right)
    rows, groups, accuracy = len(right), int((sizes > 0).sum()), float(right.mean())
    if accuracy == 0:
        return 1.0
    variance = groups / (groups - 1) * float(np.square(hits - sizes * accuracy).sum()) / rows**2
    return variance / (accuracy * (1 - accuracy) / (rows - 1))
