from __future__ import annotations

import numpy as np
import torch

from stancelab.training.sampling import LikeLengthSampler, Mixture

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


def test_a_mixture_gives_each_corpus_its_share_and_leaves_no_text_out_for_long() -> None:
    corpora = ["big"] * 90 + ["small"] * 10
    equal = Mixture(corpora, temperature=0.0, seed=0)
    assert equal.sizes == [50, 50]
    first, second = equal.texts(0), equal.texts(1)
    assert len(first) == 100
    assert sorted(first[50:]) == sorted([*range(90, 100)] * 5), "a small corpus comes in whole passes"
    assert len({*first[:50], *second[:50]} & {*range(90)}) == 90, "two epochs of 50 show all 90 texts"
    assert Mixture(corpora, temperature=0.5, seed=0).sizes == [75, 25]
    np.testing.assert_array_equal(Mixture(corpora, 0.0, seed=0).texts(1), second)
    assert not np.array_equal(Mixture(corpora, 0.0, seed=1).texts(1), second)


def test_the_sampler_takes_the_texts_of_the_mixture() -> None:
    mixture = Mixture(["big"] * 360 + ["small"] * 40, temperature=0.0, seed=3)
    sampler = LikeLengthSampler(LENGTHS, batch_size=8, seed=3, mixture=mixture)
    order = list(sampler)
    assert sorted(order) == sorted(mixture.texts(0).tolist())
    assert sum(row >= 360 for row in order) == 200
