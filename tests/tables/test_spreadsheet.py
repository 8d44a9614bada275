import datetime
import sys
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from stancelab.errors import DataError, MissingPackageError
from stancelab.tables.options import TableOptions
from stancelab.tables.spreadsheet import read_sheet
from stancelab.tables.table_file import TableFile

HEADER = ["text", "target", "stance"]


def workbook(path: Path, **sheets: list[list[Any]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def rows(path: Path, sheet: str | None = None) -> list[dict[str, Any]]:
    table = TableFile(path, options=TableOptions(sheet=sheet))
    return [row for batch in table.rows() for _, row in batch.rows]


def test_cells_have_the_types_that_they_have_in_the_sheet(tmp_path: Path) -> None:
    when = datetime.datetime(2020, 5, 1, 10, 30)
    cells = ["a", 7, 1.5, True, datetime.date(2020, 5, 1), when, "007", None, datetime.time(3, 4)]
    path = workbook(tmp_path / "a.xlsx", A=[["a", "b", "c", "d", "e", "f", "g", "h", "i"], cells, ["x"]])
    assert rows(path) == [
        {
            "a": "a", "b": 7, "c": 1.5, "d": True, "e": "2020-05-01", "f": "2020-05-01T10:30:00", "g": "007",
            "h": "", "i": "03:04:00",
        },
        dict.fromkeys("abcdefghi", "") | {"a": "x"},
    ]  # fmt: skip
    assert next(row for batch in TableFile(path).text_rows() for _, row in batch.rows)["b"] == "7"


def test_empty_rows_and_columns_are_left_out(tmp_path: Path) -> None:
    table = [[None, *HEADER, None], [], [None, "a", "b", "favor"], [None, " ", None, ""], [None, "c", "d", "against"]]
    assert rows(workbook(tmp_path / "a.xlsx", A=[[], *table])) == [
        {"text": "a", "target": "b", "stance": "favor"},
        {"text": "c", "target": "d", "stance": "against"},
    ]


def test_the_only_sheet_with_cells_is_taken_and_others_are_named(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", Empty=[], Data=[HEADER, ["a", "b", "favor"]])
    assert len(rows(path)) == 1
    two = workbook(tmp_path / "b.xlsx", One=[HEADER, ["a", "b", "favor"]], Two=[HEADER, ["c", "d", "against"]])
    with pytest.raises(DataError, match=r"2 sheets have cells \('One', 'Two'\)"):
        rows(two)
    assert [row["text"] for row in rows(two, "Two")] == ["c"]
    assert [row["text"] for row in rows(two, "1")] == ["a"]
    with pytest.raises(DataError, match=r"has no sheet 'Tow', only 'One', 'Two'. Did you mean 'Two'?"):
        rows(two, "Tow")


def test_a_hidden_sheet_is_not_taken_by_itself(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", Data=[HEADER, ["a", "b", "favor"]], Old=[HEADER, ["c", "d", "against"]])
    book = openpyxl.load_workbook(path)
    book["Old"].sheet_state = "hidden"
    book.save(path)
    assert [row["text"] for row in rows(path)] == ["a"]
    assert [row["text"] for row in rows(path, "Old")] == ["c"]


def test_errors_and_formulas_without_a_value_are_problems_of_their_rows(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", A=[HEADER, ["a", "b", "favor"], ["=A2", "b", "#N/A"], ["c", "d", "#REF!"]])
    sheet = read_sheet(path, TableOptions())
    assert [row["text"] for _, row in sheet.rows] == ["a"]
    assert [str(problem).partition(": ")[2] for problem in sheet.problems] == [
        "row 2, column 'text': found '': cell A3 holds a formula whose value was not saved; open the file in a"
        " spreadsheet program and save it",
        "row 3, column 'stance': found '': cell C4 holds the error #REF!",
    ]


def test_merged_cells_are_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", A=[HEADER, ["a", "b", "favor"], ["c", None, "against"]])
    book = openpyxl.load_workbook(path)
    book["A"].merge_cells("B2:B3")
    book.save(path)
    with pytest.raises(DataError, match=r"sheet 'A': cells are merged \(B2:B3\).*unmerge them"):
        rows(path)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ([[*HEADER, None], ["a", "b", "favor", "note"]], "column D has cells but no name in row 1"),
        ([["Results of 2023"], HEADER, ["a", "b", "favor"]], "column B has cells but no name in row 1"),
        ([["text", "text"], ["a", "b"]], "column 'text' occurs more than once"),
        ([[]], "no sheet that is shown has cells"),
    ],
)
def test_sheets_that_are_no_table(tmp_path: Path, table: list[list[Any]], message: str) -> None:
    with pytest.raises(DataError, match=message):
        rows(workbook(tmp_path / "a.xlsx", A=table))


def test_files_that_are_no_spreadsheet(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", A=[HEADER])
    path.write_bytes(path.read_bytes()[:300])
    with pytest.raises(DataError, match=r"cannot be read as a spreadsheet .*; is the file cut off"):
        rows(path)
    with pytest.raises(DataError, match=r"no such file"):
        rows(tmp_path / "none.xlsx")


def test_only_a_header_gives_no_rows(tmp_path: Path) -> None:
    table = TableFile(workbook(tmp_path / "a.xlsx", A=[HEADER]))
    assert table.columns == HEADER
    assert [len(batch) for batch in table.rows()] == [0]


def test_an_open_document_sheet(tmp_path: Path) -> None:
    def row(*cells: str) -> str:
        return f"<table:table-row>{''.join(cells)}</table:table-row>"

    def text(value: str) -> str:
        return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'

    number = '<table:table-cell office:value-type="float" office:value="2020"><text:p>2020</text:p></table:table-cell>'
    names = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    body = row(text("text"), text("year")) + row(text("a &amp; b"), number)
    content = (
        f'<office:document-content{names}><office:body><office:spreadsheet><table:table table:name="S">{body}'
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(tmp_path / "a.ods", "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr("content.xml", content)
    assert rows(tmp_path / "a.ods") == [{"text": "a & b", "year": 2020}]


def test_a_zip_archive_that_is_no_spreadsheet(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("a.csv", "text,target\n")
    with pytest.raises(DataError, match=r"is a zip archive of a\.csv, and no spreadsheet; name it \.zip"):
        rows(tmp_path / "a.xlsx")


def test_the_extra_is_named_where_the_package_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    with pytest.raises(
        MissingPackageError, match=r'reading \.xlsx files needs python-calamine: .*"stancelab\[excel\]"'
    ):
        rows(workbook(tmp_path / "a.xlsx", A=[HEADER]))
