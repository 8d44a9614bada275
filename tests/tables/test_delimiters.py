from pathlib import Path

import pytest

from stancelab.errors import DataError
from stancelab.tables.delimiters import find_delimiter, without_sep_line
from stancelab.tables.options import TableOptions


def found(content: str, usual: str = ",") -> str:
    return find_delimiter(Path("a.csv"), content.splitlines(keepends=True), usual, TableOptions(group="data"))


@pytest.mark.parametrize(
    ("content", "usual", "delimiter"),
    [
        ("text,target,stance\na,b,favor\n", ",", ","),
        ("text;target;stance\na, with commas, and more;b;favor\n", ",", ";"),
        ("text|target|stance\na;b|c|favor\n", ",", "|"),
        ("text\ttarget\na, b\tc\n", ",", "\t"),
        ("text,target\na,b\n", "\t", ","),
        ("text;target\na;b\n", "\t", ";"),
        ('"text";"target, if any";"stance"\n"a, b";"c";favor\n"x";"y";against\n', ",", ";"),
        ('text,target\n"a; b; c",d\n"e;f",g\n', ",", ","),
        ("text,target;alias\na,b\nc,d\n", ",", ","),
        ("sep=;\ntext,a;target\nx,y;z\n", ",", ";"),
        ("text\nonly one column; with signs, and more\n", ",", ","),
        ("", ",", ","),
        ("text,target\n", ",", ","),
        ('text,target\n"never closed,a\nb,c\n', ",", ","),
    ],
)
def test_the_delimiter_is_the_one_that_makes_a_table(content: str, usual: str, delimiter: str) -> None:
    assert found(content, usual) == delimiter


def test_the_usual_delimiter_is_taken_where_it_gives_more_columns() -> None:
    assert found("text,id;target,stance\na,1;b,favor\nc,2;d,against\n") == ","


def test_as_many_columns_by_two_delimiters_are_refused() -> None:
    with pytest.raises(DataError, match=r"separated in several ways.*';' gives 2 columns.*data.delimiter=','"):
        found("text,id;target\na,1;b\nc,2;d\n")


def test_more_columns_by_another_delimiter_are_refused() -> None:
    with pytest.raises(DataError, match=r"separated in several ways"):
        found("text;target,if any;stance\na;b,c;favor\n")


def test_the_line_that_states_the_delimiter_is_no_row() -> None:
    assert list(without_sep_line(["sep=;\r\n", "a;b\n"])) == ["a;b\n"]
    assert list(without_sep_line(["a;b\n", "sep=;\n"])) == ["a;b\n", "sep=;\n"]
