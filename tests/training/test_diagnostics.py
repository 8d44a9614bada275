"""Trainings that did not end well say so."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np

from stancelab.data.split_settings import SplitSettings
from stancelab.schema import Example
from stancelab.targets import TargetNames
from stancelab.training.diagnostics import training_warnings


def rows(counts: dict[str, int], corpus: str = "mine") -> list[Example]:
    return [
        Example(id=f"{target}{i}", text="x", target=target, stance="favor", corpus=corpus)
        for target, number in counts.items()
        for i in range(number)
    ]


def dataset_of(train: list[Example], validation: list[Example], kind: str = "given", **tests: list[Example]) -> Any:
    return SimpleNamespace(
        train=train,
        validation=validation,
        tests=tests,
        target_names=TargetNames({"trump": "donald trump"}),
        manifest=SimpleNamespace(settings=SimpleNamespace(split=SplitSettings(kind=kind, target=None))),
    )


MIXED = np.array([0, 1, 2, 1])


def test_nothing_is_said_of_a_training_that_ended_well() -> None:
    dataset = dataset_of(
        rows({"pact": 50, "dam": 50}), rows({"the pact": 5, "dams": 5}), test=rows({"pact": 9, "a dam": 9})
    )
    assert training_warnings(dataset, MIXED, 500, 500) == []
    # Of many targets most have no validation row, and none is frequent.
    many = rows({f"x{i}": 1 for i in range(11)})
    assert training_warnings(dataset_of(many, rows({"y": 3})), MIXED, 1, 0) == []


def test_few_updates_and_one_answer() -> None:
    dataset = dataset_of(rows({"a": 5}), rows({"a": 5}))
    assert training_warnings(dataset, np.array([2, 2, 2]), 38, 500) == [
        "38 updates are few (training.min_updates is 500): a head that starts from random weights may not have learned "
        "yet",
        "the model answers favor for all 3 validation rows, so it tells no stances apart",
    ]


def test_validation_of_one_of_three_targets() -> None:
    train = rows({"Biden": 5408, "Trump": 5300, "Bernie": 4000})
    dataset = dataset_of(train, rows({"Biden": 600}), test=rows({"Donald Trump": 90, "Biden": 11}))
    assert training_warnings(dataset, MIXED, 500, 500) == [
        "validation has no row of these frequent targets of train: donald trump (5,300 of 14,708 rows), bernie (4,000 "
        "of 14,708 rows); checkpoint, temperature and thresholds were chosen without them",
        "validation has no row of these frequent targets of test: donald trump (90 of 101 rows); checkpoint, "
        "temperature and thresholds were chosen without them",
    ]
    assert training_warnings(dataset_of(train, rows({"Biden": 600}), "unseen_targets"), MIXED, 500, 500) == []


def test_validation_of_one_of_two_corpora() -> None:
    train = [*rows({"a": 500}), *rows({"a": 3}, "small")]
    (found,) = training_warnings(dataset_of(train, rows({"a": 9})), MIXED, 500, 500)
    assert found.startswith("validation has no row of these corpora of train: small (3 of 503 rows); checkpoint,")
