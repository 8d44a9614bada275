"""Columns that nobody reads are told, suggested, or refused where they can only be meant for a field."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from stancelab.errors import DataError
from stancelab.tables.columns import map_columns
from stancelab.tables.table_file import TableFile
from stancelab.tables.unread import assignment, check_fixed, column_key, ignoring, listed_columns, synonym, variants

if TYPE_CHECKING:
    from pathlib import Path

NAMES = dict.fromkeys(["text", "target", "source", "target_start", "target_end"])


@pytest.mark.parametrize("name", ["Source", " source", "source ", "SOURCE", "\ufeffsource", "so\u200burce", "ｓource"])
def test_a_name_in_other_letters_or_with_blanks_is_refused(name: str) -> None:
    with pytest.raises(DataError, match=r"say whether they are meant\n  .* for the source: .*data\.columns\.source="):
        map_columns("a.csv", ["text", "target", name], NAMES, required=["text", "target"], group="data")


@pytest.mark.parametrize("name", ["Target Start", "target-start", "targetStart", "TARGET_START"])
def test_names_of_two_words_may_be_joined_otherwise(name: str) -> None:
    with pytest.raises(DataError, match="for the target_start"):
        map_columns("a.csv", ["text", "target", name], NAMES, required=["text", "target"], group="data")


def test_a_setting_reads_such_a_column_or_passes_over_it() -> None:
    found = ["text", "target", "Source"]
    mapped = map_columns("a.csv", found, {**NAMES, "source": "Source"}, required=["text"], group="data")
    assert mapped["source"] == "Source"
    assert "source" not in map_columns("a.csv", found, NAMES, required=["text"], group="data", ignore=["Source"])
    assert "source" not in map_columns("a.csv", found, NAMES, required=["text"], group="data", extra=["Source"])


def test_a_field_that_the_user_named_has_no_other_columns() -> None:
    found = ["text", "target", "Source", "source"]
    with pytest.raises(DataError, match="'Source' for the source"):
        map_columns("a.csv", found, NAMES, required=["text"], group="data")
    named = map_columns("a.csv", found, {**NAMES, "source": "source"}, required=["text"], group="data")
    assert named["source"] == "source"


def test_a_missing_field_is_looked_for_under_its_usual_names() -> None:
    with pytest.raises(DataError) as error:
        map_columns(
            "a.csv", ["Tweet", "topic of the day", "Topic"], NAMES, required=["text", "target"], group="predict"
        )
    assert "Did you mean 'Tweet'? Name it with predict.columns.text=Tweet" in str(error.value)
    assert "Did you mean 'Topic'? Name it with predict.columns.target=Topic" in str(error.value)


def test_words_of_the_command_line() -> None:
    assert assignment("data", "source", "Speaker") == "data.columns.source=Speaker"
    assert assignment("data", "source", "The speaker ") == "'data.columns.source=\"The speaker \"'"
    assert ignoring("data", "Speaker") == "'data.ignore=[Speaker]'"
    assert ignoring("data", "a b") == "'data.ignore=[\"a b\"]'"


def test_keys_and_synonyms() -> None:
    assert column_key(" Target-Start") == column_key("target_start")
    assert synonym("source", ["date", "Opinion Holder", "author"]) == "author"
    assert synonym("source", ["date"]) is None
    assert synonym("text", ["title", "outlet", "Headline"]) == "Headline"
    assert variants(["text", "Text", "note"], ["text"], ()) == [("Text", "text")]


def test_tables_with_fixed_columns(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    def table(header: str) -> TableFile:
        (tmp_path / "a.csv").write_text(f"{header}\n", encoding="utf-8")
        return TableFile(tmp_path / "a.csv")

    with pytest.raises(DataError, match="lacks the column 'id'; found 'ID', 'correction'; rename 'ID' to 'id'"):
        check_fixed(table("ID,correction"), ["id", "correction"])
    with pytest.raises(DataError, match="the column 'Corpus' would not be read, since 'corpus' is written otherwise"):
        check_fixed(table("id,correction,Corpus"), ["id", "correction"], ["corpus"])
    with caplog.at_level("INFO"):
        check_fixed(table("id,correction,text,note"), ["id", "correction"], known=["text"])
    assert "not read: 'note'" in caplog.text


def test_many_columns_are_listed_by_the_first_of_them() -> None:
    assert listed_columns(["a", "b"]) == "'a', 'b'"
    assert listed_columns([str(number) for number in range(3_000)]).endswith("'28', '29' and 2,970 more")
