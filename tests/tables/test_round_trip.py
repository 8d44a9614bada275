"""Any rows that are written come back the same, in every format, or are refused by name."""

from __future__ import annotations

import math
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stancelab.errors import DataError
from stancelab.inference.jobs.plan import Survey
from stancelab.tables.cells import flat_text
from stancelab.tables.csv_lines import Style, needs_quotes
from stancelab.tables.pieces import Layout, join_pieces, open_piece
from stancelab.tables.table_file import TableFile
from stancelab.tables.writable import check_columns, kind_of, unwritable
from stancelab.tables.writers import arrow_types

if TYPE_CHECKING:
    from stancelab.tables.formats import Format

QUICK = settings(max_examples=40, deadline=None, database=None)
#: Characters that formats treat in ways of their own, and any others.
TEXT = st.text(st.sampled_from("a,\t\"'\r\n =+-@;\0\ufeff\u2028é😀") | st.characters(), max_size=12)
NAME = st.text(st.sampled_from("ab,\t\"'\r\n =_") | st.characters(codec="utf-8"), min_size=1, max_size=6)
SCALAR = TEXT | st.none() | st.booleans() | st.integers() | st.floats()
NESTED = st.lists(SCALAR, max_size=2) | st.dictionaries(TEXT, SCALAR, max_size=2)


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[str], list[dict[str, Any]]]:
    """A table as a reader of JSON Lines yields it: columns, and rows that may lack some."""
    names = draw(st.lists(NAME, min_size=1, max_size=4, unique=True))
    rows = draw(st.lists(st.dictionaries(st.sampled_from(names), SCALAR | NESTED, min_size=1), min_size=1, max_size=4))
    return names, rows


def write(path: Path, kind: Format, names: list[str], rows: list[dict[str, Any]], style: Style) -> None:
    check_columns(path, kind, names)
    for row in rows:
        wrong = unwritable(kind, row)
        if wrong is not None:
            raise DataError(f"{wrong[0]}: {wrong[2]}")
    survey = Survey()
    for row in rows:
        for name, cell in row.items():
            survey.types.setdefault(name, set()).add(kind_of(cell))
    source = type("Source", (), {"schema": None, "columns": names})()
    layout, piece = Layout(path, names, arrow_types(source, survey.types), style), path.with_name("piece")
    with open_piece(piece, layout) as writer:
        writer.write(rows)
    join_pieces([piece], layout, path.with_name("joined"))


def as_text(names: list[str], rows: list[dict[str, Any]]) -> list[dict[str, str]]:
    return [{name.strip(): flat_text(row.get(name)) for name in names} for row in rows]


def plain(cell: Any) -> Any:
    """A cell as it comes back from JSON."""
    if isinstance(cell, float):
        return None if math.isnan(cell) else cell
    if isinstance(cell, int) and not isinstance(cell, bool):
        return cell if -(2**63) <= cell < 2**63 else str(cell)
    if isinstance(cell, dict):
        return {name: plain(each) for name, each in cell.items()}
    return [plain(each) for each in cell] if isinstance(cell, list) else cell


@pytest.mark.parametrize("is_safe", [False, True])
@pytest.mark.parametrize("kind", ["csv", "tsv"])
@QUICK
@given(table=tables())
def test_csv_and_tsv(kind: Format, is_safe: bool, table: tuple[list[str], list[dict[str, Any]]]) -> None:
    names, rows = table
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"a.{kind}"
        cells = [*names, *(flat_text(cell) for row in rows for cell in row.values())]
        quoted = kind == "tsv" and (len(names) == 1 or any(map(needs_quotes, cells)))
        try:
            style = Style(byte_order_mark=is_safe, safe_cells=is_safe, quoted_header=quoted)
            write(path, kind, names, rows, style)
            batches = list(TableFile(path, safe_cells=is_safe).rows())
        except DataError:
            return
    assert [problem for batch in batches for problem in batch.problems] == []
    assert [row for batch in batches for _, row in batch.rows] == as_text(names, rows)


@QUICK
@given(table=tables())
def test_json_lines(table: tuple[list[str], list[dict[str, Any]]]) -> None:
    names, rows = table
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.jsonl"
        try:
            write(path, "jsonl", names, rows, Style())
        except DataError:
            return
        [batch] = TableFile(path).rows()
    assert batch.problems == []
    assert [row for _, row in batch.rows] == [plain(row) for row in rows]


@QUICK
@given(table=tables())
def test_parquet(table: tuple[list[str], list[dict[str, Any]]]) -> None:
    names, rows = table
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.parquet"
        try:
            write(path, "parquet", names, rows, Style())
        except DataError:
            return
        found = [row for batch in TableFile(path).rows() for _, row in batch.rows]
    for row, back in zip(rows, found, strict=True):
        for name in names:
            cell, read = row.get(name), back[name]
            same = read == cell or (cell is None and read is None) or read == flat_text(cell)
            assert same or (isinstance(cell, float) and math.isnan(cell) and (read is None or math.isnan(read)))
