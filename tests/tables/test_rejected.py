"""Rejected rows are listed when there are any, and when nothing failed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from stancelab.errors import RowProblem
from stancelab.tables.rejected import RejectedRows

if TYPE_CHECKING:
    from pathlib import Path

PROBLEM = RowProblem("a.csv", 7, "stance", 'say "no"', "no known stance")


def test_rows_are_written_in_order(tmp_path: Path) -> None:
    with RejectedRows(tmp_path / "rejected.csv") as rejected:
        rejected.write([PROBLEM])
        rejected.write([])
        rejected.write([RowProblem("a.csv", 9, "", "", "the line is empty")])
    assert (tmp_path / "rejected.csv").read_text(encoding="utf-8").splitlines() == [
        "file,row,column,value,reason",
        'a.csv,7,stance,"say ""no""",no known stance',
        "a.csv,9,,,the line is empty",
    ]


def test_no_row_makes_no_file(tmp_path: Path) -> None:
    with RejectedRows(tmp_path / "rejected.csv") as rejected:
        rejected.write([])
    assert list(tmp_path.iterdir()) == []


def test_an_error_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), RejectedRows(tmp_path / "rejected.csv") as rejected:
        rejected.write([PROBLEM])
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []
