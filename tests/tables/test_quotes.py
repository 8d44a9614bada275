"""Quotes take in no rows without a word, and a TSV is quoted only where it shows it."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest

from stancelab.tables.options import TableOptions
from stancelab.tables.quotes import open_quote, shape_of, shows_quoting
from stancelab.tables.table_file import TableFile

if TYPE_CHECKING:
    from pathlib import Path

    from stancelab.errors import RowProblem

HEADER = "id\ttext\ttarget\n"


def read(path: Path, **options: str) -> tuple[list[list[str]], list[RowProblem], list[str]]:
    batches = list(TableFile(path, options=TableOptions(group="data", **options)).text_rows())
    rows = [list(row.values()) for batch in batches for _, row in batch.rows]
    return rows, [each for batch in batches for each in batch.problems], [w for b in batches for w in b.warnings]


def write(tmp_path: Path, content: str, name: str = "a.tsv") -> Path:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8", newline="")
    return path


@pytest.mark.parametrize(
    ("content", "is_quoted"),
    [
        (HEADER + "1\ta\tb\n", False),
        (HEADER + '1\t"An opening quote\tb\n2\tc\td\n3\tits end"\tb\n', False),
        (HEADER + '1\tsays "no" twice\tb\n2\tc\td\n', False),
        (HEADER + '1\t"a quotation"\tb\n2\tc\td\n', False),
        (HEADER + '1\t"a quotation"\tb\n2\t"and ""another"""\td\n', True),
        (HEADER + '1\t"a"\tb\n2\t"c"\td\n', True),
        ('"id"\t"text"\t"target"\n1\t"a"\tb\n2\tc\td\n', True),
        (HEADER + '1\t"a tab\tin a cell"\tb\n2\tc\td\n', True),
        (HEADER + '1\t"two\nlines"\tb\n2\tc\td\n', True),
        (HEADER + '1\t"An opening quote\tb\n2\tone cell less\n3\tits end"\tb\n', False),
        (HEADER + '1\t"a quotation"\tb\n2\tone cell less\n', False),
    ],
)
def test_whether_a_tsv_is_quoted(content: str, is_quoted: bool) -> None:
    lines = content.splitlines(keepends=True)
    assert shows_quoting(shape_of(lines), lines) is is_quoted


def test_quotes_of_a_tsv_are_text(tmp_path: Path) -> None:
    path = write(tmp_path, HEADER + '1\t"An opening quote\tb\n2\tc\td\n3\tits end"\tb\n')
    rows, problems, warnings = read(path)
    assert rows == [["1", '"An opening quote', "b"], ["2", "c", "d"], ["3", 'its end"', "b"]]
    assert (problems, warnings) == ([], [])


def test_a_quotation_keeps_its_quotes_and_is_told(tmp_path: Path) -> None:
    path = write(tmp_path, HEADER + '1\t"a quotation"\tb\n2\tc\td\n')
    rows, _, [warning] = read(path)
    assert rows[0][1] == '"a quotation"'
    assert "a.tsv: 1 cell between quotes; the quotes are read as part of the text" in warning
    assert "data.quoting=minimal takes them off" in warning
    assert read(path, quoting="minimal")[0][0][1] == "a quotation"


def test_quoting_may_be_switched_off_for_csv(tmp_path: Path) -> None:
    path = write(tmp_path, 'text,target\n"open,b\nc,d\n', "a.csv")
    assert read(path, quoting="none")[0] == [['"open', "b"], ["c", "d"]]


def test_an_unclosed_quote_says_where_it_opens_and_what_it_swallows(tmp_path: Path) -> None:
    path = write(tmp_path, 'id,text,target\n1,a,b\n\n2,"two\nlines","open\n3,c,d\n4,e,f\n', "a.csv")
    rows, [problem], _ = read(path)
    assert rows == [["1", "a", "b"]]
    assert problem.unbounded
    assert problem.row == 2
    assert "never closed: it opens in line 5, and the 2 lines after it would be part of its cell" in problem.reason
    assert problem.reason.endswith("or read the file without quoting: data.quoting=none")


@pytest.mark.parametrize(
    ("third", "is_read"),
    [('3,"closed",f', "closed"), ('3,is "closed",f', 'is "closed"'), ('3,closes",f,x', None), ('3,"c, e",f', "c, e")],
)
def test_rows_that_an_open_quote_would_take_in_are_read(tmp_path: Path, third: str, is_read: str | None) -> None:
    path = write(tmp_path, f'id,text,target\n1,"open,b\n2,c,d\n{third}\n4,g,h\n', "a.csv")
    rows, problems, _ = read(path)
    assert rows == [["2", "c", "d"], *([["3", is_read, "f"]] if is_read else []), ["4", "g", "h"]]
    assert [(each.row, each.unbounded) for each in problems] == [(1, False), *([] if is_read else [(3, False)])]
    assert "it opens in line 2" in problems[0].reason
    assert problems[0].value == '1,"open,b'


def test_each_open_quote_is_a_row_of_its_own(tmp_path: Path) -> None:
    path = write(tmp_path, 'id,text,target\n1,"open,b\n2,c,d\n3,"open,f\n\n4,g,h\n5,"open,j\n', "a.csv")
    rows, problems, _ = read(path)
    assert rows == [["2", "c", "d"], ["4", "g", "h"]]
    assert [(problem.row, problem.unbounded) for problem in problems] == [(1, False), (3, False), (5, False)]


@pytest.mark.parametrize(
    "content",
    [
        'id,text,target\n1,"a text, of\nseveral, lines\n2,c,d\n',  # the text may go on in any line
        'id,text,target\n1,"open,b\n2,c,d\nmore, of, the, text\n3,e,f\n',
        'id,text,target\n1,"two\nlines","open\n2,c,d\n3,e,f\n',
    ],
)
def test_where_lines_are_no_rows_nobody_knows_where_the_quote_ends(tmp_path: Path, content: str) -> None:
    _, problems, _ = read(write(tmp_path, content, "a.csv"))
    assert [(problem.row, problem.unbounded) for problem in problems] == [(1, True)]


def test_an_open_quote_of_the_last_line_takes_in_no_other(tmp_path: Path) -> None:
    rows, [problem], _ = read(write(tmp_path, 'id,text,target\n1,a,b\n2,"cut o', "a.csv"))
    assert (rows, problem.row, problem.unbounded) == ([["1", "a", "b"]], 2, False)


def test_a_quote_that_a_later_row_closes_is_told(tmp_path: Path) -> None:
    path = write(tmp_path, 'id,text,target\n0,a,b\n1,"open,b\n2,c,d\n3,closed",f\n', "a.csv")
    rows, problems, [warning] = read(path)
    assert (len(rows), problems) == (2, [])
    assert "a.csv: line 3: a quote that opens in row 2 closes in line 5; the cell takes in 2 lines that look" in warning


def test_many_such_rows_are_counted(tmp_path: Path) -> None:
    path = write(tmp_path, "id,text,target\n" + '1,"open,b\n3,closed",f\n' * 5, "a.csv")
    _, _, warnings = read(path)
    assert len(warnings) == 4
    assert warnings[-1].endswith("2 more rows with cells that take in such lines")


def test_a_text_of_several_lines_is_not_told(tmp_path: Path) -> None:
    path = write(tmp_path, 'id,text,target\n1,"first line,\nsecond, with, commas",b\n2,"a\nb"\n', "a.csv")
    _, [problem], warnings = read(path)
    assert warnings == []
    assert not problem.unbounded
    assert problem.reason.endswith("is a quote or a comma missing? It takes in lines 4 to 5")


def test_a_carriage_return_that_ends_rows_is_never_left_out_alone(tmp_path: Path) -> None:
    _, [problem], _ = read(write(tmp_path, "text,target\na,b\rc,d\re,f\n", "a.csv"))
    assert problem.unbounded
    _, [problem], _ = read(write(tmp_path, "text,target\na word\rand another,b\n", "a.csv"))
    assert not problem.unbounded


def test_where_a_quote_opens() -> None:
    assert open_quote(["a,b\n"], ",") is None
    assert open_quote(['a,"b ""c"" \n', 'd","e\n'], ",") == 1
    assert open_quote(['a,b "c" d,"e\n', "f\n"], ",") == 0


def test_a_tsv_of_another_program_is_read_as_it_was_written(tmp_path: Path) -> None:
    rows = [["1", 'He said "no".', "b"], ["2", "tab\there", "c"], ["3", "two\nlines", "d"], ["4", '"whole"', "e"]]
    with (tmp_path / "a.tsv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter="\t").writerows([["id", "text", "target"], *rows])
    assert read(tmp_path / "a.tsv")[0] == rows


def test_quoting_is_looked_for_wherever_tabs_separate(tmp_path: Path) -> None:
    rows, problems, _ = read(write(tmp_path, HEADER + '1\t"open\tb\n2\tc\td\n', "a.csv"))
    assert (rows, problems) == ([["1", '"open', "b"], ["2", "c", "d"]], [])
    rows, problems, warnings = read(write(tmp_path, 'id;text;target\n1;"a;b";c\n'))
    assert (rows, problems, warnings) == ([["1", "a;b", "c"]], [], [])


def test_lines_are_counted_with_the_one_that_states_the_delimiter(tmp_path: Path) -> None:
    _, [problem], _ = read(write(tmp_path, 'sep=;\nid;text;target\n1;a;b\n2;"c;d\n3;e;f\n', "a.csv"))
    assert "it opens in line 4" in problem.reason
    rows, _, _ = read(write(tmp_path, 'sep=\t\n"id"\t"text"\n"1"\t"a"\n', "b.csv"))
    assert rows == [["1", "a"]]
