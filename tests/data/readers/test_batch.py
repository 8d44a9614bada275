"""A batch takes valid examples and says of the others why; splits have one spelling."""

from __future__ import annotations

import pytest

from stancelab.data.readers.batch import Batch, split_name
from stancelab.schema import Example, Span


def test_an_example_is_added_or_all_its_problems_are() -> None:
    batch = Batch("a.csv")
    good = Example(id="1", text="Iran hailed it.", target="it", stance="favor")
    batch.add(1, good)
    batch.add(
        2, Example(id="2", text=" ", target="it", target_span=Span(3, 9)), {"text": "Tweet", "target_span": "a, b"}
    )
    batch.reject(3, "stance", "maybe", "no known stance")
    assert batch.rows == [(1, good)]
    assert [str(problem) for problem in batch.problems] == [
        "a.csv: row 2, column 'Tweet': found '': the text is empty; every row needs a sentence",
        "a.csv: row 2, column 'a, b': found '3:9': is outside the text; the text has characters 0:1",
        "a.csv: row 3, column 'stance': found 'maybe': no known stance",
    ]


@pytest.mark.parametrize(
    ("value", "split"),
    [
        ("train", "train"),
        ("TRAINING", "train"),
        ("train_1", "train"),
        ("dev", "validation"),
        (" Val ", "validation"),
        ("validation_rw", "validation_rw"),
        ("dev-mt", "validation_mt"),
        ("test", "test"),
        ("test-mt", "test_mt"),
        ("testament", None),
        ("trial", None),
        ("test_ü/..", None),
    ],
)
def test_split_names(value: str, split: str | None) -> None:
    assert split_name(value) == split
