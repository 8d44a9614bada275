from __future__ import annotations

import numpy as np
import pytest

from stancelab.metrics.bootstrap import percentile_interval, resample_counts


def test_every_resample_takes_as_many_units_as_there_are() -> None:
    counts = np.eye(7, dtype=np.int64)
    resampled = resample_counts(counts, resamples=50, seed=0)
    assert resampled.shape == (50, 7)
    assert (resampled.sum(axis=1) == 7).all()
    assert resampled.std(axis=0).min() > 0


def test_the_same_seed_gives_the_same_resamples_and_another_seed_others() -> None:
    counts = np.random.default_rng(0).integers(0, 3, (40, 3, 3))
    first = resample_counts(counts, 200, seed=13)
    assert (first == resample_counts(counts, 200, seed=13)).all()
    assert (first != resample_counts(counts, 200, seed=14)).any()


def test_chunks_do_not_change_the_resamples() -> None:
    counts = np.random.default_rng(0).integers(0, 3, (33, 2))
    whole = resample_counts(counts, 101, seed=3)
    assert (whole == resample_counts(counts, 101, seed=3, weights_at_once=33 * 7)).all()


def test_systems_in_one_array_see_the_same_sentences() -> None:
    counts = np.random.default_rng(0).integers(0, 3, (30, 1, 3, 3))
    resampled = resample_counts(np.concatenate([counts, counts], axis=1), 20, seed=1)
    assert (resampled[:, 0] == resampled[:, 1]).all()


def test_resamples_are_those_of_a_plain_loop_over_units() -> None:
    counts = np.arange(12).reshape(4, 3)
    picks = np.random.default_rng(9).integers(4, size=(6, 4))
    assert (resample_counts(counts, 6, seed=9) == np.array([counts[row].sum(axis=0) for row in picks])).all()


def test_percentiles() -> None:
    low, high = percentile_interval(np.arange(1001) / 1000)
    assert (low, high) == (pytest.approx(0.025), pytest.approx(0.975))


def test_whole_sentences_widen_the_interval_where_their_rows_agree() -> None:
    right = np.random.default_rng(4).random(200) < 0.7
    rows = np.repeat(right, 5)
    by_sentence = np.stack([right * 5, np.full(200, 5)], axis=1)
    by_row = np.stack([rows, np.ones(1000)], axis=1)

    def width(counts: np.ndarray) -> float:
        resampled = resample_counts(counts, 1000, seed=1)
        low, high = percentile_interval(resampled[:, 0] / resampled[:, 1])
        return high - low

    assert width(by_sentence) == pytest.approx(np.sqrt(5) * width(by_row), rel=0.15)


def test_intervals_cover_the_true_accuracy_about_as_often_as_they_say() -> None:
    random = np.random.default_rng(11)
    covered = 0
    for trial in range(200):
        right = (random.random(150) < 0.8).astype(np.int64)[:, None]
        low, high = percentile_interval(resample_counts(right, 400, seed=trial)[:, 0] / 150)
        covered += low <= 0.8 <= high
    assert 0.90 <= covered / 200 <= 0.98
