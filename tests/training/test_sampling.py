from __future__ import annotations

import numpy as np
import torch

from stancelab.training.sampling import LikeLengthSampler

LENGTHS = [length for length in range(1, 101) for _ in range(4)]


def test_batches_hold_rows_of_like_length_and_every_row_once() -> None:
    order = list(LikeLengthSampler(LENGTHS, batch_size=8, seed=0))
    assert sorted(order) == list(range(400))
    spread = [np.ptp([LENGTHS[row] for row in order[start : start + 8]]) for start in range(0, 400, 8)]
    assert np.mean(spread) < 10, "random batches of these lengths spread over about 78"


def test_long_and_short_batches_come_mixed() -> None:
    order = list(LikeLengthSampler(LENGTHS, batch_size=8, seed=0))
    means = [np.mean([LENGTHS[row] for row in order[start : start + 8]]) for start in range(0, 400, 8)]
    assert abs(np.corrcoef(means[:-1], means[1:])[0, 1]) < 0.5, "sorted batches have a correlation near 1"


def test_the_batch_that_is_not_full_comes_last() -> None:
    order = list(LikeLengthSampler(LENGTHS[:43], batch_size=8, seed=0))
    assert sorted(order) == list(range(43))
    spread = [np.ptp([LENGTHS[row] for row in order[start : start + 8]]) for start in range(0, 40, 8)]
    assert max(spread) <= 3


def test_the_order_depends_on_seed_and_epoch_alone() -> None:
    sampler = LikeLengthSampler(LENGTHS, batch_size=8, seed=3)
    first = list(sampler)
    torch.rand(1)
    assert list(sampler) == first
    sampler.set_epoch(1)
    second = list(sampler)
    assert second != first
    assert list(LikeLengthSampler(LENGTHS, batch_size=8, seed=4)) != first
    again = LikeLengthSampler(LENGTHS, batch_size=8, seed=3)
    again.set_epoch(1)
    assert list(again) == second
