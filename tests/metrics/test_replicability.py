from __future__ import annotations

import pytest
from scipy.stats import combine_pvalues

from stancelab.metrics.replicability import corpora_with_effect, named_corpora, partial_conjunction

P = [0.2, 0.001, 0.03, 0.004]


def test_bonferroni_by_hand() -> None:
    # In order 0.001, 0.004, 0.03, 0.2: times 4, 3, 2, 1.
    assert partial_conjunction(P, independent=False) == pytest.approx([0.004, 0.012, 0.06, 0.2])
    assert corpora_with_effect(P, 0.05, independent=False) == 2


def test_fisher_is_that_of_scipy_on_the_largest_p_values() -> None:
    ordered = sorted(P)
    expected = [combine_pvalues(ordered[u:], "fisher").pvalue for u in range(4)]
    assert partial_conjunction(P, independent=True) == pytest.approx(expected)
    assert corpora_with_effect(P, 0.05, independent=True) == 3


def test_a_larger_number_needs_all_smaller_ones() -> None:
    # 3 * 0.02 = 0.06, then 2 * 0.021 = 0.042 and 0.03, which do not count since the first failed.
    assert partial_conjunction([0.02, 0.021, 0.03], independent=False) == pytest.approx([0.06, 0.06, 0.06])
    assert corpora_with_effect([0.02, 0.021, 0.03], 0.05, independent=False) == 0
    assert partial_conjunction([0.0, 1.0], independent=True) == pytest.approx([0.0, 1.0])


def test_holm_names_the_corpora() -> None:
    assert named_corpora(P, 0.05) == [1, 3]
    assert named_corpora([0.5, 0.6], 0.05) == []
