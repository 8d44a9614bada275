"""Fields find their columns; what is missing is named with the setting that names it."""

from __future__ import annotations

from typing import Any

import pytest

from stancelab.errors import DataError
from stancelab.tables.columns import map_columns

NAMES: dict[str, str | None] = {"text": None, "target": "About", "start": None, "end": None}


def test_fields_have_the_users_columns_or_their_own_where_there_are_such() -> None:
    found = map_columns("a.csv", ["About", "text", "n"], NAMES, required=["text"], group="data")
    assert found == {"text": "text", "target": "About"}


def test_all_missing_columns_are_named() -> None:
    with pytest.raises(DataError) as error:
        map_columns("a.csv", ["Text", "kind"], NAMES, required=["text"], group="predict", extra=["kinds"])
    assert str(error.value).splitlines() == [
        "a.csv: columns are missing; the file has 'Text', 'kind'",
        "  no column 'text' for the text. Did you mean 'Text'? Name it with predict.columns.text=Text",
        "  no column 'About' for the target. Name it with predict.columns.target=COLUMN",
        "  no column 'kinds', which predict.extra names. Did you mean 'kind'?",
    ]


@pytest.mark.parametrize(
    ("found", "is_told"),
    [
        (["Kenya hailed the pact.", "Kenya", "the pact"], True),
        (["Which text was it", "target"], False),
        (["Sentence", "Topic"], False),
    ],
)
def test_a_row_in_place_of_a_header_is_told(found: list[str], is_told: bool) -> None:
    names: dict[str, str | None] = {"text": None, "target": None}
    with pytest.raises(DataError) as error:
        map_columns("a.csv", found, names, required=["text", "target"], group="data")
    first = str(error.value).splitlines()[0]
    assert first.endswith("; its first line seems to be a row: put one with names above it") is is_told


def test_a_column_of_another_field_is_not_proposed() -> None:
    names: dict[str, str | None] = {"target": None, "source": "targets"}
    with pytest.raises(DataError, match=r"no column 'targets' for the source\. Name it with data\.columns\.source=COL"):
        map_columns("a.csv", ["target"], names, required=[], group="data")


def test_a_table_has_both_columns_of_a_pair_or_neither() -> None:
    names: dict[str, str | None] = {"start": None, "end": None}
    options: dict[str, Any] = {"required": [], "group": "data", "pairs": [("start", "end")]}
    assert map_columns("a.csv", [], names, **options) == {}
    with pytest.raises(DataError, match=r"a column 'end' but none for 'start'; .* data\.columns\.start=COLUMN, or rem"):
        map_columns("a.csv", ["end"], names, **options)


def test_a_table_that_has_none_of_the_further_columns_is_not_asked_for_each() -> None:
    with pytest.raises(DataError) as raised:
        map_columns(
            "t.csv",
            ["text", "target", "stance"],
            {"text": None, "target": None, "stance": None},
            required=("text", "target", "stance"),
            group="data",
            extra=["topic", "targets"],
        )
    assert str(raised.value).splitlines()[1:] == [
        "  none of the columns 'topic', 'targets', which data.extra names: data.extra=[] asks for none,"
        " as data=table does for a table of your own"
    ]


def test_a_column_that_a_field_takes_is_not_proposed_for_another() -> None:
    with pytest.raises(DataError) as raised:
        map_columns(
            "t.csv", ["text", "target"], {"text": None, "target": None}, required=[], group="data", extra=["targets"]
        )
    assert str(raised.value).splitlines()[1:] == ["  no column 'targets', which data.extra names."]


def test_further_columns_that_are_nearly_there_are_proposed_one_by_one() -> None:
    found = ["text", "source_name", "target_name", "kind"]
    extra = ["source_nam", "target_nam"]
    with pytest.raises(DataError) as raised:
        map_columns("t.csv", found, {"text": None}, required=[], group="data", extra=extra)
    assert str(raised.value).splitlines()[1:] == [
        "  no column 'source_nam', which data.extra names. Did you mean 'source_name'?",
        "  no column 'target_nam', which data.extra names. Did you mean 'target_name'?",
    ]
