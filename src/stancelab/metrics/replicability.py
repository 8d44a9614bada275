"""On how many of several corpora one system is better than another (Dror et al., TACL 2017).

A list of p-values, one for each corpus, does not say it: of twenty corpora on which two systems are equally good, one
shows a difference by chance. The partial conjunction hypothesis H(u) says that the system is better on fewer than u of
the n corpora (Benjamini and Heller, 2008). The largest u for which it is rejected, with all smaller ones, is a lower
bound of the number of corpora on which the system is better: it is too high with a probability of at most the level.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stancelab.metrics.significance import holm

if TYPE_CHECKING:
    from collections.abc import Sequence


def partial_conjunction(p_values: Sequence[float], *, independent: bool) -> list[float]:
    """Return for u = 1, ..., n the p-value of the hypothesis that fewer than u of n effects are there.

    Args:
        p_values: One-sided, of n corpora.
        independent: Whether the corpora are independent, so that Fisher's method may combine them; else Bonferroni's,
            which holds under any dependence.

    Returns:
        p-values that do not fall with u: that of u counts all smaller ones too.
    """
    from scipy.stats import chi2

    ordered = np.sort(np.asarray(p_values, dtype=np.float64))
    left = np.arange(len(ordered), 0, -1)  # n - u + 1: the largest p-values, of which one has to be an effect
    if independent:
        logs = np.log(np.maximum(ordered, np.finfo(np.float64).tiny))
        found = chi2.sf(-2 * np.cumsum(logs[::-1])[::-1], 2 * left)
    else:
        found = np.minimum(1.0, left * ordered)
    return [float(each) for each in np.maximum.accumulate(found)]


def corpora_with_effect(p_values: Sequence[float], level: float, *, independent: bool) -> int:
    """Return on how many corpora, at least, the effect is there; too high with a probability of at most `level`."""
    return sum(each <= level for each in partial_conjunction(p_values, independent=independent))


def named_corpora(p_values: Sequence[float], level: float) -> list[int]:
    """Return on which corpora the effect is there, by their places: those that Holm's correction leaves (1979)."""
    return [place for place, each in enumerate(holm(p_values)) if each <= level]
