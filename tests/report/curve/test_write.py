"""The learning curve's page has the sentences, the table and the links that its numbers give."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest

from stancelab.errors import DataError
from stancelab.report import write_curve

if TYPE_CHECKING:
    from pathlib import Path


def test_the_page_has_the_systems_and_escapes_their_names(curve_folder: Path) -> None:
    page = write_curve(curve_folder).read_text()
    assert "svm <b>" not in page
    assert "svm &lt;b&gt;" in page
    assert "stancelab curve &lt;x&gt;" in page
    assert 'href="50percent/report.html"' in page
    assert page.count("<svg") == 1
    assert "text-only ablation" in page
    assert '<td class="n">600 rows</td><td class="n">1,201 rows</td><td class="n">40.0</td>' in page
    assert (
        "| net, 600 to 1,201 rows | 40.0 | [20.0, 60.0] | 0.006 | 0.012 |" in (curve_folder / "report.md").read_text()
    )


def test_the_table_has_every_score(curve_folder: Path) -> None:
    write_curve(curve_folder)
    rows = list(csv.DictReader((curve_folder / "curve.csv").open()))
    assert len(rows) == 2 * 3 * 3
    last = next(row for row in rows if (row["size"], row["system"], row["metric"]) == ("100percent", "net", "macro_f1"))
    assert (last["train_rows"], last["runs"], last["baseline"]) == ("1201.0", "2", "False")
    assert float(last["low"]) <= float(last["mean"]) <= float(last["high"])
    assert "| **net** |" in (curve_folder / "report.md").read_text()


def test_a_folder_without_a_curve(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="run 'stancelab curve' first"):
        write_curve(tmp_path)
