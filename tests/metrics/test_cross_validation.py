from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from stancelab.metrics.cross_validation import corrected_t


def test_the_corrected_t_by_hand() -> None:
    # Differences 1 to 5: mean 3, variance 2.5. Five folds of a fifth: test / train = 1 / 4.
    # Standard error: sqrt((1 / 5 + 1 / 4) * 2.5) = sqrt(1.125) = 1.06066; t = 2.82843 with 4 degrees of freedom.
    interval, p = corrected_t([1, 2, 3, 4, 5], 0.25)
    assert p == pytest.approx(0.0474206, abs=1e-6)
    assert interval == pytest.approx((3 - 2.776445 * 1.0606602, 3 + 2.776445 * 1.0606602), abs=1e-5)


def test_without_shared_rows_it_is_the_t_test() -> None:
    found = np.random.default_rng(0).normal(0.3, 1, 12)
    assert corrected_t(found.tolist(), 0.0)[1] == pytest.approx(stats.ttest_1samp(found, 0).pvalue)


def test_folds_that_all_differ_alike() -> None:
    assert corrected_t([0.1, 0.1], 0.5)[1] == 0.0
    assert corrected_t([0.0, 0.0], 0.5) == ((0.0, 0.0), 1.0)
