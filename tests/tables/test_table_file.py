"""Rows come out of files as they went in; files that are not what their names say are refused."""

from __future__ import annotations

import gzip
import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stancelab.errors import DataError
from stancelab.tables.options import TableOptions
from stancelab.tables.table_file import TableFile

ROW = {"text": "Norway backed it.", "target": "it"}


def all_rows(path: Path) -> list[tuple[int, dict[str, str]]]:
    return [row for batch in TableFile(path).text_rows() for row in batch.rows]


def all_problems(path: Path, **options: Any) -> list[str]:
    batches = TableFile(path, **options).text_rows()
    return [str(problem).removeprefix(f"{path}: ") for batch in batches for problem in batch.problems]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", b"text,target\nNorway backed it.,it\n"),
        ("a.csv", b"\xef\xbb\xbftext,target\r\nNorway backed it.,it\r\n"),
        ("a.csv", b"text,target\n\nNorway backed it.,it"),
        ("A.CSV", b'text,"target"\n"Norway backed it.",it\n'),
        ("a.tsv", b"text\ttarget\nNorway backed it.\tit\n"),
        ("a.csv.gz", gzip.compress(b"text,target\nNorway backed it.,it\n", mtime=0)),
        ("a.txt", b"text\ttarget\nNorway backed it.\tit\n"),
        ("a.txt", b"text,target\nNorway backed it.,it\n"),
        ("a.jsonl", b'{"text": "Norway backed it.", "target": "it"}\n\n\n'),
        ("a.ndjson", b'\xef\xbb\xbf{"text": "Norway backed it.", "target": "it"}\r\n'),
        ("a.jsonl.gz", gzip.compress(b'{"text": "Norway backed it.", "target": "it"}', mtime=0)),
    ],
)
def test_the_same_row_from_every_format(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert all_rows(path) == [(1, ROW)]
    assert all_problems(path) == []


@pytest.mark.parametrize(
    ("mark", "quoted"), [("\t", '"Fine" says Oslo, for now'), (",", '"""Fine"" says Oslo, for now"')]
)
def test_text_files_are_read_as_what_they_are_which_is_said(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, mark: str, quoted: str
) -> None:
    caplog.set_level("INFO")
    path = tmp_path / "trainingdata.txt"
    lines = [["ID", "Target", "Tweet", "Stance"], ["1", "Atheism", quoted, "AGAINST"], ["2", "Brexit", "No.", "FAVOR"]]
    path.write_bytes("\r\n".join(map(mark.join, lines)).encode())
    assert [row["Tweet"] for _, row in all_rows(path)] == ['"Fine" says Oslo, for now', "No."]
    assert f"{path}: read with delimiter {mark!r}" in caplog.text


def test_a_text_file_that_is_no_table(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text('{"text": "Norway backed it.", "target": "it"}\n', encoding="utf-8")
    with pytest.raises(DataError, match=r"named \.txt, but it looks like JSON; name it \.jsonl where each line is an"):
        TableFile(path)


def test_parquet_cells_become_text_and_nothing_is_empty(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    table = pa.table({"text": ["a", None], "label": [6.0, float("nan")], "start": pa.array([3, None], pa.int32())})
    pq.write_table(table, path)
    assert all_rows(path) == [
        (1, {"text": "a", "label": "6.0", "start": "3"}),
        (2, {"text": "", "label": "", "start": ""}),
    ]
    assert [row for batch in TableFile(path).text_rows(["text"]) for _, row in batch.rows] == [
        {"text": "a"},
        {"text": ""},
    ]


def test_json_cells_become_text(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"a": 6.0, "b": 6, "c": null, "d": true, "e": "\\u00e9"}\n', encoding="utf-8")
    assert all_rows(path) == [(1, {"a": "6.0", "b": "6", "c": "", "d": "True", "e": "é"})]


def test_row_numbers_count_rows_and_not_lines(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b'text,target\r\n"two\r\nlines, ""quoted""",x\r\nb\r\nc,z\r\n')
    assert all_rows(path) == [(1, {"text": 'two\r\nlines, "quoted"', "target": "x"}), (3, {"text": "c", "target": "z"})]
    assert all_problems(path) == [
        "row 2: found 'b': the row has 1 cell, the header has 2; is a quote or a comma missing?"
    ]


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "parquet"])
def test_batches_keep_order_numbers_and_size(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a.{suffix}"
    if suffix == "csv":
        path.write_text("n\n" + "".join(f"{i}\n" for i in range(25)), encoding="utf-8")
    elif suffix == "jsonl":
        path.write_text("".join(json.dumps({"n": i}) + "\n" for i in range(25)), encoding="utf-8")
    else:
        pq.write_table(pa.table({"n": list(range(25))}), path)
    batches = [batch for batch in TableFile(path, batch_rows=10).text_rows() if batch.rows]
    assert [len(batch) for batch in batches] == [10, 10, 5]
    assert [row for batch in batches for row in batch.rows] == [(i + 1, {"n": str(i)}) for i in range(25)]
    assert batches[-1].bytes_read == path.stat().st_size


#: A letter that no encoding has, beside words in UTF-8.
NO_TEXT = b"text,target\nok,a\ncaf\xe9," + "größer, früher, Präsidentin".encode() + b"\n"


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.csv", b"", "is empty"),
        ("a.csv", b"\n\n", "is empty, it has not even a header line"),
        ("a.csv", b"\xef\xbb\xbf", "is empty, it has not even a header line"),
        ("a.csv", b"text,target,text\n", "column 'text' occurs more than once; the columns are text, target, text"),
        (
            "a.csv",
            NO_TEXT.replace(b"text,", b"text\xe9,"),
            "line 1, byte 4: found byte 0xE9, which is not UTF-8. Convert it: iconv -f CP1252 -t UTF-8",
        ),
        ("a.csv", b"text,t\0arget\nab,c\n", "line 1, byte 6: a NUL byte, which no text has. Take it out"),
        (
            "a.csv",
            "текст,цель,text\nда,нет,a\n".encode("utf-16-le"),
            "line 1, byte 11: a NUL byte; the file is UTF-16 without a mark. Convert it: iconv -f UTF-16LE",
        ),
        ("a.json", b'[{"text": "a\0b"}]', "line 1, byte 12: a NUL byte, which no text has"),
        (
            "a.csv",
            b"PK\x03\x04rest",
            "named as CSV, but it is a zip archive; name it with .zip at the end, or .xlsx where it is an Excel file",
        ),
        ("a.csv", b"PAR1rest", "named as CSV, but it is a Parquet file"),
        ("a.csv", b"\x1f\x8brest", "named as CSV, but it is a gzip file; name it with .gz at the end"),
        ("a.csv", b'{"text": "a"}\n', "named as CSV, but it looks like JSON; name it .jsonl where each line"),
        ("a.csv", b"<!DOCTYPE html><html>", "it is a web page or XML"),
        ("a.csv.gz", b"text,target\n", "is not a gzip file, though its name says so; remove .gz from the name"),
        ("a.csv.gz", gzip.compress(b"text,target\na,b\n" * 99, mtime=0)[:40], "the gzip file is damaged or cut off"),
        ("a.jsonl", b"[\n", "is one JSON array; expected JSON Lines, one object a line"),
        ("a.jsonl", b"text,target\n", "does not begin with '{'; expected JSON Lines"),
        ("a.parquet", b"text,target\na,b\n", "is not a Parquet file, though its name says so"),
        ("a.parquet", b"PAR1 cut off", "not readable as Parquet"),
        ("a.xlsx", b"PK\x03\x04", "cannot be read as a spreadsheet"),
        ("a.json", b'{"data": []}', "holds one dict with the keys 'data'; expected an array of objects"),
        ("a.json", b'{"a": 1}\n{"a": 2}\n', "a file with one object a line is JSON Lines: name it .jsonl"),
        ("a.json", b'[{"a": 1}, {"a"', "not readable as JSON"),
    ],
)
def test_files_that_cannot_be_read(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(DataError) as error:
        list(TableFile(path).text_rows())
    assert str(error.value).startswith(f"{path}: ")
    assert message in str(error.value)


def test_byte_offsets_count_the_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"\xef\xbb\xbf" + NO_TEXT)
    [problem] = all_problems(path)
    assert "line 3, byte 23: found byte 0xE9" in problem


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", b'text,target\n"two\nlines",x\nok,b\n"caf\xe9\nof two lines, f\xc3\xbcr",g\nd,"e"\n'),
        ("a.tsv", b'"text"\t"target"\n"two\nlines"\t"x"\n"ok"\t"b"\n"caf\xe9\nof two f\xc3\xbcr"\t"g"\n"d"\t"e"\n'),
        (
            "a.jsonl",
            b'{"text": "two\\nlines", "target": "x"}\n{"text": "ok", "target": "b"}\n'
            b'{"text": "caf\xe9 f\xc3\xbcr", "target": "g"}\n{"text": "d", "target": "e"}\n',
        ),
    ],
)
def test_bytes_that_are_not_utf8_are_a_problem_of_their_row(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    table = TableFile(path, options=TableOptions(encoding="utf-8"))
    batches = list(table.text_rows())
    assert [(number, row["target"]) for batch in batches for number, row in batch.rows] == [
        (1, "x"),
        (2, "b"),
        (4, "e"),
    ]
    [problem] = [problem for batch in batches for problem in batch.problems]
    offset = content.index(b"\xe9")
    line = content.count(b"\n", 0, offset) + 1
    assert (problem.row, problem.unbounded) == (3, False)
    assert problem.reason.startswith(f"line {line}, byte {offset}: found byte 0xE9, which is not UTF-8. Convert it: ")
    assert "caf\ufffd" in problem.value
    problem.value.encode()  # so that it can be listed


@pytest.mark.parametrize("name", ["a.csv", "a.tsv.gz", "a.jsonl", "a.parquet", "a.json"])
def test_only_spreadsheets_have_sheets(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"")
    told = r"predict.sheet=Rows is of spreadsheets \(.xlsx, .xlsm, .xlsb, .xls, .ods\); leave it out"
    with pytest.raises(DataError, match=told):
        TableFile(tmp_path / name, options=TableOptions(sheet="Rows", group="predict"))


def test_a_url_is_no_file() -> None:
    with pytest.raises(DataError, match=r"^https://example.org/a.csv: URLs are not read; download it first \(curl -L"):
        TableFile(Path("https://example.org/a.csv"))


def test_a_missing_file_names_its_neighbour(tmp_path: Path) -> None:
    (tmp_path / "tweets.csv").write_text("text\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"twets\.csv: no such file\. Did you mean 'tweets\.csv'\?"):
        TableFile(tmp_path / "twets.csv")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    folder = tmp_path / "a.csv"
    folder.mkdir()
    with pytest.raises(DataError, match=r"is a folder; expected a \.csv"):
        TableFile(folder)


@pytest.mark.parametrize(
    ("name", "content", "problems"),
    [
        (
            "a.csv",
            'text,target\n"never closed,x\na,b\n',
            ["row 1: found '\"never closed,x': a quote that opens in this row is never closed"],
        ),
        ("a.csv", 'text,target\n"a"b,x\nc,d\n', ["row 1: not readable as CSV: ',' expected after '\"'"]),
        ("a.csv", "text,target\na,b,c\n", ["row 1: found 'a,b,c': the row has 3 cells, the header has 2"]),
        ("a.csv", "text,target\na,b\rc,d\r", ["row 1: a line ends in a bare carriage return"]),
        ("a.jsonl", '{"text": "a"}\n{"text": "b', ['row 2: found \'{"text": "b\': not a complete JSON object']),
        ("a.jsonl", '{"text": "a"}\n\n{"text": "b"}\n\n', ["row 2: the line is empty"]),
        ("a.jsonl", '{"text": "a"}\n["b"]\n', ["row 2: found '[\"b\"]': expected a JSON object such as"]),
        (
            "a.jsonl",
            '{"text": {"en": "a"}}\n',
            ["row 1, column 'text': found '{\"en\": \"a\"}': holds a list or an object"],
        ),
        (
            "a.jsonl",
            '{"text": "\\ud800"}\n',
            ["row 1, column 'text': found \"'\\\\ud800'\": holds half of a character"],
        ),
    ],
)
def test_rows_that_cannot_be_read(tmp_path: Path, name: str, content: str, problems: list[str]) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8", newline="")
    found = all_problems(path)
    assert len(found) == len(problems)
    for line, start in zip(found, problems, strict=True):
        assert line.startswith(start)


def test_nested_json_is_no_problem_in_columns_that_are_not_wanted(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "a", "meta": {"x": 1}}\n', encoding="utf-8")
    assert [row for batch in TableFile(path).text_rows(["text"]) for row in batch.rows] == [(1, {"text": "a"})]


def test_nested_parquet_names_the_column(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"text": [["a"]]}), path)
    with pytest.raises(DataError, match=r"column 'text' is of type list<.*>; expected text or numbers"):
        list(TableFile(path).text_rows(["text"]))


def test_an_unclosed_quote_does_not_swallow_memory(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('text,target\n"never closed,x\n' + "some text,y\n" * 1_000, encoding="utf-8")
    [problem] = all_problems(path, max_cell_characters=1_000)
    assert "'\"never closed,x': a quote that opens in this row is never closed: it opens in line 2, and the " in problem
    # As long as the lines it takes in are rows, they are read; else nobody knows where its row ends.
    path.write_text('text,target\n"never closed,x\n' + "some, text,y\n" * 1_000, encoding="utf-8")
    assert all_problems(path, max_cell_characters=1_000)[0].startswith("row 1: a quote that opens in this row is never")


#: How often each watched file was opened; an audit hook cannot be removed.
OPENED: Counter[str] = Counter()
WATCHED: set[str] = set()


def count_opens(event: str, args: tuple[object, ...]) -> None:
    if event == "open" and str(args[0]) in WATCHED:
        OPENED[str(args[0])] += 1


sys.addaudithook(count_opens)


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "csv.gz"])
def test_a_table_is_opened_once_and_once_for_each_pass(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a.{suffix}"
    content = b'{"text": "a"}\n' if suffix == "jsonl" else b"text\na\n"
    path.write_bytes(gzip.compress(content) if suffix.endswith("gz") else content)
    WATCHED.add(str(path))
    table = TableFile(path)
    assert OPENED[str(path)] == 1
    list(table.rows())
    assert table.columns == ["text"]
    list(table.text_rows())
    assert OPENED[str(path)] == 3


def test_cells_keep_the_types_of_the_format(tmp_path: Path) -> None:
    row = {"a": 1, "b": 2.5, "c": None, "d": [True], "e": {"f": "g"}}
    (tmp_path / "a.jsonl").write_text(json.dumps(row), encoding="utf-8")
    pq.write_table(pa.Table.from_pylist([row]), tmp_path / "a.parquet")
    for name in ("a.jsonl", "a.parquet"):
        assert [found for batch in TableFile(tmp_path / name).rows() for found in batch.rows] == [(1, row)]


def test_the_columns_of_json_lines_are_those_of_all_rows(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"b": 1}\n{"broken": \n{"a": 1, "b": 2}\n', encoding="utf-8")
    table = TableFile(path)
    assert not table.has_columns
    next(table.rows())
    assert not table.has_columns
    assert table.columns == ["b", "a"]
    assert table.has_columns


def test_only_wanted_columns_of_a_parquet_file_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"a": [1], "b": [2]}), path)
    table = TableFile(path)
    assert table.columns == ["a", "b"]
    assert [row for batch in table.rows(["b", "c"]) for row in batch.rows] == [(1, {"b": 2})]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"])
def test_delimiter_and_encoding_are_found_and_said(
    tmp_path: Path, encoding: str, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes('text;target\n"grüßt, höhnt";früher\n'.encode(encoding))
    with caplog.at_level("INFO"):
        table = TableFile(path)
    assert [row for batch in table.rows() for _, row in batch.rows] == [{"text": "grüßt, höhnt", "target": "früher"}]
    said = "" if encoding.startswith("utf-8") else f" and encoding {encoding}"
    assert [record.message for record in caplog.records] == [f"{path}: read with delimiter ';'{said}"]


def test_a_delimiter_and_an_encoding_that_are_given_are_taken(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("text|target;x\npère|b;c\n".encode("cp1250", errors="replace").replace(b"?", b"\xe8"))
    table = TableFile(path, options=TableOptions(delimiter="|", encoding="cp1250"))
    assert [row for batch in table.rows() for _, row in batch.rows] == [{"text": "pčre", "target;x": "b;c"}]
    [batch] = TableFile(path, options=TableOptions(encoding="utf-8", delimiter="|")).rows()
    assert (batch.rows, [problem.row for problem in batch.problems]) == ([], [1])
    assert "found byte 0xE8, which is not UTF-8" in batch.problems[0].reason


def test_another_delimiter_than_the_one_that_is_given_is_told_with_its_setting(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("text;target\na;b\n")
    with pytest.raises(DataError, match=r"separated by ';', not by tabs; read it with read.delimiter=';'$"):
        TableFile(path, options=TableOptions(delimiter="tab", group="read"))
    path.write_text("text\ttarget\na\tb\n")
    with pytest.raises(DataError, match=r"separated by '\\t', not by '\|'; read it with read.delimiter=tab$"):
        TableFile(path, options=TableOptions(delimiter="|", group="read"))


@pytest.mark.parametrize(
    ("content", "message"),
    [('[{"a": 1, "a": 2}]', "the key 'a' occurs twice"), ('[{"a": ' + "9" * 5_000 + "}]", "not readable as JSON")],
)
def test_json_arrays_that_lose_something(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "a.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(DataError, match=message):
        TableFile(path)


def test_half_characters_deep_in_json_arrays(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('[{"a": "x", "b": ["\\ud83d"]}]', encoding="utf-8")
    assert "half of a character" in all_problems(path)[0]


def test_a_json_array_is_a_table(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('[{"text": "a"}, 7, {"text": "b", "target": 1}]', encoding="utf-8")
    table = TableFile(path)
    assert table.columns == ["text", "target"]
    assert all_rows(path) == [(1, {"text": "a"}), (3, {"text": "b", "target": "1"})]
    assert all_problems(path) == ['row 2: found \'7\': expected a JSON object such as {"text": "..."}']


@pytest.mark.parametrize(
    ("name", "content", "kept", "place"),
    [
        ("a.csv", b"text,target\na,b\nc\0d,e\nf,g\n", ["a", "f"], "line 3, byte 17"),
        ("a.csv", b"text,target\n\0,e\nf,g\n", ["f"], "line 2, byte 12"),
        ("a.tsv", b"text\ttarget\na\tb\nc\0d\te\n", ["a"], "line 3, byte 17"),
        ("a.jsonl", b'{"text": "c\0d", "target": "e"}\n{"text": "a", "target": "b"}\n', ["a"], "line 1, byte 11"),
        ("a.csv", b"text,target\nPr\xe9sident salu\xe9,b\nc\0d,e\n", ["Président salué"], "line 3, byte"),
    ],
)
def test_a_row_with_a_nul_byte_cannot_be_used_and_the_others_are_read(
    tmp_path: Path, name: str, content: bytes, kept: list[str], place: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert [row["text"] for _, row in all_rows(path)] == kept
    [problem] = all_problems(path)
    assert place in problem
    assert "a NUL byte, which no text has. Take it out" in problem
    assert "\0" not in problem


@pytest.mark.parametrize("suffix", ["jsonl", "parquet", "json"])
@pytest.mark.parametrize(
    ("text", "found"),
    [
        (5, "found '5': is a number; expected a sentence"),
        (0.5, "found '0.5': is a number; expected a sentence"),
        (True, "found 'True': is true or false; expected text"),
    ],
)
def test_text_that_is_no_text_where_the_format_knows_types(tmp_path: Path, suffix: str, text: Any, found: str) -> None:
    path = tmp_path / f"a.{suffix}"
    rows = [{"text": text, "target": 370}, {"text": None, "target": 2}]
    if suffix == "parquet":
        pq.write_table(pa.Table.from_pylist(rows), path)
    else:
        path.write_text(json.dumps(rows) if suffix == "json" else "\n".join(map(json.dumps, rows)), encoding="utf-8")
    [batch] = TableFile(path).text_rows(fields={"text": "text", "target": "target"})
    assert [str(each).removeprefix(f"{path}: ") for each in batch.problems] == [f"row 1, column 'text': {found}"]
    assert batch.rows == [(2, {"text": "", "target": "2"})]
