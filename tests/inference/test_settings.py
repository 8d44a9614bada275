"""What prediction over a table refuses of its settings."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest

from stancelab.inference.settings import PredictColumns, PredictSettings


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"min_confidence": 1.0},
        {"threshold": "accuracy_90"},
        {"on_bad_rows": "drop", "batch_size": 1},
        {"source": ""},
    ],
)
def test_settings_that_can_be_used(settings: dict[str, Any]) -> None:
    assert PredictSettings(**settings).problems() == []


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        ({"on_bad_rows": "skip"}, "on_bad_rows: found 'skip', allowed are fail and drop"),
        ({"batch_size": 0}, "batch_size: found 0, allowed is 1 or more"),
        ({"batch_tokens": 0}, "batch_tokens: found 0, allowed is 1 or more"),
        ({"threads": 0}, "threads: found 0, allowed is 1 or more"),
        ({"min_confidence": 90}, "min_confidence: found 90, allowed is 0 to 1; write 0.9 for 90%"),
        ({"min_confidence": 101}, "min_confidence: found 101, allowed is 0 to 1"),
        ({"target": " \u200b"}, "target: found ' \\u200b', allowed is what the stance is about"),
        ({"override": True}, "override: needs target or source, which are to stand in for columns"),
        (
            {"target": "the pact", "columns": PredictColumns(target="Topic")},
            "target: stands beside columns.target; give one of the two",
        ),
        ({"min_confidence": -0.1}, "min_confidence: found -0.1, allowed is 0 to 1"),
        ({"min_confidence": float("nan")}, "min_confidence: found nan, allowed is 0 to 1"),
        (
            {"threshold": "accuracy_90", "min_confidence": 0.5},
            "threshold: stands beside min_confidence; give one of the two",
        ),
    ],
)
def test_settings_that_cannot(settings: dict[str, Any], problem: str) -> None:
    assert PredictSettings(**settings).problems() == [problem]


def test_all_problems_are_listed_at_once() -> None:
    found = PredictSettings(on_bad_rows="", batch_size=-1, min_confidence=2).problems()
    assert [line.partition(":")[0] for line in found] == ["on_bad_rows", "batch_size", "min_confidence"]


def test_an_empty_setting_is_told() -> None:
    assert PredictSettings(aliases="", threshold="").problems() == [
        "aliases: is empty; null is for none",
        "threshold: is empty; null is for none",
    ]


def test_no_column_is_named_until_somebody_does() -> None:
    columns = PredictSettings().columns
    assert {getattr(columns, item.name) for item in fields(PredictColumns)} == {None}
    columns.text = "Tweet"
    assert PredictSettings().columns.text is None


def test_two_fields_are_not_read_from_one_column() -> None:
    columns = PredictColumns(target="text")
    [problem] = PredictSettings(columns=columns).problems()
    assert problem == "columns: 'text' is to be text and target; each is read from a column of its own"
    assert not PredictSettings(columns=PredictColumns(text="target", target="text")).problems()
    assert not PredictSettings(columns=PredictColumns(text="target"), target="the pact").problems()


def test_a_device_is_named_as_pytorch_names_it() -> None:
    assert PredictSettings(device="cpux").problems() == [
        "device: found 'cpux', allowed is cpu, cuda, mps, or null. Did you mean 'cpu'?"
    ]
    for device in (None, "cpu", "cuda:1", "mps"):
        assert PredictSettings(device=device).problems() == []
