"""Lines are read back by the csv module and pandas; cells that a spreadsheet would run come back as they were."""

from __future__ import annotations

import csv
import io

import pandas as pd
import pytest

from stancelab.tables.csv_lines import Lines, Style, original_cell, safe_cell


def test_a_bare_carriage_return_is_quoted() -> None:
    lines = Lines()
    content = lines.header(["id", "text"]) + lines.row(["1", "a\rb"]) + lines.row([2, 'c, "d"\n'])
    assert content == 'id,text\n1,"a\rb"\n2,"c, ""d""\n"\n'
    assert pd.read_csv(io.StringIO(content))["text"].tolist() == ["a\rb", 'c, "d"\n']


def test_other_delimiters_in_a_name_are_quoted() -> None:
    assert Lines().header(["a;b", "c"]) + Lines().row(["a;b", "c"]) == '"a;b",c\na;b,c\n'
    assert Lines("\t").header(["a;b", "c"]) == "a;b\tc\n"


def test_an_empty_cell_alone_is_a_row() -> None:
    assert list(csv.reader(io.StringIO(Lines().row([""])))) == [[""]]


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1 vote", "-- yes", "@who", "\tx", "\rx", "\nx", "'=1", "''@x", " =1", "＝1"]
)
def test_what_a_spreadsheet_runs_gets_an_apostrophe(cell: str) -> None:
    assert safe_cell(cell) == f"'{cell}"
    assert original_cell(safe_cell(cell)) == cell


@pytest.mark.parametrize("cell", ["", "a=b", "-5", "+3.25", "-1e-3", "'twas", "'", "#x"])
def test_what_a_spreadsheet_does_not_run_stays(cell: str) -> None:
    assert safe_cell(cell) == cell
    assert original_cell(cell) == cell


def test_a_number_behind_an_apostrophe_comes_back() -> None:
    assert original_cell(safe_cell("'-5")) == "'-5"


def test_styles() -> None:
    people = Lines(style=Style(byte_order_mark=True, safe_cells=True))
    assert people.header(["id", "=x"]) == "\ufeffid,'=x\n"
    assert people.row(["@a", -0.5]) == "'@a,-0.5\n"
    assert Lines("\t", Style(quoted_header=True)).header(["id", "text"]) == '"id"\t"text"\n'
