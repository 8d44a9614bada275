"""Examples, dicts and data frames that a caller gives."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from stancelab.errors import ConfigError, DataError
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
        ([{**ROW, "target_start": 3}], "target_start is 3, target_end is missing; give two whole numbers or neither"),
        ([{**ROW, "target_start": "a", "target_end": 5}], "target_start is 'a', target_end is 5"),
        ([{**ROW, "target_start": True, "target_end": 5}], "target_start is True, target_end is 5; give two"),
        (
            [{**ROW, "source_start": 0, "source_end": np.True_}],
            "source_start is 0, source_end is np.True_; give two whole",
        ),
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


def test_columns_of_other_names_are_read() -> None:
    row = {"Tweet": ROW["text"], "Speaker": "Norway", "About": ROW["target"], "key": 7}
    columns = {"text": "Tweet", "source": "Speaker", "target": "About", "id": "key"}
    assert checked_examples([row], columns=columns) == [Example(id="7", **ROW)]
    assert checked_examples(pd.DataFrame([row]), columns=columns) == [Example(id="7", **ROW)]


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"Tweet": "text"}, "columns: found 'Tweet', allowed are id, text, source, .* \\(the field comes first"),
        ({"txt": "Tweet"}, "columns: found 'txt', .* Did you mean 'text'"),
        ({"source": "Speeker"}, "columns: no row has 'Speeker', which is to be the source; found .*'source'"),
    ],
)
def test_columns_that_name_nothing(columns: dict[str, str], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        checked_examples([ROW], columns=columns)


def test_nothing_is_told_where_all_is_read(caplog: pytest.LogCaptureFixture) -> None:
    checked_examples([{**ROW, "id": "1", "stance": "favor", "document": "d"}])
    assert not caplog.messages


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"text": "target"}, r"columns: 'target' is to be text and target; each is read from a column of its own"),
        ({"target": "text"}, r"columns: 'text' is to be text and target; .* name another one for text or target"),
        ({"text": "Tweet", "source": "Tweet"}, r"columns: 'Tweet' is to be text and source; each"),
    ],
)
@pytest.mark.parametrize("form", [list, pd.DataFrame])
def test_two_fields_are_not_read_from_one_column(columns: dict[str, str], message: str, form: Any) -> None:
    with pytest.raises(ConfigError, match=message):
        checked_examples(form([{**ROW, "Tweet": "Kenya met China."}]), columns=columns)


def test_two_columns_may_change_places() -> None:
    [example] = checked_examples([ROW], columns={"source": "target", "target": "source"})
    assert (example.source, example.target) == ("the ceasefire", "Norway")


def test_a_column_that_looks_like_a_missing_field_is_suggested() -> None:
    with pytest.raises(
        DataError, match=r"no column 'target' for the target; found 'text', 'Topic'; .*'target': 'Topic'"
    ):
        checked_examples(pd.DataFrame({"text": ["a"], "Topic": ["b"]}))
    with pytest.raises(DataError, match=r"no column 'text' .* Name it with columns=\{'text': COLUMN\}"):
        checked_examples(pd.DataFrame({"x": []}))


def test_a_data_frame_with_a_column_twice_is_refused() -> None:
    frame = pd.DataFrame([["a", "b", "c"]], columns=["text", "target", "text"])
    with pytest.raises(DataError, match="has the column 'text' 2 times; keep one of them"):
        checked_examples(frame)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"text": "a \ud83d", "target": "b"}, "text: holds half of a character"),
        ({"text": "a", "target": "\u200b\u2060"}, "target: the target is empty"),
        (Example(id="1", text=None, target="b"), "text: found None, expected str"),  # type: ignore[arg-type]
        (Example(id="1", text="a", target="b", source=None), "source: found None, expected str"),  # type: ignore[arg-type]
    ],
)
def test_texts_that_no_encoder_can_read(row: Any, message: str) -> None:
    with pytest.raises(DataError, match=message):
        checked_examples([row])


@pytest.mark.parametrize("given", [None, 3, Example(id="1", text="a", target="b"), "text"])
def test_what_is_no_list_of_examples(given: Any) -> None:
    with pytest.raises(DataError, match="takes a list of examples, found one"):
        checked_examples(given)


def test_keys_that_are_not_read_are_told_once(caplog: pytest.LogCaptureFixture) -> None:
    told: set[str] = set()
    rows = [{**ROW, "date": 1} for _ in range(3)]
    checked_examples(rows, told)
    checked_examples(rows, told)
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "not read: 'date'; the keys that are read are text, source" in caplog.text


def test_a_speaker_that_is_not_read_is_told(caplog: pytest.LogCaptureFixture) -> None:
    checked_examples(pd.DataFrame({"text": ["a"], "target": ["b"], "Speaker": ["c"]}))
    assert "every row counts as the author's stance; columns={'source': 'Speaker'} reads" in caplog.text


def test_a_key_in_other_letters_is_refused() -> None:
    rows = [{"text": "a", "target": "b"}, {"text": "a", "target": "b", "Source": "c"}]
    with pytest.raises(DataError, match="the key 'Source' is not read, since 'source' is written otherwise; rename it"):
        checked_examples(rows)


def test_a_key_in_other_letters_is_read_where_it_is_named() -> None:
    row = {"text": "a", "target": "b", "Source": "c"}
    [example] = checked_examples([row], columns={"source": "Source"})
    assert example.source == "c"
    with pytest.raises(DataError, match=r"'Target' is not read, since 'target' .* or read it with columns=\{'target'"):
        checked_examples([row | {"Target": "d"}], columns={"source": "Source"})


EMOJI = "\U0001f600 Norway welcomed the EU."


@pytest.mark.parametrize(
    ("offsets", "start", "end"),
    [("characters", 22, 24), ("utf16", 23, 25), ("bytes", 25, 27), ("inclusive", 22, 23), ("one_based", 23, 25)],
)
def test_spans_are_counted_as_asked(offsets: str, start: int, end: int) -> None:
    row = {"text": EMOJI, "target": "EU", "target_start": start, "target_end": end}
    for rows in ([row], pd.DataFrame([row])):
        [example] = checked_examples(rows, offsets=offsets)
        assert example.target_span == Span(22, 24)
        assert example.text[22:24] == "EU"


def test_spans_that_are_plainly_counted_otherwise_are_refused() -> None:
    row = {"text": EMOJI, "target": "EU", "target_start": 23, "target_end": 25}
    with pytest.raises(
        DataError, match=r"the examples: the spans are not counted as offsets=characters .* offsets=utf16"
    ):
        checked_examples([row])


@pytest.mark.parametrize(
    ("row", "offsets", "message"),
    [
        (
            {"source_start": 1, "source_end": 3},
            "utf16",
            "source_start and source_end are 1 and 3: outside the text, or",
        ),
        ({"target_start": 90, "target_end": 99}, "bytes", "as offsets='bytes' reads them"),
        ({"target_start": 90, "target_end": 99}, "characters", "target_span: is outside the text; the text has"),
    ],
)
def test_spans_that_no_count_finds(row: dict[str, int], offsets: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        checked_examples([{"text": EMOJI, "target": "EU", "source": "Norway", **row}], offsets=offsets)


@pytest.mark.parametrize("offsets", ["utf32", "bytes+utf16", None])
def test_a_way_to_count_that_there_is_not(offsets: Any) -> None:
    with pytest.raises(ConfigError, match="offsets: found"):
        checked_examples([ROW], offsets=offsets)


@pytest.mark.parametrize("aliases", ["POTUS; Biden", ["POTUS", " Biden "], ("Biden",), np.array(["Biden", "x"])])
def test_other_names_of_a_row_mark_its_target(aliases: Any) -> None:
    rows = [{"text": "On Monday Biden left.", "target": "Joe R. Biden", "aliases": aliases}]
    assert [example.target_span for example in checked_examples(rows)] == [Span(10, 15)]
    assert [example.target_span for example in checked_examples(pd.DataFrame(rows))] == [Span(10, 15)]


@pytest.mark.parametrize("aliases", [None, "", float("nan"), pd.NA, []])
def test_no_other_names(aliases: Any) -> None:
    [example] = checked_examples([{"text": "On Monday Biden left.", "target": "Joe R. Biden", "aliases": aliases}])
    assert example.target_span is None


@pytest.mark.parametrize("aliases", [3, [3], {"Biden": 1}, b"Biden"])
def test_other_names_that_are_none(aliases: Any) -> None:
    with pytest.raises(DataError, match=r"example 0: aliases: found .*, expected names"):
        checked_examples([{**ROW, "aliases": aliases}])


def test_other_names_in_a_column_called_otherwise() -> None:
    row = {"text": "On Monday Biden left.", "target": "Joe R. Biden", "names": "Biden"}
    [example] = checked_examples([row], columns={"aliases": "names"})
    assert example.target_span == Span(10, 15)


def test_equal_problems_are_told_once_with_their_number() -> None:
    rows = [*([{"text": "", "target": "b"}] * 374), {"text": "a", "target": ""}, {"text": "a"}, {"text": "a"}]
    with pytest.raises(DataError) as error:
        checked_examples(rows)
    assert str(error.value).splitlines()[1:] == [
        "  374 examples, such as example 0, 1, 2, text: the text is empty; every row needs a sentence",
        "  example 374, target: the target is empty; every row needs what the stance is about",
        "  2 examples: 375, 376: no key 'target'; found 'text'",
    ]


def test_a_key_of_the_training_is_suggested(caplog: pytest.LogCaptureFixture) -> None:
    checked_examples([{**ROW, "source": "", "Wer": "a"}], trained={"source": ["Wer"]})
    assert not [each for each in caplog.messages if "the training" in each], "a source is read"
    checked_examples([{"text": "a", "target": "b", "Wer": "a"}], trained={"source": ["Wer"]})
    assert "read source from a column 'Wer'; columns={'source': 'Wer'} reads it here too" in caplog.text


def test_control_characters_are_refused_in_dicts_and_examples() -> None:
    rows: list[Example | dict[str, str]] = [
        {"text": "a\tb\r\nc", "target": "d"},
        {"text": "a\x1bb", "target": "d", "source": "e\x7f"},
        Example(id="1", text="a", target="c\0d"),
    ]
    with pytest.raises(DataError) as refused:
        checked_examples(rows)
    assert [line.partition(";")[0] for line in str(refused.value).splitlines()[1:]] == [
        "  example 1, text: holds the control character U+001B at 1",
        "  example 1, source: holds the control character U+007F at 1",
        "  example 2, target: holds the control character U+0000 at 1",
    ]
    assert [example.text for example in checked_examples(rows[:1])] == ["a\tb\r\nc"]
