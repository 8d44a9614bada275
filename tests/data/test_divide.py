"""Every row has its split: samples of train, and divisions that no model could be trained on or scored by."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from stancelab.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

Rows = list[dict[str, str]]


def audit_of(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "audit.json").read_text(encoding="utf-8"))


def frames(folder: Path) -> dict[str, pd.DataFrame]:
    return {path.stem: pd.read_parquet(path) for path in sorted(folder.glob("*.parquet"))}


def spoiled(rows: Rows, count: int) -> Rows:
    return [row | ({"stance": "???"} if i < count else {}) for i, row in enumerate(rows)]


def only(rows: Rows, stances: Sequence[str]) -> Rows:
    return [row | {"stance": stances[i % len(stances)]} for i, row in enumerate(rows)]


def splits(rows: Rows, names: Sequence[str]) -> Rows:
    return [row | {"split": names[i % len(names)]} for i, row in enumerate(rows)]


def no_favor_in_train(rows: Rows) -> Rows:
    return [
        row | {"split": "test" if row["stance"] == "favor" or i % 5 == 0 else "train"} for i, row in enumerate(rows)
    ]


@pytest.mark.parametrize(
    ("change", "kind", "message"),
    [
        (lambda rows: only(rows, ["favor"]), "random", "all rows are 'favor'; a classifier needs two classes at least"),
        (no_favor_in_train, "given", "no row in train is 'favor', though validation or test has some"),
        (lambda rows: rows, "given", "table: no row says its split; add a column 'split'"),
        (
            lambda rows: splits(rows, ["train", "dev"]),
            "given",
            "no row is in a split 'test', only in train, validation",
        ),
        (lambda rows: [row | {"document": ""} for row in rows], "grouped", "rows without a document: 100 of 100"),
        (lambda rows: [row | {"text": "The same."} for row in rows], "random", "different texts: 1, too few"),
        (lambda rows: spoiled(rows, 100), "drop", "no rows left, all 100 were rejected"),
        (
            lambda rows: [
                row | {"text": "All the same.", "split": ("train", "test")[i % 2]} for i, row in enumerate(rows)
            ],
            "given",
            "different documents or texts: 0, too few for 2 splits",
        ),
    ],
)
def test_what_cannot_be_trained_on(
    rows: Rows, prepared_from: Callable[..., Path], change: Callable[[Rows], Rows], kind: str, message: str
) -> None:
    with pytest.raises(DataError) as error:
        if kind == "drop":
            prepared_from(change(rows), on_bad_rows="drop")
        else:
            prepared_from(change(rows), kind)
    assert message in str(error.value)


def test_fewer_training_rows(rows: Rows, prepared_from: Callable[..., Path]) -> None:
    whole, part = prepared_from(rows, output="a"), prepared_from(rows, output="b", split={"train_rows": 30})
    assert audit_of(part)["removed"]["not_sampled"] == 40
    before, after = frames(whole), frames(part)
    assert len(after["train"]) == 30
    assert set(after["train"]["id"]) < set(before["train"]["id"])
    assert after["test"].equals(before["test"])
    assert after["validation"].equals(before["validation"])
    share = frames(prepared_from(rows, output="c", split={"train_share": 30 / 70}))
    assert share["train"].equals(after["train"])
    other = frames(prepared_from(rows, output="e", split={"train_rows": 30, "sample_seed": 7}))
    assert set(other["train"]["id"]) != set(after["train"]["id"])
    assert other["test"].equals(before["test"])
    whole_share = frames(prepared_from(rows, output="d", split={"train_share": 1.0}))
    assert whole_share["train"].equals(before["train"])


@pytest.mark.parametrize("split", [{"train_rows": 1}, {"train_share": 0.01}])
def test_so_few_training_rows_that_no_text_fits(
    rows: Rows, prepared_from: Callable[..., Path], split: dict[str, float]
) -> None:
    twice = [*rows, *({**row, "target": f"{row['target']} again"} for row in rows)]
    [(key, value)] = split.items()
    with pytest.raises(DataError, match=rf"split.{key}={value} keeps fewer rows than any one text has"):
        prepared_from(twice, split=split)
