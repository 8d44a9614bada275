"""Slices are compared with the rows of other values; what few units or few wrong answers cannot show is not tested."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from stancelab.evaluation.gold_rows import GoldRows
from stancelab.evaluation.slice_tests import compare_contrasts, compare_with_others
from stancelab.evaluation.slices import SliceRows
from stancelab.schema import STANCES, Example

ROWS = 200


def gold_rows(documents: list[str] | None = None) -> GoldRows:
    """Rows of one sentence each, every stance in turn."""
    return GoldRows.of(
        [
            Example(
                id=str(k),
                text=f"Text {k}.",
                target="pact",
                stance=STANCES[k % 3],
                document=documents[k] if documents else "",
            )
            for k in range(ROWS)
        ],
        "document",
    )


def answers(test: GoldRows, wrong: list[int]) -> np.ndarray:
    predicted = test.gold.copy()
    predicted[wrong] = (predicted[wrong] + 1) % 3
    return predicted


def halves(attribute: str = "kind", values: tuple[str, str] = ("a", "b"), cut: int = 100) -> list[SliceRows]:
    first, second = np.arange(cut), np.arange(cut, ROWS)
    return [SliceRows(attribute, values[0], first, second), SliceRows(attribute, values[1], second, first)]


#: 40 of the first 100 rows are wrong, 20 of the others.
WRONG = [*range(0, 80, 2), *range(100, 120)]


def test_a_difference_is_that_of_two_means_and_is_tested_by_t() -> None:
    test = gold_rows()
    first, second = compare_with_others(halves(), test, [answers(test, WRONG)], {"net": [0]})["net"]
    assert first is not None and second is not None
    right = np.ones(ROWS)
    right[WRONG] = 0
    # Of one row a unit and equal halves Welch's error; the degrees of freedom are those of the smaller half.
    error = (right[:100].var(ddof=1) / 100 + right[100:].var(ddof=1) / 100) ** 0.5
    assert first.difference == pytest.approx(-0.2)
    assert first.interval == pytest.approx(stats.t.interval(0.95, 99, -0.2, error))
    assert first.p == pytest.approx(2 * stats.t.sf(0.2 / error, 99))
    # Both values of one attribute are one comparison, so that nothing is corrected.
    assert (second.difference, second.p_holm) == (pytest.approx(0.2), pytest.approx(first.p))


def test_slices_of_the_same_rows_count_once_and_others_are_corrected() -> None:
    test = gold_rows()
    third = SliceRows("topic", "x", np.arange(0, ROWS, 2), np.arange(1, ROWS, 2))
    slices = [*halves(), *halves("source", ("x", "y")), third]
    found = compare_with_others(slices, test, [answers(test, WRONG)], {"net": [0]})["net"]
    p_values = [each.p for each in found if each is not None]
    low, high = sorted({round(p, 12) for p in p_values})
    assert [each and each.p_holm for each in found] == pytest.approx(
        [2 * min(p, low) if p < (low + high) / 2 else p for p in p_values]
    )


def test_few_units_few_rows_and_few_wrong_answers_are_not_tested() -> None:
    test, by_document = gold_rows(), gold_rows([f"d{k // 12}" for k in range(ROWS)])
    wrong = answers(test, WRONG)

    def tested(rows: GoldRows, slices: list[SliceRows], predicted: np.ndarray) -> list[bool]:
        return [each is not None for each in compare_with_others(slices, rows, [predicted], {"net": [0]})["net"]]

    assert tested(test, halves(cut=29), wrong) == [False, False]
    assert tested(test, halves(cut=30), wrong) == [True, True]
    assert tested(test, halves(), answers(test, [*range(40), 196, 197, 198, 199])) == [False, False]
    assert tested(test, halves(), answers(test, [*range(40), 195, 196, 197, 198, 199])) == [True, True]
    assert tested(test, halves(), answers(test, list(range(96)))) == [False, False]
    # 100 rows of nine documents, and 108 of nine.
    assert tested(by_document, halves(cut=108), wrong) == [False, False]


def test_a_contrast_is_on_the_primary_metric_or_on_accuracy_where_a_stance_is_missing() -> None:
    test = gold_rows()
    wrong = answers(test, WRONG)
    slices = halves("target_in_train", ("yes", "no"))
    (full,) = compare_contrasts(slices, test, [wrong], {"net": [0]}, "macro_f1")["net"]
    assert (full.attribute, full.values, full.metric) == ("target_in_train", ("yes", "no"), "macro_f1")
    neutral = np.flatnonzero(test.gold == 1)
    lacking = [
        SliceRows("document_in_train", "yes", neutral, np.array([], dtype=np.int64)),
        SliceRows("document_in_train", "no", np.flatnonzero(test.gold != 1), neutral),
    ]
    both = compare_contrasts([*slices, *lacking], test, [wrong], {"net": [0]}, "macro_f1")["net"]
    assert [each.metric for each in both] == ["macro_f1", "accuracy"]
    right = wrong == test.gold
    assert both[1].tested is not None
    assert both[1].tested.difference == pytest.approx(right[neutral].mean() - right[test.gold != 1].mean())
    # Two contrasts are corrected together.
    p_values = sorted(each.tested.p for each in both if each.tested is not None)
    assert min(each.tested.p_holm for each in both if each.tested is not None) == pytest.approx(2 * p_values[0])


def test_a_contrast_of_few_units_is_said_but_not_tested() -> None:
    documents = ["old"] * 100 + [f"d{k}" for k in range(100)]
    test = gold_rows(documents)
    slices = halves("document_in_train", ("yes", "no"))
    (found,) = compare_contrasts(slices, test, [answers(test, WRONG)], {"net": [0]}, "accuracy")["net"]
    assert found.tested is None


def test_runs_that_differ_widen_the_interval() -> None:
    test = gold_rows()
    one, other = answers(test, WRONG), answers(test, [*range(20), *range(100, 160)])
    alone = compare_with_others(halves(), test, [one], {"net": [0]})["net"][0]
    both = compare_with_others(halves(), test, [one, other], {"net": [0, 1]})["net"][0]
    assert alone is not None and both is not None
    assert both.difference == pytest.approx((-0.2 + 0.4) / 2)
    assert both.interval.high - both.interval.low > 5 * (alone.interval.high - alone.interval.low)
