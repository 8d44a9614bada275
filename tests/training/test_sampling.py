from __future__ import annotations

import numpy as np
import pytest
import torch

from stancelab.errors import ConfigError
from stancelab.training.sampling import LikeLengthSampler, Mixture, mixture_of
from stancelab.training.settings import TrainingSettings

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
    equal = mixture_of(corpora, TrainingSettings(corpus_temperature=0.0), seed=0)
    assert equal is not None
    assert equal.sizes == [50, 50]
    first, second = equal.texts(0), equal.texts(1)
    assert sorted(first[50:]) == sorted([*range(90, 100)] * 5), "a small corpus comes in whole passes"
    assert len({*first[:50], *second[:50]} & {*range(90)}) == 90, "two epochs of 50 show all 90 texts"
    again = mixture_of(corpora, TrainingSettings(corpus_temperature=0.0), seed=0)
    other = mixture_of(corpora, TrainingSettings(corpus_temperature=0.0), seed=1)
    assert again is not None
    assert other is not None
    np.testing.assert_array_equal(again.texts(1), second)
    assert not np.array_equal(other.texts(1), second)


@pytest.mark.parametrize(
    ("settings", "sizes"),
    [
        ({"corpus_temperature": 0.5}, [75, 25]),
        ({"epoch_texts": 20}, [18, 2]),
        ({"corpus_shares": {"small": 3, "big": 1}, "epoch_texts": 40}, [10, 30]),
        ({"corpus_shares": {"small": 1, "big": 0}}, [100]),
    ],
)
def test_how_many_texts_of_each_corpus(settings: dict, sizes: list[int]) -> None:
    mixture = mixture_of(["big"] * 90 + ["small"] * 10, TrainingSettings(**settings), seed=0)
    assert mixture is not None
    assert mixture.sizes == sizes


def test_without_settings_an_epoch_takes_each_text_once() -> None:
    assert mixture_of(["a", "b"], TrainingSettings(), seed=0) is None


def test_shares_name_the_corpora_that_are_there() -> None:
    settings = TrainingSettings(corpus_shares={"a": 1.0, "c": 1.0})
    with pytest.raises(ConfigError, match=r"corpus_shares: found a, c, but the training rows are from a, b; give each"):
        mixture_of(["a", "b"], settings, seed=0)


def test_a_share_of_zero_takes_a_corpus_that_is_not_there_out_of_the_shares() -> None:
    shares = {"a": 1.0, "b": 3.0, "c": 0.0}
    mixture = mixture_of(["a"] * 10 + ["b"] * 10, TrainingSettings(corpus_shares=shares), seed=0)
    assert mixture is not None
    assert mixture.sizes == [5, 15]
    with pytest.raises(ConfigError, match=r"found a, b, but the training rows are from a, b, d; give each of these"):
        mixture_of(["a", "b", "d"], TrainingSettings(corpus_shares=shares), seed=0)


def test_unlabeled_texts_have_a_share_by_name(caplog: pytest.LogCaptureFixture) -> None:
    named = TrainingSettings(corpus_shares={"a": 1.0, "b": 1.0, "unlabeled": 2.0})
    corpora = ["a"] * 10 + ["b"] * 10 + ["unlabeled"] * 20
    mixture = mixture_of(corpora, named, seed=0, of_rows={"a", "b"})
    assert mixture is not None
    assert mixture.sizes == [10, 10, 20]
    left_out = mixture_of(corpora, TrainingSettings(corpus_shares={"a": 1.0, "b": 1.0, "unlabeled": 0.0}), seed=0)
    assert left_out is not None
    assert left_out.sizes == [20, 20]
    with pytest.raises(ConfigError, match=r"corpus_shares: found a, b, but the model also learns from unlabeled texts"):
        mixture_of(corpora, TrainingSettings(corpus_shares={"a": 1.0, "b": 1.0}), seed=0)
    with caplog.at_level("INFO", logger="stancelab"):
        without = mixture_of(corpora[:20], named, seed=0)
    assert without is not None
    assert without.sizes == [10, 10]
    assert "no unlabeled texts are learned from: training.corpus_shares.unlabeled changes nothing" in caplog.text


def test_a_corpus_without_texts_of_its_own_has_no_part(caplog: pytest.LogCaptureFixture) -> None:
    settings = TrainingSettings(corpus_shares={"a": 1.0, "b": 3.0, "c": 4.0})
    mixture = mixture_of(["a"] * 10 + ["b"] * 10, settings, seed=0, of_rows={"a", "b", "c"})
    assert mixture is not None
    assert mixture.sizes == [5, 15]
    assert "all training texts of c are also texts of other corpora: its rows are learned with those" in caplog.text
    alone = TrainingSettings(corpus_shares={"a": 0.0, "c": 1.0})
    with pytest.raises(ConfigError, match=r"corpus_shares: leaves no text, since those of c are counted for other"):
        mixture_of(["a"], alone, seed=0, of_rows={"a", "c"})


def test_the_sampler_takes_the_texts_of_the_mixture() -> None:
    mixture = Mixture(["big"] * 360 + ["small"] * 40, {"big": 1, "small": 1}, 200, seed=3)
    sampler = LikeLengthSampler(LENGTHS, batch_size=8, seed=3, mixture=mixture)
    order = list(sampler)
    assert len(order) == len(sampler) == 200
    assert sorted(order) == sorted(mixture.texts(0).tolist())
    assert sum(row >= 360 for row in order) == 100
