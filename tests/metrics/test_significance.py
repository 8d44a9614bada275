"""Comparisons give the numbers of scipy where scipy has the method, and those that theory expects elsewhere."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from scipy import stats

from stancelab.metrics.bootstrap import resample_counts
from stancelab.metrics.classification import confusions_by, scores_of, scores_of_confusions
from stancelab.metrics.intervals import CrossedUnits, Spread, spread_of
from stancelab.metrics.power import with_equivalence, with_power
from stancelab.metrics.randomization import randomization, smallest_p
from stancelab.metrics.significance import (
    IDENTICAL,
    PAIRED_SEEDS,
    RANDOMIZATION,
    SEEDS_AND_DATA,
    T_TEST,
    Comparison,
    Precision,
    Runs,
    compare,
    corrected,
    holm,
    out_of_reach,
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
    assert found == pytest.approx(expected)  # 512 ways to swap are no more than the rounds, and each is taken
    sampled = randomization(counts_of(groups, gold, first, second), [(0, 1)], "macro_f1", 511, seed=1)[0]
    assert sampled == pytest.approx(expected, abs=0.05)
    assert sampled != found


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
    interval, p, *_ = seeds_and_data((first, second), certain, units=10**9)
    expected = stats.ttest_ind(first, second, equal_var=False)  # Welch: one term of freedom for each system
    assert p == pytest.approx(expected.pvalue)
    assert interval == pytest.approx(tuple(expected.confidence_interval(0.95)))


def low(freedom: int) -> float:
    """The quantile of an estimated variance, over the true one: 30% of two seeds, 40% of three, 50% of more."""
    return float(stats.chi2.ppf({1: 0.3, 2: 0.4}.get(freedom, 0.5), freedom)) / freedom


def test_unequal_spreads_are_welchs_test_and_numbers_of_seeds_weigh_its_freedom() -> None:
    first, second = np.array([0.75, 0.60, 0.66]), np.array([0.61, 0.62, 0.60, 0.61, 0.63, 0.62])
    found = seeds_and_data((first, second), (np.tile(first, (50, 1)), np.tile(second, (50, 1))), units=10**9)
    welch = stats.ttest_ind(first, second, equal_var=False)
    # Three seeds: 40% of estimates are below 0.511 of the true variance; six: half are below 0.870.
    own, other = first.var(ddof=1) / 3 / low(2), second.var(ddof=1) / 6 / low(5)
    freedom = (own + other) ** 2 / (own**2 / 2 + other**2 / 5)
    assert found.freedom == pytest.approx(freedom)
    assert 2 < freedom < welch.df
    assert found.p == pytest.approx(2 * stats.t.sf(welch.statistic, freedom))
    assert found.error == pytest.approx(np.sqrt(first.var(ddof=1) / 3 + second.var(ddof=1) / 6))
    assert found.seeds == pytest.approx(1)


def test_the_variance_between_few_units_is_that_of_the_sample() -> None:
    """Eleven units: the bootstrap's variance of a mean is (1 - 1/11) times the t-test's, which is paired."""
    own, other = RANDOM.normal(0.7, 0.1, 11), RANDOM.normal(0.6, 0.1, 11)
    weights = RANDOM.multinomial(11, [1 / 11] * 11, size=200_000) / 11
    found = seeds_and_data(
        (own.mean(keepdims=True), other.mean(keepdims=True)), ((weights @ own)[:, None], (weights @ other)[:, None]), 11
    )
    expected = stats.ttest_rel(own, other)
    assert found.p == pytest.approx(expected.pvalue, rel=0.05)
    assert (found.freedom, found.seeds) == (pytest.approx(10), pytest.approx(0, abs=1e-9))
    assert found.interval == pytest.approx(tuple(expected.confidence_interval(0.95)), abs=0.001)


def test_borrowed_variance_of_one_lender_counts_by_its_own_degrees_of_freedom() -> None:
    """Three seeds beside one run: Student's t of 2 degrees of freedom, with an error of s times sqrt(1 + 1/3)."""
    seeds, single = np.array([0.71, 0.74, 0.69]), np.array([0.66])
    resampled = np.tile(seeds, (50, 1)), np.tile(single, (50, 1))
    own = spread_of(seeds, resampled[0], 10**9)
    assert own is not None
    found = seeds_and_data((seeds, single), resampled, 10**9, ((), (own,)))
    error = seeds.std(ddof=1) * np.sqrt(4 / 3)
    assert (found.error, found.freedom) == (pytest.approx(error), pytest.approx(2))
    assert found.p == pytest.approx(2 * stats.t.sf((seeds.mean() - 0.66) / error, 2))


def test_borrowed_variance_is_pooled_by_degrees_of_freedom() -> None:
    one, other = np.array([0.66]), np.array([0.60])
    lenders = (Spread(0.0004, 2, 0.0), Spread(0.0001, 4, 0.0))
    resampled = np.full((50, 1), 0.66), np.full((50, 1), 0.60)
    found = seeds_and_data((one, other), resampled, 10**9, (lenders, lenders))
    pooled = (2 * 0.0004 + 4 * 0.0001) / 6
    assert found.error == pytest.approx(np.sqrt(2 * pooled))
    # Satterthwaite for 2 * (1/3 * 0.0004 + 2/3 * 0.0001).
    terms = 2 * 0.0004 / 3 / low(2), 4 * 0.0001 / 3 / low(4)
    assert found.freedom == pytest.approx(sum(terms) ** 2 / (terms[0] ** 2 / 2 + terms[1] ** 2 / 4))


def test_one_run_beside_seeds_is_compared_by_students_t_on_the_seeds() -> None:
    seeds, single = np.array([0.71, 0.74, 0.69, 0.72]), np.array([0.66])
    interval, p, *_ = seeds_and_data((seeds, single), (np.tile(seeds, (50, 1)), np.tile(single, (50, 1))), units=10**9)
    expected = stats.ttest_1samp(seeds, 0.66)
    assert p == pytest.approx(expected.pvalue)
    assert interval[0] == pytest.approx(expected.confidence_interval(0.95)[0] - 0.66)


def test_where_the_seeds_agree_the_data_alone_count() -> None:
    scores = np.array([0.7, 0.7]), np.array([0.6, 0.6])
    shift = RANDOM.normal(0, 0.04, (4000, 1))
    resampled = (np.tile(0.7 + shift, (1, 2)), np.full((4000, 2), 0.6))
    interval, p, *_ = seeds_and_data(scores, resampled, units=400)
    assert p == pytest.approx(2 * stats.norm.sf(0.1 / shift.std()), rel=0.2)
    assert interval[1] - interval[0] == pytest.approx(2 * 1.97 * shift.std(), rel=0.02)


def test_errors_of_each_run_on_its_own_rows_count_once() -> None:
    """Two systems of three runs whose errors are independent: the error of the difference is that of 3 runs each."""
    random = np.random.default_rng(8)
    errors = []
    for _ in range(60):
        gold = random.integers(0, 3, 400)
        counts = counts_of(np.arange(400), gold, *(noisy(gold, 0.7, random) for _ in range(6)))
        points = scores_of_confusions(counts.sum(axis=0)).accuracy
        resampled = scores_of_confusions(resample_counts(counts, 300, 1)).accuracy
        errors.append(seeds_and_data((points[:3], points[3:]), (resampled[:, :3], resampled[:, 3:]), 400).error)
    assert np.median(errors) == pytest.approx(np.sqrt(2 * 0.7 * 0.3 / 400 / 3), rel=0.15)


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
    assert all(each.interval is not None for each in found)
    assert all(each.interval[0] < each.difference < each.interval[1] for each in found if each.interval)
    assert all(each.p <= each.p_holm for each in found)
    assert found[0].p_holm < 0.05


def runs_of(accuracies: list[float], members: dict[str, list[int]], units: int = 150, **more: object) -> Runs:
    random = np.random.default_rng(3)
    gold = random.integers(0, 3, 2 * units)
    counts = counts_of(np.arange(2 * units) // 2, gold, *(noisy(gold, accuracy, random) for accuracy in accuracies))
    resampled = scores_of_confusions(resample_counts(counts, 500, 1)).macro_f1
    return Runs(counts, resampled, members, **more)  # type: ignore[arg-type]


def test_one_run_of_a_trained_system_borrows_from_its_kind_and_one_without_a_seed_does_not() -> None:
    members = {"net": [0, 1, 2], "one": [3], "table": [4], "svm": [5]}
    seeds = {"net": [0, 1, 2], "one": [0], "table": [None], "svm": [13]}
    runs = runs_of([0.8, 0.82, 0.78, 0.8, 0.6, 0.6], members, seeds=seeds, baselines={"svm"})
    found = {each.systems: each for each in compare(runs, "macro_f1", 500, 1)}
    assert found["net", "one"].borrowed == ("one",)
    assert found["one", "table"].borrowed == ("one",)
    assert found["one", "table"].method == SEEDS_AND_DATA
    assert (found["net", "table"].borrowed, found["table", "svm"].borrowed) == ((), ())
    assert found["table", "svm"].method == RANDOMIZATION  # no other baseline has several runs
    alone = runs_of([0.8, 0.6], {"one": [0], "svm": [1]}, seeds={"one": [0]})
    assert compare(alone, "macro_f1", 500, 1)[0].method == RANDOMIZATION


def test_below_ten_units_there_is_no_interval() -> None:
    members = {"a": [0], "b": [1], "net": [2, 3]}
    few = compare(runs_of([0.9, 0.5, 0.9, 0.8], members, units=9), "macro_f1", 1000, 1)
    assert all(each.interval is None and each.precision is None for each in few)
    enough = compare(runs_of([0.9, 0.5, 0.9, 0.8], members, units=10), "macro_f1", 1000, 1)
    assert all(each.interval is not None and each.precision is not None for each in enough)


def test_systems_that_answer_alike_are_compared_with_a_third_once() -> None:
    members = {"a": [0], "same": [1], "seeds": [0, 1], "other": [2]}
    runs = runs_of([0.8, 0.8, 0.6], members)
    counts = runs.counts.copy()
    counts[:, 1] = counts[:, 0]
    resampled = scores_of_confusions(resample_counts(counts, 500, 1)).macro_f1
    found = {each.systems: each for each in compare(Runs(counts, resampled, members), "macro_f1", 999, 1)}
    for pair in (("a", "same"), ("a", "seeds"), ("same", "seeds")):
        assert (found[pair].method, found[pair].difference, found[pair].p_holm) == (IDENTICAL, 0.0, 1.0)
    assert found["a", "other"].repeats is None
    assert found["same", "other"].repeats == found["seeds", "other"].repeats == ("a", "other")
    # One pair is tested, so that nothing is corrected.
    assert found["a", "other"].p_holm == found["a", "other"].p == found["same", "other"].p_holm


def test_p_values_are_corrected_over_all_test_files() -> None:
    def pair(p: float, **more: object) -> Comparison:
        return dataclasses.replace(
            Comparison(("a", "b"), 0.1, None, p, 1.0, RANDOMIZATION),
            **more,  # type: ignore[arg-type]
        )

    files = {
        "rw": [pair(0.01), pair(0.01, systems=("c", "b"), repeats=("a", "b"))],
        "mt": [pair(0.03), pair(1.0, systems=("a", "c"), method=IDENTICAL)],
    }
    found, family = corrected(files)
    assert family == 2
    assert [each.p_holm for each in found["rw"]] == pytest.approx([0.02, 0.02])
    assert [each.p_holm for each in found["mt"]] == pytest.approx([0.03, 1.0])


def test_runs_of_the_same_seed_are_paired_where_it_is_asked_for() -> None:
    members, seeds = {"a": [0, 1, 2], "b": [3, 4, 5], "c": [6, 7, 8]}, {"a": [7, 8, 9], "b": [9, 7, 8], "c": [1, 2, 3]}
    runs = runs_of([0.7] * 9, members, seeds=seeds)
    certain = np.full((50, 9), 0.7)
    # The scores are those of the counts; the rows are certain, so that the seeds alone count.
    points = scores_of_confusions(runs.counts.sum(axis=0)).macro_f1
    found = compare(dataclasses.replace(runs, resampled=certain), "macro_f1", 100, 1, paired_seeds=True)
    assert [each.method for each in found] == [PAIRED_SEEDS, SEEDS_AND_DATA, SEEDS_AND_DATA]
    expected = stats.ttest_rel(points[:3], points[[4, 5, 3]])
    assert found[0].p == pytest.approx(expected.pvalue)
    assert found[0].difference == pytest.approx(points[:3].mean() - points[3:6].mean())
    assert compare(runs, "macro_f1", 100, 1)[0].method == SEEDS_AND_DATA


def test_documents_and_targets_are_tested_by_t_with_the_fewer_ones() -> None:
    runs = runs_of([0.8, 0.6], {"a": [0], "b": [1]})
    crossed = dataclasses.replace(runs, resampled=np.stack([runs.resampled] * 3), crossed=CrossedUnits(150, 12, 300))
    (found,) = compare(crossed, "macro_f1", 100, 1)
    assert found.precision is not None
    assert (found.method, found.precision.freedom) == (T_TEST, pytest.approx(11))


def test_the_smallest_difference_that_is_found_with_probability_80_percent() -> None:
    found = Comparison(("a", "b"), 0.01, None, 0.5, 1.0, SEEDS_AND_DATA, Precision(0.02, 1e9, 0.7))
    power = with_power(found, 0.05, 10, smallest_p=0.1).precision
    assert power is not None
    # Of the normal distribution: 1.960 + 0.842, and 2.807 + 0.842 at 0.05 / 10.
    assert power.detectable == pytest.approx(0.02 * 2.8016, abs=1e-5)
    assert power.detectable_corrected == pytest.approx(0.02 * 3.6486, abs=1e-5)
    swaps = with_power(dataclasses.replace(found, method=RANDOMIZATION), 0.05, 10, smallest_p=0.01).precision
    assert swaps is not None
    assert (swaps.detectable, swaps.detectable_corrected) == (power.detectable, None)
    few = with_power(dataclasses.replace(found, precision=Precision(0.02, 4, 0.7)), 0.05, 1, 0.0).precision
    assert few is not None
    assert few.detectable is not None
    # The error of four degrees of freedom is 0.02 at the median where the true one is 0.02183 (chi-squared: 3.3567).
    error = 0.02 * (4 / 3.3567) ** 0.5
    assert few.detectable == pytest.approx(error * 3.761, rel=1e-3)
    assert stats.nct.sf(stats.t.ppf(0.975, 4), 4, few.detectable / error) == pytest.approx(0.8, abs=1e-4)
    nothing = dataclasses.replace(found, precision=None)
    assert with_power(nothing, 0.05, 10, 0.1) == with_equivalence(nothing, 0.1) == nothing


def test_equivalence_is_the_larger_of_two_one_sided_tests() -> None:
    differences = RANDOM.normal(0.01, 0.05, 20)
    error = differences.std(ddof=1) / np.sqrt(20)
    pair = Comparison(("a", "b"), differences.mean(), None, 0.5, 1.0, T_TEST, Precision(error, 19, 0.0))
    expected = max(
        stats.ttest_1samp(differences, -0.04, alternative="greater").pvalue,
        stats.ttest_1samp(differences, 0.04, alternative="less").pvalue,
    )
    assert with_equivalence(pair, 0.04).equivalence_p == pytest.approx(expected)
    assert with_equivalence(pair, None).equivalence_p is None


def test_the_smallest_p_value_by_hand() -> None:
    assert smallest_p(5, 10_000) == 2 / 32
    assert smallest_p(13, 10_000) == 2 / 8192
    assert smallest_p(14, 10_000) == 2 / 2**14  # more than 1 / 10,001
    assert smallest_p(300, 10_000) == 1 / 10_001


def test_what_no_test_could_find_is_warned_of() -> None:
    pairs = compared()
    assert out_of_reach(pairs, units=300, rounds=10_000, level=0.05) == []
    assert out_of_reach(pairs, units=4, rounds=10_000, level=0.05)[0].startswith("4 documents or sentences are too few")
    assert out_of_reach(pairs, units=300, rounds=100, level=0.05)[0].startswith("100 rounds are too few")
    seeds = [dataclasses.replace(each, method=SEEDS_AND_DATA) for each in pairs]
    assert out_of_reach(seeds, units=4, rounds=100, level=0.05) == []
