"""What a comparison could have found, and whether it shows that two systems are equivalent."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, TypeVar

from stancelab.metrics.intervals import t_quantile, t_tail
from stancelab.metrics.significance import RANDOMIZATION, Comparison

#: The probability of finding a difference that `Precision.detectable` is stated for.
POWER: Final = 0.8

_Pair = TypeVar("_Pair", bound=Comparison)


def with_power(comparison: _Pair, level: float, family: int, smallest_p: float) -> _Pair:
    """Return a comparison with the smallest differences that it finds with probability 80%.

    Such a difference is (t(1 - a/2) + t(80%)) standard errors, t with the error's degrees of freedom and a the level,
    or the level divided by the number of pairs.

    Args:
        comparison: The comparison.
        level: A pair differs whose p-value is below it.
        family: The number of pairs that p-values are corrected over.
        smallest_p: The smallest p-value that approximate randomization can give.
    """
    found = comparison.precision
    if found is None:
        return comparison
    out_of = smallest_p if comparison.method == RANDOMIZATION else 0.0

    def smallest_difference(at: float) -> float | None:
        if out_of >= at:
            return None
        return (t_quantile(1 - at / 2, found.freedom) + t_quantile(POWER, found.freedom)) * found.error

    return replace(
        comparison,
        precision=replace(
            found,
            detectable=smallest_difference(level),
            detectable_corrected=smallest_difference(level / max(family, 1)),
        ),
    )


def with_equivalence(comparison: Comparison, margin: float | None) -> Comparison:
    """Return a comparison with the p-value of equivalence: two one-sided tests (Schuirmann, 1987).

    Each tests that the difference is beyond the margin on one side, by Student's t with the error of the difference;
    the larger p-value is that of both.

    Args:
        comparison: The comparison.
        margin: The largest difference, as a share, that makes no difference; None for no test.
    """
    found = comparison.precision
    if margin is None or found is None:
        return comparison
    nearest = margin - abs(comparison.difference)
    return replace(comparison, equivalence_p=t_tail(nearest / found.error, found.freedom))
