"""Holm's correction of p-values over the different pairs of systems, and what it leaves within reach."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from stancelab.metrics.randomization import is_exact
from stancelab.metrics.significance.compared import IDENTICAL, RANDOMIZATION, Comparison

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_File = TypeVar("_File", bound=Hashable)
_Pair = TypeVar("_Pair", bound=Comparison)


def corrected(files: Mapping[_File, Sequence[_Pair]]) -> tuple[dict[_File, list[_Pair]], int]:
    """Return the comparisons of all test files with p-values after Holm's correction, and over how many pairs it is.

    These are the different pairs of all files: one that repeats another is given that one's p-value, and two systems
    that answer alike are not tested.

    Args:
        files: By test file (or by file and score) the comparisons, uncorrected or corrected over that file alone.
    """
    family = [
        (name, each) for name, own in files.items() for each in own if each.method != IDENTICAL and each.repeats is None
    ]
    p_holm = {
        (name, each.systems): p for (name, each), p in zip(family, holm([each.p for _, each in family]), strict=True)
    }
    found = {
        name: [replace(each, p_holm=p_holm.get((name, each.repeats or each.systems), 1.0)) for each in own]
        for name, own in files.items()
    }
    return found, len(family)


def holm(p_values: Sequence[float]) -> list[float]:
    """Return p-values after Holm's step-down correction, at most 1, in the order given."""
    values = np.asarray(p_values, dtype=np.float64)
    order = np.argsort(values, kind="stable")
    stepped = np.maximum.accumulate(values[order] * np.arange(len(values), 0, -1))
    corrected = np.empty_like(values)
    corrected[order] = np.minimum(stepped, 1.0)
    return [float(value) for value in corrected]


def out_of_reach(
    comparisons: Sequence[Comparison], units: int, rounds: int, level: float, family: int | None = None
) -> list[str]:
    """Return a line where no difference between two single runs could be significant, however large it were.

    The smallest p-value of approximate randomization is 1 / (rounds + 1), and with few units 2 / 2 ** units, since
    there are no more ways to swap them; Holm's correction multiplies the smallest by the number of pairs.

    Args:
        comparisons: Of all pairs of a test file.
        units: Number of resampling units.
        rounds: Rounds of approximate randomization.
        level: A pair differs whose corrected p-value is below it.
        family: The number of pairs that p-values are corrected over; that of `comparisons` where it is None.
    """
    if all(each.method != RANDOMIZATION for each in comparisons):
        return []
    pairs = len(comparisons) if family is None else family
    found = []
    if pairs * 2.0 ** (1 - units) >= level:
        found.append(f"{units} documents or sentences are too few")
    if not is_exact(units, rounds) and pairs / (rounds + 1) >= level:
        found.append(f"{rounds:,} rounds are too few (evaluation.randomization_rounds)")
    if not found:
        return []
    return [
        f"{' and '.join(found)} for {pairs:,} pair{'' if pairs == 1 else 's'}: no difference between two single runs, "
        f"however large, could get a corrected p-value below {level:g}"
    ]
