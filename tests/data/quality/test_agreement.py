from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from stancelab.data.quality.agreement import agreement

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

# Four observers of twelve units, some of which one or nobody labels.
NAN = -1
OBSERVERS = [
    [0, 1, 2, 2, 1, 0, NAN, 0, 1, NAN, NAN, NAN],
    [0, 1, 2, 2, 1, 1, NAN, 0, 1, NAN, NAN, 2],
    [NAN, 2, 2, 2, 1, 2, NAN, 1, 1, NAN, 0, NAN],
    [0, 1, 2, 2, 1, NAN, NAN, 0, 1, NAN, 0, NAN],
]


def long_form(observers: list[list[int]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rows = [(unit, who, value) for who, own in enumerate(observers) for unit, value in enumerate(own) if value != NAN]
    return tuple(np.array(column) for column in zip(*rows, strict=True))  # type: ignore[return-value]


def alpha_by_definition(items: np.ndarray, stances: np.ndarray) -> float:
    """1 - observed / expected disagreement, from the coincidences of Krippendorff's definition."""
    coincidences = np.zeros((3, 3))
    for item in np.unique(items):
        own = stances[items == item]
        for i, a in enumerate(own):
            for j, b in enumerate(own):
                if i != j:
                    coincidences[a, b] += 1 / (len(own) - 1)
    totals = coincidences.sum(axis=1)
    n = totals.sum()
    observed = n - np.trace(coincidences)
    expected = (n**2 - (totals**2).sum()) / (n - 1)
    return float(1 - observed / expected)


def test_alpha_is_that_of_the_definition() -> None:
    items, people, stances = long_form(OBSERVERS)
    found = agreement(items, people, stances)
    assert found is not None
    assert found.alpha == pytest.approx(alpha_by_definition(items, stances))
    assert (found.annotators, found.items, found.labels) == (4, 9, 32)


def test_the_observed_agreement_is_alphas_own() -> None:
    # One item of ten labels, half of them against, and four items of two labels, which agree.
    items = np.array([0] * 10 + [1] * 2 + [2] * 2 + [3] * 2 + [4] * 2)
    people = np.array([*range(10), *[0, 1] * 4])
    found = agreement(items, people, np.array([0] * 5 + [1] * 5 + [0, 0, 1, 1, 2, 2, 0, 0]))
    assert found is not None
    # Of the 90 ordered pairs of the first item 40 agree, which is 40 / 9 of its 10 labels; all 8 others agree.
    assert found.observed == pytest.approx((40 / 9 + 8) / 18)
    counts = np.array([5 + 4, 5 + 2, 2])
    expected = (counts * (counts - 1)).sum() / (18 * 17)
    assert found.alpha == pytest.approx((found.observed - expected) / (1 - expected))
    assert found.interval is None  # of five items


def test_the_interval_is_over_items() -> None:
    items, people = np.repeat(np.arange(400), 2), np.tile([0, 1], 400)
    said = np.random.default_rng(3).integers(0, 3, 800)
    said[: 2 * 300] = np.repeat(said[:300], 2)  # three items of four agree for certain
    found = agreement(items, people, said)
    assert found is not None
    assert found.interval is not None
    assert found.alpha is not None
    low, high = found.interval
    # With two labels an item, alpha's standard error is about that of the observed agreement over what chance leaves.
    error = np.sqrt(found.observed * (1 - found.observed) / 400) / (2 / 3)
    assert (high - low) / 2 == pytest.approx(1.96 * error, rel=0.1)
    assert (low + high) / 2 == pytest.approx(found.alpha, abs=error / 2)


def test_another_answer_may_be_a_category() -> None:
    items, people = np.repeat(np.arange(4), 2), np.tile([0, 1], 4)
    found = agreement(items, people, np.array([0, 0, 1, 1, 2, 3, 3, 3]), categories=4)
    assert found is not None
    assert found.alpha == pytest.approx(1 - (2 / 8) / (1 - (2 + 2 + 6) / 56))


def test_names_and_order_of_annotators_do_not_matter() -> None:
    items, people, stances = long_form(OBSERVERS)
    shuffled = np.random.default_rng(0).permutation(len(items))
    names = np.array(["ann", "bob", "cleo", "dan"])[people]
    assert agreement(items[shuffled], names[shuffled], stances[shuffled]) == agreement(items, people, stances)


def test_full_agreement_chance_and_what_cannot_be_told() -> None:
    items, people = np.repeat(np.arange(6), 2), np.tile([0, 1], 6)
    full = agreement(items, people, np.repeat([0, 1, 2, 0, 1, 2], 2))
    assert full is not None
    assert (full.alpha, full.observed) == (1.0, 1.0)
    same = agreement(items, people, np.zeros(12, dtype=int))
    assert same is not None
    assert same.alpha is None
    assert agreement(items[::2], people[::2], np.zeros(6, dtype=int)) is None
    assert agreement(items[:0], people[:0], items[:0]) is None


def test_a_second_label_of_the_same_annotator_is_no_second_opinion() -> None:
    items, people, stances = np.array([0, 0, 1, 1]), np.array([0, 0, 0, 1]), np.array([0, 2, 1, 1])
    found = agreement(items, people, stances)
    assert found is not None
    assert (found.items, found.labels) == (1, 2)


def test_prepare_computes_it_and_takes_the_majority(
    rows: list[dict[str, str]], prepared_from: Callable[..., Path]
) -> None:
    three = [row | {"annotator": name} for row in rows for name in ("ann", "bob", "cleo")]
    dissent = {"against": "neutral", "neutral": "favor", "favor": "against"}
    for row in three[::15]:  # ann, of every fifth sentence
        row["stance"] = dissent[row["stance"]]
    folder = prepared_from(three, repeats="majority")
    found = json.loads((folder / "audit.json").read_text())["agreement"]["table"]
    assert (found["annotators"], found["items"], found["labels"]) == (3, 100, 300)
    assert found["observed"] == pytest.approx((80 * 6 + 20 * 2) / 600)
    assert 0.7 < found["alpha"] < 0.9
    kept = pd.concat(pd.read_parquet(path) for path in folder.glob("*.parquet"))
    truth = {row["text"]: row["stance"] for row in rows}
    assert len(kept) == 100
    assert kept["stance"].tolist() == [truth[text] for text in kept["text"]]
    low, high = found["interval"]
    assert low < found["alpha"] < high
    stated = f"(nominal) {found['alpha']:.3f} (95% interval {low:.3f} to {high:.3f}, over items), observed agreement"
    assert f"Annotator agreement, table: Krippendorff's alpha {stated}" in (folder / "README.md").read_text()


def test_a_tie_leaves_no_row(rows: list[dict[str, str]], prepared_from: Callable[..., Path]) -> None:
    tied = rows[0] | {"stance": "neutral" if rows[0]["stance"] != "neutral" else "favor"}
    folder = prepared_from([*rows, tied], repeats="majority")
    kept = pd.concat(pd.read_parquet(path) for path in folder.glob("*.parquet"))
    assert rows[0]["text"] not in set(kept["text"])
    assert len(kept) == 99
    audit = json.loads((folder / "audit.json").read_text())
    assert audit["removed"]["conflicting"] == 2
    assert audit["agreement"] == {"table": None}
