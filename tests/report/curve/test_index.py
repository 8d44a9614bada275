from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from stancelab.errors import DataError
from stancelab.report.curve.index import CurveIndex, Size, read_index, write_index

if TYPE_CHECKING:
    from pathlib import Path


def test_what_is_written_is_read(tmp_path: Path) -> None:
    index = CurveIndex(title="small", commands=["run"], sizes=[Size(name="8shots", title="8 shots", train_rows=24.5)])
    write_index(tmp_path, index)
    assert read_index(tmp_path) == index


def test_an_incomplete_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "curve.json").write_text('{"title": "small"}')
    with pytest.raises(DataError, match=r"not readable or incomplete .*sizes"):
        read_index(tmp_path)
