"""A user's table with its own columns and labels; what is wrong is named by row and column."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from stancelab.data.column_settings import ColumnSettings, LabelSettings
from stancelab.data.readers.table import read_table, read_tables
from stancelab.data.settings import CorpusSettings
from stancelab.errors import ConfigError, DataError
from stancelab.row_ids import row_id
from stancelab.schema import Example, Span

if TYPE_CHECKING:
    from pathlib import Path

HEADER = "text,target,stance\n"


def read(path: Path, **settings: Any) -> tuple[list[tuple[int, Example]], list[str]]:
    batches = list(read_table(path, CorpusSettings(name="mine", **settings)))
    problems = [str(problem).removeprefix(f"{path}: ") for batch in batches for problem in batch.problems]
    return [row for batch in batches for row in batch.rows], problems


def write(tmp_path: Path, content: str, name: str = "mine.csv") -> Path:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8", newline="")
    return path


def test_columns_that_are_not_read_are_named(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    table = "text,target,stance,speaker,date\nIran hailed it.,the pact,favor,Iran,today\n"
    with caplog.at_level("INFO"):
        read(write(tmp_path, table))
        assert "mine.csv: not read: 'speaker', 'date' (data.columns.source=COLUMN if" in caplog.text
        caplog.clear()
        read(write(tmp_path, table), columns=ColumnSettings(source="speaker"))
        assert "not read: 'date' (data.extra=[COLUMN]" in caplog.text
        caplog.clear()
        read(write(tmp_path, table), columns=ColumnSettings(source="speaker"), extra=["date"])
        assert "not read" not in caplog.text


def test_every_field_under_its_standard_name(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "id,text,source,target,stance,target_start,target_end,source_start,source_end,document,annotator,split,kind\n"
        "7,Iran hailed the pact.,Iran,the pact,favor,12,20,0,4.0,doc-1,ann,dev,report\n",
    )
    rows, problems = read(path, extra=["kind"])
    assert problems == []
    assert rows == [
        (
            1,
            Example(
                id="7",
                text="Iran hailed the pact.",
                source="Iran",
                target="the pact",
                stance="favor",
                target_span=Span(12, 20),
                source_span=Span(0, 4),
                document="doc-1",
                annotator="ann",
                split="validation",
                corpus="mine",
                extra={"kind": "report"},
            ),
        )
    ]


def test_columns_and_labels_of_ones_own(tmp_path: Path) -> None:
    path = write(tmp_path, "Tweet,Topic,Label,text\nI like it,cats,6.0,not this\nI do not,dogs,CON,nor this\n")
    columns = ColumnSettings(text="Tweet", target="Topic", stance="Label")
    labels = LabelSettings(favor=["6"], against=["con"])
    rows, _ = read(path, columns=columns, labels=labels, target_names={"cats": "domestic cats"})
    assert [(e.id, e.text, e.target, e.stance) for _, e in rows] == [
        (row_id("I like it", "", "domestic cats"), "I like it", "domestic cats", "favor"),
        (row_id("I do not", "", "dogs"), "I do not", "dogs", "against"),
    ]


@pytest.mark.parametrize("name", ["mine.tsv", "mine.jsonl", "mine.parquet"])
def test_other_formats(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if name.endswith("tsv"):
        path.write_text("text\ttarget\tstance\na b\tb\tfavor\n", encoding="utf-8")
    elif name.endswith("jsonl"):
        path.write_text('{"text": "a b", "target": "b", "stance": "favor", "tags": ["x"]}\n', encoding="utf-8")
    else:
        import pandas as pd

        pd.DataFrame({"text": ["a b"], "target": ["b"], "stance": ["favor"]}).to_parquet(path)
    rows, problems = read(path)
    assert problems == []
    assert [(e.id, e.text, e.target, e.stance) for _, e in rows] == [(row_id("a b", "", "b"), "a b", "b", "favor")]


@pytest.mark.parametrize(
    ("header", "row", "problem"),
    [
        ("", "a,b,fovor", "row 1, column 'stance': found 'fovor': no known stance; allowed are 'against' (against),"),
        ("", "a,b,", "row 1, column 'stance': found '': the stance is empty; allowed are"),
        ("", " ,b,favor", "row 1, column 'text': found '': the text is empty; every row needs a sentence"),
        ("", "\u2060,b,favor", r"row 1, column 'text': found '\u2060': the text is empty; every row needs a sentence"),
        ("", "a,\u200b,favor", r"row 1, column 'target': found '\u200b': the target is empty; every row needs what"),
        ("", "a, ,favor", "row 1, column 'target': found '': the target is empty; every row needs what"),
        (",split", "a,b,favor,tset", "row 1, column 'split': found 'tset': no known split; allowed are train,"),
        (
            ",target_start,target_end",
            "a,b,favor,0,9",
            "row 1, column 'target_start, target_end': found '0:9': is outside the text; the text has characters 0:1",
        ),
        (
            ",target_start,target_end",
            "a,b,favor,1,1",
            "row 1, column 'target_start, target_end': found '1:1': ends before it begins",
        ),
        (
            ",target_start,target_end",
            "a,b,favor,0,",
            "row 1, column 'target_start, target_end': found '0:': only one end of the span is given",
        ),
        (
            ",source_start,source_end",
            "a,b,favor,0,1.5",
            "row 1, column 'source_start, source_end': found '0:1.5': not whole numbers;",
        ),
        (
            ",target_start,target_end",
            "a,b,favor,x,y",
            "row 1, column 'target_start, target_end': found 'x:y': not whole",
        ),
        (
            ",target_start,target_end",
            "a,b,favor,inf,nan",
            "row 1, column 'target_start, target_end': found 'inf:nan': not",
        ),
    ],
)
def test_bad_rows(tmp_path: Path, header: str, row: str, problem: str) -> None:
    path = write(tmp_path, f"text,target,stance{header}\n{row}\nfine text,b,favor" + "," * header.count(",") + "\n")
    rows, problems = read(path)
    assert len(problems) == 1
    assert problems[0].startswith(problem)
    assert [number for number, _ in rows] == [2]


def test_all_that_is_wrong_with_a_row_is_named(tmp_path: Path) -> None:
    _, problems = read(write(tmp_path, HEADER + ",,maybe\n"))
    assert [problem.split(":")[0] for problem in problems] == [
        "row 1, column 'stance'",
        "row 1, column 'text'",
        "row 1, column 'target'",
    ]


def test_users_names_are_used_in_messages(tmp_path: Path) -> None:
    path = write(tmp_path, "Tweet,target,stance\n,b,favor\n")
    _, problems = read(path, columns=ColumnSettings(text="Tweet"))
    assert problems == ["row 1, column 'Tweet': found '': the text is empty; every row needs a sentence"]


@pytest.mark.parametrize(
    ("header", "columns", "lines"),
    [
        (
            "Text,topic,label",
            {},
            [
                "columns are missing; the file has 'Text', 'topic', 'label'",
                "  no column 'text' for the text. Did you mean 'Text'? Name it with data.columns.text=Text",
                "  no column 'target' for the target. Did you mean 'topic'? Name it with data.columns.target=topic",
                "  no column 'stance' for the stance. Did you mean 'label'? Name it with data.columns.stance=label",
            ],
        ),
        (
            "text,target,stance,author",
            {"source": "autor"},
            ["  no column 'autor' for the source. Did you mean 'author'? Name it with data.columns.source=author"],
        ),
        (
            "text,target,stance,target_start",
            {},
            ["there is a column 'target_start' but none for 'target_end'; a span needs both."],
        ),
    ],
)
def test_missing_columns(tmp_path: Path, header: str, columns: dict[str, str], lines: list[str]) -> None:
    path = write(tmp_path, f"{header}\n")
    with pytest.raises(DataError) as error:
        read(path, columns=ColumnSettings(**columns))
    for line in lines:
        assert line in str(error.value)


def test_turned_negations_need_a_text_and_a_stance(tmp_path: Path) -> None:
    lines = [
        "text,target,stance,negated_text,negated_stance",
        "a backs b,b,pro,a refuses b,contra",
        "a,b,pro,,",
        "a,b,pro,,contra",
        "a,b,pro,c,maybe",
        "a,b,pro,c,",
    ]
    path = write(tmp_path, "\n".join(lines) + "\n")
    labels = LabelSettings(favor=["pro"], against=["contra"])
    rows, problems = read(path, extra=["negated_text", "negated_stance"], labels=labels)
    assert [example.extra["negated_stance"] for _, example in rows] == ["against", ""]
    assert [problem[:61] for problem in problems] == [
        "row 3, column 'negated_text': found '': empty, though negated",
        "row 4, column 'negated_stance': found 'maybe': no known stanc",
        "row 5, column 'negated_stance': found '': the stance is empty",
    ]


def test_missing_extra_column(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"no column 'kind', which data\.extra names"):
        read(write(tmp_path, HEADER), extra=["kind"])


def test_json_lines_name_columns_that_no_row_has_and_rows_that_lack_one(tmp_path: Path) -> None:
    path = write(tmp_path, '{"Text": "a", "target": "b", "stance": "favor"}\n', "mine.jsonl")
    with pytest.raises(DataError, match=r"no column 'text' for the text\. Did you mean 'Text'\?"):
        read(path)
    good = '{"text": "a", "target": "b", "stance": "favor", "source": "c"}\n'
    rows, problems = read(write(tmp_path, good + '{"text": "a", "target": "b"}\n' + good, "mine.jsonl"))
    assert [number for number, _ in rows] == [1, 3]
    assert problems == ["row 2, column 'stance': found '': the row has no 'stance'; it has 'text', 'target'"]


def test_columns_of_json_lines_that_only_later_rows_have_are_read(tmp_path: Path) -> None:
    first = '{"text": "a", "target": "b", "stance": "favor"}\n'
    path = write(tmp_path, first * 3 + first.replace("}", ', "source": "Norway"}'), "mine.jsonl")
    batches = list(read_table(path, CorpusSettings(name="mine"), batch_rows=2))
    assert [example.source for batch in batches for _, example in batch.rows] == ["", "", "", "Norway"]


def test_json_lines_of_which_none_can_be_read_say_why(tmp_path: Path) -> None:
    rows, problems = read(write(tmp_path, "{broken\n", "mine.jsonl"))
    assert rows == []
    assert problems[0].startswith("row 1: found '{broken': not a complete JSON object")


def test_the_size_of_the_batches_changes_no_row(tmp_path: Path) -> None:
    path = write(tmp_path, HEADER + "".join(f"text {i},b,favor\n" for i in range(10)))
    small = list(read_table(path, CorpusSettings(name="mine"), batch_rows=3))
    assert [len(batch.rows) for batch in small] == [3, 3, 3, 1]
    assert [row for batch in small for row in batch.rows] == read(path)[0]


@pytest.mark.parametrize("name", ["mine.csv", "mine.tsv", "mine.jsonl", "mine.parquet"])
@pytest.mark.parametrize("column", ["Source", "SOURCE", "so\u200burce"])
def test_a_column_that_is_a_field_in_other_letters_is_refused_in_every_format(
    tmp_path: Path, name: str, column: str
) -> None:
    rows = [{"text": f"Iran {i} left.", "target": "it", "stance": "favor"} for i in range(2_001)]
    rows[-1][column] = "Iran"
    path = tmp_path / name
    frame = pd.DataFrame(rows)
    if name.endswith("jsonl"):
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    elif name.endswith("parquet"):
        frame.to_parquet(path)
    else:
        frame.to_csv(path, index=False, sep="\t" if name.endswith("tsv") else ",")
    with pytest.raises(DataError, match=r"for the source: .*data\.columns\.source=.* reads it, .*data\.ignore=\["):
        read(path)
    found, problems = read(path, columns=ColumnSettings(source=column))
    assert (len(found), problems) == (2_001, [])
    assert [example.source for _, example in found[-2:]] == ["", "Iran"]
    assert read(path, ignore=[column])[0][-1][1].source == ""


def test_a_speaker_that_is_not_read_is_a_warning(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    rows = '{"text": "a", "target": "b", "stance": "favor"}\n' * 2_001
    path = write(tmp_path, rows + '{"text": "a", "target": "b", "stance": "favor", "Speaker": ["Iran"]}\n', "m.jsonl")
    read(path)
    [warning] = [record.message for record in caplog.records if record.levelname == "WARNING"]
    assert "m.jsonl: no column 'source' is read, so every row counts as the author's stance" in warning
    assert "data.columns.source=Speaker reads 'Speaker'" in warning
    caplog.clear()
    read(path, ignore=["Speaker"])
    assert caplog.text == ""


def test_other_names_of_fields_are_suggested(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO"):
        read(write(tmp_path, "text,target,stance,source,Article\na,b,favor,,1\n"))
    assert "not read: 'Article' (data.columns.document=Article reads 'Article' as the document; data.ex" in caplog.text


@pytest.mark.parametrize(
    ("name", "settings", "message"),
    [
        ("m.csv", {"ignore": ["Speakr"]}, r"data\.ignore: found 'Speakr', which is no column of the table; it has .*"
         r"'Speaker'\. Did you mean 'Speaker'\?"),
        ("m.csv", {"offsets": "utf16"}, r"data\.offsets: found 'utf16', and no column of spans is read"),
        ("m.csv", {"sheet": "a"}, r"data\.sheet: found 'a', which is for tables ending in \.xlsx"),
        ("m.parquet", {"delimiter": ";"}, r"data\.delimiter: found ';', which is for tables ending in \.csv"),
        ("m.parquet", {"encoding": "cp1252"}, r"data\.encoding: found 'cp1252', which is for tables ending in \.csv"),
        ("m.parquet", {"quoting": "none"}, r"data\.quoting: found 'none', which is for tables ending in \.csv"),
    ],
)  # fmt: skip
def test_settings_that_concern_nothing_of_the_table_are_refused(
    tmp_path: Path, name: str, settings: dict[str, Any], message: str
) -> None:
    frame = pd.DataFrame([{"text": "a", "target": "b", "stance": "favor", "Speaker": "c"}])
    if name.endswith("csv"):
        frame.to_csv(tmp_path / name, index=False)
    else:
        frame.to_parquet(tmp_path / name)
    with pytest.raises(ConfigError, match=message):
        read(tmp_path / name, **settings)


def test_a_column_that_one_of_several_files_has_can_be_passed_over(tmp_path: Path) -> None:
    one = write(tmp_path, "text,target,stance\na,b,favor\n", "one.csv")
    two = write(tmp_path, "text,target,stance,Source\nc,d,favor,e\n", "two.csv")
    rows = [row for batch in read_tables([str(one), str(two)], CorpusSettings(ignore=["Source"])) for row in batch.rows]
    assert [example.source for _, example in rows] == ["", ""]
