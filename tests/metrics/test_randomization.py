from __future__ import annotations

import itertools

import numpy as np
import pytest

from stancelab.metrics.randomization import mean_randomization


def test_swaps_of_a_mean_are_all_signs_of_its_differences() -> None:
    random = np.random.default_rng(1)
    sums = random.normal(size=(9, 3))
    difference = sums[:, 0] - sums[:, 2]
    signs = np.array(list(itertools.product([1, -1], repeat=9)))
    expected = (np.abs(signs @ difference) >= abs(difference.sum()) - 1e-12).mean()
    assert mean_randomization(sums, [(0, 2)], 1000, 1) == [pytest.approx(expected)]


def test_random_swaps_come_near_and_do_not_depend_on_the_chunk() -> None:
    sums = np.random.default_rng(2).normal(0.2, 1, size=(14, 2))
    [exact] = mean_randomization(sums, [(0, 1)], 2**14, 1)
    [drawn] = mean_randomization(sums, [(0, 1)], 10_000, 1)
    assert drawn == pytest.approx(exact, abs=0.02)
    assert mean_randomization(sums, [(0, 1)], 10_000, 1, swaps_at_once=1400) == [pytest.approx(drawn, abs=0.02)]
    assert mean_randomization(sums, [], 100, 1) == []


def test_equal_differences_of_large_sums_are_equal() -> None:
    sums = np.array([[1e9 + 0.1, 1e9], [1e9 + 0.2, 1e9], [1e9 + 0.3, 1e9]])
    assert mean_randomization(sums, [(0, 1)], 100, 1) == [2 / 8]
