"""Tables: which columns are read, ids, rows that cannot be read."""

from __future__ import annotations

import logging

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stancelab.article.documents import DocumentSettings, read_documents
from stancelab.errors import DataError

CSV = """Headline,Body,Publication Date,Publisher,section
Ministers fail,"They met.

They left.",2026-03-04,The Post,world
Talks end,,2026-03-05,The Post,world
Vote,They voted.,03/04/2026,The Post,home
"""


def read(path, content=None, **settings):
    if content is not None:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return list(read_documents(path, DocumentSettings(**settings)))


def test_columns_under_their_usual_names(tmp_path, caplog):
    with caplog.at_level(logging.INFO):
        first, second = read(tmp_path / "a.csv", CSV)
    assert (first.text, first.title, first.date, first.outlet) == (
        "They met.\n\nThey left.", "Ministers fail", "2026-03-04", "The Post",
    )  # fmt: skip
    assert first.fields == {"Publication Date": "2026-03-04", "section": "world"}
    assert (second.date, second.fields["Publication Date"]) == ("", "03/04/2026")
    for said in (
        "read 'Body' as the text",
        "passed over 1 row without a text",
        "read.day_first",
        "'03/04/2026' in row 3",
    ):
        assert said in caplog.text


@pytest.mark.parametrize(
    ("head", "told"), [("text,Datum", True), ("text,date", False), ("text,title", False), ("text", False)]
)
def test_a_table_without_a_date_says_how_it_is_named(tmp_path, caplog, head, told):
    with caplog.at_level(logging.INFO):
        read(tmp_path / "a.csv", f"{head}\n" + ",".join(["2026-03-04"] * len(head.split(","))) + "\n")
    message = "a.csv: no column is read as the date; read.columns.date=COLUMN names one of 'Datum'"
    assert (message in caplog.text) == told


def test_rows_without_ids_are_called_after_their_text(tmp_path):
    first = read(tmp_path / "a.csv", "text\nA.\nB.\nA.\n")
    assert [each.id for each in read(tmp_path / "b.csv", "text\nB.\nA.\n")] == [first[1].id, first[0].id]
    assert first[2].id == f"{first[0].id}-2"


def test_columns_and_dates_that_the_user_names(tmp_path):
    content = "text,body,when,source\nshort,The long text.,03/04/2026,The Post\n"
    (document,) = read(
        tmp_path / "a.csv", content, columns={"text": "body", "date": "when", "outlet": "source"}, day_first=True
    )
    assert (document.text, document.date, document.outlet) == ("The long text.", "2026-04-03", "The Post")
    assert document.fields == {"text": "short", "when": "03/04/2026"}
    (document,) = read(tmp_path / "a.csv", content)
    assert (document.text, document.outlet, document.fields["source"]) == ("short", "", "The Post")


@pytest.mark.parametrize(
    ("content", "settings", "said"),
    [
        ("headline,words\na,b\n", {}, "no column holds the text; the file has 'headline', 'words'"),
        ("text,dat\na,b\n", {"columns": {"date": "date"}}, "no column 'date', which read.columns.date names"),
        ("id,text\n1,a b\n1,c d\n", {}, "row 2: the id '1' is that of a row before it"),
        ("text\n \n", {}, "no document could be read"),
    ],
)
def test_tables_that_cannot_be_read(tmp_path, content, settings, said):
    with pytest.raises(DataError, match=r"a\.csv") as error:
        read(tmp_path / "a.csv", content, **settings)
    assert said in str(error.value)


def test_a_row_that_cannot_be_read_fails_or_is_skipped(tmp_path, caplog):
    content = b"text,title\nfirst,a\nsecond,b,c,d\nthird,\n"
    with pytest.raises(DataError, match=r"read\.on_bad_files=skip"):
        read(tmp_path / "a.csv", content)
    assert [each.text for each in read(tmp_path / "a.csv", content, on_bad_files="skip")] == ["first", "third"]
    assert "1 file or row" in caplog.text


def test_other_formats(tmp_path):
    table = pa.table({"id": [7], "content": ["A text."], "published": [pa.scalar("2026-03-04").as_py()], "n": [1.5]})
    pq.write_table(table, tmp_path / "a.parquet")
    (document,) = read(tmp_path / "a.parquet")
    assert (document.id, document.text, document.date, document.fields["n"]) == ("7", "A text.", "2026-03-04", "1.5")
    assert [
        each.id for each in read(tmp_path / "a.jsonl", '{"id": "x", "body": "A."}\n{"id": "y", "body": "B."}\n')
    ] == ["x", "y"]
    assert read(tmp_path / "a.json", '[{"text": "A.", "outlet": "P"}]')[0].outlet == "P"
    assert read(tmp_path / "a.txt", "id\ttext\nx\tA.\n", format="table")[0].text == "A."
