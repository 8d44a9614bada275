"""The name of a file tells its format."""

from __future__ import annotations

from pathlib import Path

import pytest

from stancelab.errors import DataError
from stancelab.tables.formats import format_of


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.csv", "csv"),
        ("A.TSV", "tsv"),
        ("a.csv.gz", "csv"),
        ("a.jsonl", "jsonl"),
        ("a.ndjson.gz", "jsonl"),
        ("a.b.parquet", "parquet"),
        ("a.json", "json"),
        ("a.tab", "tsv"),
        ("a.txt", "tsv"),
        ("a.TXT.gz", "tsv"),
        ("a.csv.zst", "csv"),
        ("a.csv.zip", "csv"),
        ("a.XLSX", "excel"),
        ("a.ods", "excel"),
    ],
)
def test_names_of_tables(name: str, kind: str) -> None:
    assert format_of(Path(name)) == kind


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("a.text", r"ends in '\.text'"),
        ("a", "has no ending"),
        ("a.gz", r"ends in '\.gz'"),
        ("a.feather", r"ends in '\.feather'"),
    ],
)
def test_other_names(name: str, found: str) -> None:
    with pytest.raises(DataError, match=rf"the name {found}; expected \.csv, \.tsv, \.txt, \.jsonl, \.ndjson"):
        format_of(Path(name))
