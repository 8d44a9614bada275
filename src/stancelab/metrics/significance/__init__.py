"""Significance tests: paired comparisons of systems on the same rows.

Rows of one sentence, or of one document, are not independent, so that whole resampling units are resampled and swapped.

Two systems with one run each are compared by approximate randomization (Noreen, 1989; Yeh, COLING 2000): under the null
hypothesis the predictions of the two systems are exchangeable, so those of each unit are swapped with probability 1/2,
and the p-value is the share of rounds whose difference is at least the observed one. Where all ways to swap are no more
than the rounds, each of them is taken once, and the p-value is exact.

Where a system has several seeds, the comparison is of trainings and not of single runs, so the variance between seeds
counts beside that between units, as in the multi-bootstrap (Sellam et al., "The MultiBERTs", ICLR 2022). Three seeds
give a poor estimate of their variance, and percentiles over so few are too narrow; so the variances are added as
components, one for the data and one for the seeds of each system, and the difference is compared with Student's t with
the degrees of freedom that Satterthwaite (1946) gives such sums. With certain rows and equal numbers of seeds this is
Welch's test (Biometrika, 1947). `scripts/simulate_comparisons.py` measures the share of false positives of all tests.

All pairs of systems are compared; Holm's correction (1979) bounds the probability of even one false positive over all
test files by the level. Pairs that repeat another one, because systems answer alike, count once.
"""

from stancelab.metrics.significance.compared import (
    IDENTICAL,
    PAIRED_SEEDS,
    RANDOMIZATION,
    SEEDS_AND_DATA,
    T_TEST,
    Comparison,
    Precision,
    Runs,
)
from stancelab.metrics.significance.correction import corrected, holm, out_of_reach
from stancelab.metrics.significance.groups import significance_groups
from stancelab.metrics.significance.paired import compare, compare_points
from stancelab.metrics.significance.t_test import Tested, seeds_and_data

__all__ = [
    "IDENTICAL",
    "PAIRED_SEEDS",
    "RANDOMIZATION",
    "SEEDS_AND_DATA",
    "T_TEST",
    "Comparison",
    "Precision",
    "Runs",
    "Tested",
    "compare",
    "compare_points",
    "corrected",
    "holm",
    "out_of_reach",
    "seeds_and_data",
    "significance_groups",
]
