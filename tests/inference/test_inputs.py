"""Examples, dicts and data frames that a caller gives."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from stancelab.errors import DataError
from stancelab.inference.inputs import checked_examples
from stancelab.schema import Example, Span

ROW: dict[str, Any] = {"text": "Norway welcomed the ceasefire.", "source": "Norway", "target": "the ceasefire"}


def test_missing_cells_of_a_data_frame_count_as_absent() -> None:
    frame = pd.DataFrame({**ROW, "source": [None], "target_start": [np.nan], "target_end": [np.nan]})
    assert checked_examples(frame) == checked_examples([{**ROW, "source": ""}])


def test_nullable_columns_of_pandas_count_as_absent_too() -> None:
    frame = pd.DataFrame({**ROW, "source": [None]}).astype("string")
    assert checked_examples(frame) == checked_examples([{**ROW, "source": ""}])


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([{"text": "a"}], "example 0: no key 'target'; found 'text'"),
        ([ROW, {"text": " ", "target": "b"}], "example 1, text: the text is empty; every row needs a sentence"),
        ([{"text": "a", "target": "\ufeff"}], "example 0, target: the target is empty"),
        ([{"text": 3, "target": "b"}], "example 0: text is int, expected str"),
        (["text"], "example 0: found str, expected an Example or a dict with text and target"),
        ([{**ROW, "target_start": 3}], "target_start and target_end are 3 and None; give two whole numbers or neither"),
        ([{**ROW, "target_start": "a", "target_end": 5}], "target_start and target_end are 'a' and 5"),
        (
            [{**ROW, "target_start": 3, "target_end": 999}],
            "target_span: is outside the text; the text has",
        ),
    ],
)
def test_rows_that_cannot_be_used_are_named(rows: list, message: str) -> None:
    with pytest.raises(DataError) as error:
        checked_examples(rows)
    assert message in str(error.value)


def test_one_dict_instead_of_a_list_is_explained() -> None:
    with pytest.raises(DataError, match=r"takes a list of examples, found one dict; write predict\(\[...\]\)"):
        checked_examples(ROW)  # type: ignore[arg-type]


def test_spans_and_ids_are_kept() -> None:
    frame = pd.DataFrame([{**ROW, "id": "a7", "target_start": 16.0, "target_end": 29.0}])
    [example] = checked_examples(frame)
    assert example == Example(id="a7", **ROW, target_span=Span(16, 29))


def test_all_rows_that_cannot_be_used_are_named_at_once() -> None:
    with pytest.raises(DataError) as error:
        checked_examples([{"text": "a"}, ROW, {"text": "", "target": "b"}])
    assert [line.split(":")[0] for line in str(error.value).splitlines()[1:]] == ["  example 0", "  example 2, text"]


def test_keys_that_are_not_read_are_told_once(caplog: pytest.LogCaptureFixture) -> None:
    told: set[str] = set()
    rows = [{**ROW, "date": 1} for _ in range(3)]
    checked_examples(rows, told)
    checked_examples(rows, told)
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "not read: 'date'; the keys that are read are text, source" in caplog.text


def test_a_speaker_that_is_not_read_is_told(caplog: pytest.LogCaptureFixture) -> None:
    checked_examples(pd.DataFrame({"text": ["a"], "target": ["b"], "Speaker": ["c"]}))
    assert "every row counts as the author's stance; rename 'Speaker' to 'source'" in caplog.text


def test_a_key_in_other_letters_is_refused() -> None:
    rows = [{"text": "a", "target": "b"}, {"text": "a", "target": "b", "Source": "c"}]
    with pytest.raises(DataError, match="the key 'Source' is not read, since 'source' is written otherwise; rename it"):
        checked_examples(rows)


def test_half_a_character_and_columns_of_one_name_are_refused() -> None:
    with pytest.raises(DataError, match="example 0, text: holds half of a character"):
        checked_examples([{"text": "a \ud83d", "target": "b"}])
    frame = pd.DataFrame([["a", "b", "c"]], columns=["text", "target", "text"])
    with pytest.raises(DataError, match="the DataFrame has the column 'text' more than once"):
        checked_examples(frame)
