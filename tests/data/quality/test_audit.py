"""The audit counts what it says it counts, and takes out of train what leaks."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Rows = list[dict[str, str]]
LONG = "The delegation of Malta told reporters in the harbor that the new grain corridor had been reopened on Tuesday"


@pytest.fixture
def given(rows: Rows) -> Rows:
    """The hundred rows with a split: 60 train, 20 validation, 20 test, whole documents."""
    return [row | {"split": ("train", "train", "train", "dev", "test")[i // 5 % 5]} for i, row in enumerate(rows)]


def audit_of(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "audit.json").read_text(encoding="utf-8"))


def test_a_clean_table(given: Rows, prepared_from: Callable[..., Path]) -> None:
    audit = audit_of(prepared_from(given, "given"))
    train = audit["splits"]["train"]
    rows = [row for row in given if row["split"] == "train"]
    assert train == {
        "rows": 60,
        "stances": {s: sum(row["stance"] == s for row in rows) for s in ("against", "neutral", "favor")},
        "texts": 60,
        "targets": 6,
        "documents": 12,
        "repeated_rows": 0,
        "conflicting_rows": 0,
        "near_duplicate_texts": train["near_duplicate_texts"],
        "truncated_rows": None,
        "truncated_share": None,
        "corrected_rows": 0,
    }
    assert audit["removed"]["leaked"] == 0
    assert audit["shared"]["test"]["targets_in_train"] == audit["shared"]["test"]["targets"]
    assert audit["shared"]["test"]["documents"] == 4
    assert audit["shared"]["test"]["documents_in_train"] == 0
    assert audit["max_length"] is None


def with_leaks(given: Rows) -> Rows:
    """Add to test a text that is in train too, one that nearly is, and one of the validation rows."""
    train = next(row for row in given if row["split"] == "train")
    dev = next(row for row in given if row["split"] == "dev")
    return [
        *given,
        train | {"split": "test", "target": "another target", "text": f" {train['text'].upper()}"},
        train | {"split": "train", "target": "a third target"},
        train | {"split": "train", "text": f"{LONG}."},
        train | {"split": "test", "text": f"{LONG}, it seems."},
        dev | {"split": "test"},
    ]


def test_leaks_are_removed_from_train_and_counted(given: Rows, prepared_from: Callable[..., Path]) -> None:
    folder = prepared_from(with_leaks(given), "given")
    audit = audit_of(folder)
    assert audit["removed"]["leaked"] == 3
    assert audit["splits"]["train"]["rows"] == 59
    assert audit["splits"]["test"]["rows"] == 23
    before, after = audit["duplicates"]["across_before_removal"], audit["duplicates"]["across"]
    assert before["train in test"] == {"exact_texts": 1, "near_texts": 1, "rows": 3}
    assert before["validation in test"] == {"exact_texts": 1, "near_texts": 0, "rows": 1}
    assert set(after) == {"validation in test"}
    card = (folder / "README.md").read_text(encoding="utf-8")
    assert "- 3 rows: training rows whose text is in validation or test, exactly or nearly" in card
    assert "| train in test | 1 | 1 | 3 | 0 |" in card
    train, test = (pd.read_parquet(folder / f"{name}.parquet") for name in ("train", "test"))
    assert not set(train["text"].str.lower().str.strip()) & set(test["text"].str.lower().str.strip())


def test_leaks_can_be_kept(given: Rows, prepared_from: Callable[..., Path]) -> None:
    audit = audit_of(prepared_from(with_leaks(given), "given", audit={"leakage": "keep"}))
    assert audit["removed"]["leaked"] == 0
    assert audit["splits"]["train"]["rows"] == 62
    assert audit["duplicates"]["across"]["train in test"]["rows"] == 3


def test_a_higher_threshold_finds_exact_copies_alone(given: Rows, prepared_from: Callable[..., Path]) -> None:
    audit = audit_of(prepared_from(with_leaks(given), "given", audit={"near_duplicates": 1.0}))
    assert audit["removed"]["leaked"] == 2
    assert audit["duplicates"]["across_before_removal"]["train in test"]["near_texts"] == 0


def test_near_duplicates_stay_together_in_a_random_split(rows: Rows, prepared_from: Callable[..., Path]) -> None:
    versions = [rows[0] | {"text": f"{LONG}, {word}."} for word in ("he said", "we hear", "it seems", "as planned")]
    for seed in range(3):
        folder = prepared_from([*rows, *versions], split={"seed": seed})
        assert audit_of(folder)["removed"]["leaked"] == 0
        places = {
            path.stem for path in folder.glob("*.parquet") if pd.read_parquet(path)["text"].str.startswith(LONG).any()
        }
        assert len(places) == 1


def test_several_targets_of_a_text_are_no_duplicates(given: Rows, prepared_from: Callable[..., Path]) -> None:
    more = [row | {"target": "something else"} for row in given]
    train = audit_of(prepared_from([*given, *more], "given"))["splits"]["train"]
    assert (train["rows"], train["texts"]) == (120, 60)
    assert (train["repeated_rows"], train["conflicting_rows"]) == (0, 0)


def test_repeats_and_conflicts(given: Rows, prepared_from: Callable[..., Path]) -> None:
    first = next(row for row in given if row["split"] == "train" and row["stance"] == "favor")
    last = next(row for row in reversed(given) if row["split"] == "train")
    rows = [*given, first, first, last | {"stance": "favor"}, last | {"stance": "against"}, last | {"source": "Who"}]
    folder = prepared_from(rows, "given")
    train = audit_of(folder)["splits"]["train"]
    assert (train["rows"], train["repeated_rows"], train["conflicting_rows"]) == (65, 2, 3)
    folder = prepared_from(rows, "given", repeats="drop")
    audit = audit_of(folder)
    assert (audit["removed"]["repeated"], audit["removed"]["conflicting"]) == (2, 3)
    train = audit["splits"]["train"]
    assert (train["rows"], train["repeated_rows"], train["conflicting_rows"]) == (60, 0, 0)
    kept = pd.read_parquet(folder / "train.parquet")
    assert (kept["text"] == first["text"]).sum() == 1
    assert kept[kept["text"] == last["text"]]["source"].tolist() == ["Who"]


def test_rows_beside_an_unseen_target_are_counted(rows: Rows, prepared_from: Callable[..., Path]) -> None:
    more = [row | {"target": f"rare thing {i % 30}"} for i, row in enumerate(rows)]
    folder = prepared_from([*rows, *more], "unseen_targets")
    audit = audit_of(folder)
    kept = sum(part["rows"] for part in audit["splits"].values())
    assert audit["removed"]["straddling"] > 0
    assert kept + audit["removed"]["straddling"] + audit["removed"]["leaked"] == 200
    assert audit["shared"]["test"]["targets_in_train"] == 0
    train, test = (pd.read_parquet(folder / f"{name}.parquet") for name in ("train", "test"))
    assert not set(train["text"]) & set(test["text"])
