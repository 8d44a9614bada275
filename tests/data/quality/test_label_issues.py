"""Labels that were changed on purpose are found; contradictions are listed first; the table can be filled in."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import numpy as np

from stancelab.data.quality.label_issues import (
    CONFLICT,
    LABEL,
    NEAR,
    blind_sample,
    find_label_issues,
    write_label_issues,
)
from stancelab.schema import STANCE_ID, STANCES, Example

if TYPE_CHECKING:
    from pathlib import Path


def rows_and_probabilities(count: int, wrong: set[int]) -> tuple[list[Example], np.ndarray]:
    """A model that is mostly sure of the true stance; the labels of some rows are not the true ones."""
    random = np.random.default_rng(4)
    rows, probabilities = [], np.empty((count, 3))
    for place in range(count):
        true = place % 3
        label = (true + 1) % 3 if place in wrong else true
        rows.append(Example(id=f"r{place}", text=f"text {place}", target="it", stance=STANCES[label], corpus="mine"))
        probabilities[place] = 0.05
        probabilities[place, true] = 0.9
        probabilities[place] = random.dirichlet(30 * probabilities[place])
    return rows, probabilities


def test_wrong_labels_are_found_the_least_likely_first() -> None:
    wrong = {5, 17, 40, 88}
    rows, probabilities = rows_and_probabilities(150, wrong)
    issues = find_label_issues(rows, probabilities, np.arange(150))
    found = {issue.example.id for issue in issues}
    # One whose likeliest stance is less likely than rows of that stance commonly are may be missed, none is made up.
    assert found <= {f"r{place}" for place in wrong}
    assert len(found) >= 3
    assert all(issue.reasons == [LABEL] for issue in issues)
    assert [issue.p_stance for issue in issues] == sorted(issue.p_stance for issue in issues)
    for issue in issues:
        assert STANCE_ID[issue.expected] == int(issue.example.id[1:]) % 3


def test_contradictions_come_first_and_say_what_they_are() -> None:
    rows, probabilities = rows_and_probabilities(90, {5})
    rows += [
        Example(id="a", text="Oslo hailed it.", target="the pact", source="Oslo", stance="favor"),
        Example(id="b", text="oslo  hailed it.", target="The Pact", source="Oslo", stance="neutral"),
        Example(id="c", text="Oslo hailed it!", target="the pact", source="Oslo", stance="neutral"),
        Example(id="d", text="Oslo hailed it!", target="the pact", source="Rome", stance="against"),
    ]
    shares = np.array([[0.1, 0.1, 0.8], [0.1, 0.8, 0.1], [0.1, 0.8, 0.1], [0.8, 0.1, 0.1]])
    near = np.concatenate([np.arange(90), [90, 90, 90, 90]])
    issues = find_label_issues(rows, np.vstack([probabilities, shares]), near)
    assert {issue.example.id: issue.reasons for issue in issues} == {
        "a": [CONFLICT], "b": [CONFLICT], "c": [NEAR], "r5": [LABEL],
    }  # fmt: skip
    assert issues[-1].example.id == "r5"


def test_two_classes_are_enough_and_one_has_no_issues() -> None:
    rows, probabilities = rows_and_probabilities(60, set())
    two = [row for row in rows if row.stance != "neutral"]
    shares = probabilities[[row.stance != "neutral" for row in rows]]
    assert find_label_issues(two, shares, np.arange(len(two))) == []
    one = [row for row in rows if row.stance == "favor"]
    assert find_label_issues(one, probabilities[:20], np.arange(20)) == []


def test_the_table_has_an_empty_column_to_fill_in(tmp_path: Path) -> None:
    rows, probabilities = rows_and_probabilities(60, {3})
    write_label_issues(tmp_path / "label_issues.csv", find_label_issues(rows, probabilities, np.arange(60)))
    with (tmp_path / "label_issues.csv").open(encoding="utf-8", newline="") as file:
        [found] = csv.DictReader(file)
    assert (found["id"], found["stance"], found["expected"], found["correction"]) == ("r3", "neutral", "against", "")
    assert found["reasons"] == LABEL


def test_the_blind_sample_is_of_all_rows_in_random_order() -> None:
    rows = [Example(id=str(i), text="x", target="y", stance="favor", corpus="mine") for i in range(400)]
    sample = blind_sample(rows, 100, seed=1)
    places = [int(row.id) for row in sample]
    assert len(set(places)) == 100
    assert places != sorted(places)
    assert abs(np.mean(places) - 199.5) < 4 * 400 / np.sqrt(12 * 100)
    assert blind_sample(rows[::-1], 100, seed=1) == sample
    assert blind_sample(rows, 100, seed=2) != sample
    assert len(blind_sample(rows, 1000, seed=1)) == 400
    assert blind_sample([], 5, seed=1) == []
