"""Comparisons give the numbers of scipy where scipy has the method, and those that theory expects elsewhere."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from scipy import stats

from stancelab.metrics.bootstrap import resample_counts
from stancelab.metrics.classification import confusions_by, scores_of, scores_of_confusions
from stancelab.metrics.significance import (
    RANDOMIZATION,
    SEEDS_AND_DATA,
    Comparison,
    Runs,
    compare,
    holm,
    out_of_reach,
    randomization,
    seeds_and_data,
    significance_groups,
)

RANDOM = np.random.default_rng(5)


def counts_of(groups: np.ndarray, gold: np.ndarray, *predicted: np.ndarray) -> np.ndarray:
    return np.stack([confusions_by(groups, int(groups.max()) + 1, gold, each) for each in predicted], axis=1)


def noisy(gold: np.ndarray, accuracy: float, random: np.random.Generator) -> np.ndarray:
    return np.where(random.random(len(gold)) < accuracy, gold, (gold + random.integers(1, 3, len(gold))) % 3)


def test_randomization_gives_the_p_value_of_scipys_permutation_test() -> None:
    groups = np.repeat(np.arange(9), 3)
    gold = RANDOM.integers(0, 3, 27)
    first, second = noisy(gold, 0.9, RANDOM), noisy(gold, 0.55, RANDOM)

    def difference(own: np.ndarray, other: np.ndarray) -> float:
        # scipy swaps numbers within pairs; these say for each group whose predictions stand first.
        swapped = (own > other)[groups]
        a, b = np.where(swapped, second, first), np.where(swapped, first, second)
        return float(scores_of(gold, a).macro_f1 - scores_of(gold, b).macro_f1)

    exact = stats.permutation_test(  # type: ignore[call-overload]  # its stubs have no infinite n_resamples
        (np.zeros(9), np.ones(9)), difference, permutation_type="samples", n_resamples=np.inf, alternative="greater"
    )
    distances = np.abs(exact.null_distribution)
    expected = (distances >= abs(difference(np.zeros(9), np.ones(9))) - 1e-12).mean()
    found = randomization(counts_of(groups, gold, first, second), [(0, 1)], "macro_f1", 20_000, seed=1)[0]
    assert len(distances) == 2**9
    assert found == pytest.approx(expected, abs=0.01)


def test_randomization_of_accuracy_over_single_rows_is_the_sign_test() -> None:
    gold = np.zeros(200, dtype=np.int64)
    first, second = np.zeros(200, dtype=np.int64), np.zeros(200, dtype=np.int64)
    second[:30], first[30:45] = 1, 1  # 30 rows that the first alone gets right, 15 that the second does
    expected = stats.binomtest(30, 45).pvalue
    found = randomization(counts_of(np.arange(200), gold, first, second), [(0, 1)], "accuracy", 50_000, seed=2)[0]
    assert found == pytest.approx(expected, abs=0.005)


def test_rows_of_one_group_do_not_count_as_many() -> None:
    gold = np.zeros(200, dtype=np.int64)
    first, second = np.zeros(200, dtype=np.int64), np.zeros(200, dtype=np.int64)
    second[:40] = 1
    single = counts_of(np.arange(200), gold, first, second)
    together = counts_of(np.arange(200) // 20, gold, first, second)  # all 40 rows are in two groups
    assert randomization(single, [(0, 1)], "accuracy", 2000, seed=3)[0] < 0.001
    assert randomization(together, [(0, 1)], "accuracy", 2000, seed=3)[0] == pytest.approx(0.5, abs=0.05)


def test_the_same_predictions_do_not_differ() -> None:
    gold = RANDOM.integers(0, 3, 60)
    predicted = noisy(gold, 0.7, RANDOM)
    counts = counts_of(np.arange(60), gold, predicted, predicted)
    assert randomization(counts, [(0, 1)], "macro_f1", 500, seed=0) == [1.0]
    resampled = scores_of_confusions(resample_counts(counts, 200, 1)).macro_f1
    found = compare(Runs(counts, resampled, {"a": [0], "b": [1]}), "macro_f1", 500, 0)[0]
    assert (found.difference, found.interval, found.p_holm) == (0.0, (0.0, 0.0), 1.0)


def test_chunks_do_not_change_the_p_values() -> None:
    gold = RANDOM.integers(0, 3, 80)
    counts = counts_of(np.arange(80), gold, noisy(gold, 0.7, RANDOM), noisy(gold, 0.6, RANDOM))
    whole = randomization(counts, [(0, 1)], "macro_f1", 1000, seed=4)
    # NumPy generates bytes by fours, so that a chunk has to hold a multiple of four swaps.
    assert randomization(counts, [(0, 1)], "macro_f1", 1000, seed=4, swaps_at_once=80 * 50) == whole


def test_where_the_rows_are_certain_seeds_are_compared_by_students_t() -> None:
    first, second = np.array([0.71, 0.74, 0.69]), np.array([0.66, 0.70, 0.68])
    certain = (np.tile(first, (50, 1)), np.tile(second, (50, 1)))
    interval, p = seeds_and_data((first, second), certain, units=10**9)
    expected = stats.ttest_ind(first, second, equal_var=True)
    assert p == pytest.approx(expected.pvalue)
    assert interval == pytest.approx(tuple(expected.confidence_interval(0.95)))


def test_one_run_beside_seeds_is_compared_by_students_t_on_the_seeds() -> None:
    seeds, single = np.array([0.71, 0.74, 0.69, 0.72]), np.array([0.66])
    interval, p = seeds_and_data((seeds, single), (np.tile(seeds, (50, 1)), np.tile(single, (50, 1))), units=10**9)
    expected = stats.ttest_1samp(seeds, 0.66)
    assert p == pytest.approx(expected.pvalue)
    assert interval[0] == pytest.approx(expected.confidence_interval(0.95)[0] - 0.66)


def test_where_the_seeds_agree_the_data_alone_count() -> None:
    scores = np.array([0.7, 0.7]), np.array([0.6, 0.6])
    shift = RANDOM.normal(0, 0.04, (4000, 1))
    resampled = (np.tile(0.7 + shift, (1, 2)), np.full((4000, 2), 0.6))
    interval, p = seeds_and_data(scores, resampled, units=400)
    assert p == pytest.approx(2 * stats.norm.sf(0.1 / shift.std()), rel=0.2)
    assert interval[1] - interval[0] == pytest.approx(2 * 1.97 * shift.std(), rel=0.02)


def test_errors_of_each_run_on_its_own_rows_count_once() -> None:
    """Two systems of three runs whose errors are independent: the error of the difference is that of 3 runs each."""
    random = np.random.default_rng(8)
    widths = []
    for _ in range(60):
        gold = random.integers(0, 3, 400)
        counts = counts_of(np.arange(400), gold, *(noisy(gold, 0.7, random) for _ in range(6)))
        points = scores_of_confusions(counts.sum(axis=0)).accuracy
        resampled = scores_of_confusions(resample_counts(counts, 300, 1)).accuracy
        low, high = seeds_and_data((points[:3], points[3:]), (resampled[:, :3], resampled[:, 3:]), 400)[0]
        widths.append(high - low)
    error = np.sqrt(2 * 0.7 * 0.3 / 400 / 3)
    assert 2 * 1.96 * error < np.median(widths) < 2 * 2.8 * error  # 2.8 is t of 4 degrees of freedom


def test_holm_by_hand() -> None:
    # 4 x 0.005; 3 x 0.01; 2 x 0.03; 1 x 0.04, which may not be below the one before.
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.6, 0.7]) == [1.0, 1.0]
    assert holm([]) == []


def compared(*same: tuple[str, str]) -> list[Comparison]:
    names = "pqrs"
    return [
        Comparison((a, b), 0.1, (0.0, 0.2), 0.5, 0.9 if (a, b) in same else 0.001, RANDOMIZATION)  # type: ignore[arg-type]
        for i, a in enumerate(names)
        for b in names[i + 1 :]
    ]


def test_letters_are_shared_by_systems_that_are_not_significantly_different() -> None:
    assert significance_groups("pqrs", compared(), 0.05) == {"p": "a", "q": "b", "r": "c", "s": "d"}
    chain = significance_groups("pqrs", compared(("p", "q"), ("q", "r")), 0.05)
    assert chain == {"p": "a", "q": "ab", "r": "b", "s": "c"}
    everyone = significance_groups("pqrs", compared(), 0.0)
    assert set(everyone.values()) == {"a"}


def test_pairs_with_several_seeds_are_compared_by_seeds_and_data() -> None:
    random = np.random.default_rng(3)
    gold = random.integers(0, 3, 300)
    runs = [noisy(gold, accuracy, random) for accuracy in (0.8, 0.82, 0.6, 0.5)]
    counts = counts_of(np.arange(300) // 2, gold, *runs)
    resampled = scores_of_confusions(resample_counts(counts, 500, 1)).macro_f1
    found = compare(Runs(counts, resampled, {"net": [0, 1], "svm": [2], "lexicon": [3]}), "macro_f1", 1000, 1)
    assert [(each.systems, each.method) for each in found] == [
        (("net", "svm"), SEEDS_AND_DATA),
        (("net", "lexicon"), SEEDS_AND_DATA),
        (("svm", "lexicon"), RANDOMIZATION),
    ]
    assert all(each.interval[0] < each.difference < each.interval[1] for each in found)
    assert all(each.p <= each.p_holm for each in found)
    assert found[0].p_holm < 0.05


def test_what_no_test_could_find_is_warned_of() -> None:
    pairs = compared()
    assert out_of_reach(pairs, units=300, rounds=10_000, level=0.05) == []
    assert out_of_reach(pairs, units=4, rounds=10_000, level=0.05)[0].startswith("4 documents or sentences are too few")
    assert out_of_reach(pairs, units=300, rounds=100, level=0.05)[0].startswith("100 rounds are too few")
    seeds = [dataclasses.replace(each, method=SEEDS_AND_DATA) for each in pairs]
    assert out_of_reach(seeds, units=4, rounds=100, level=0.05) == []
