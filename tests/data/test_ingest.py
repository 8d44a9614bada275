"""All corpora are read once; rows that cannot be used are counted, listed, and stop what may not go on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

from stancelab.data.column_settings import ColumnSettings
from stancelab.data.ingest import ingest
from stancelab.data.manifest import InputFile
from stancelab.data.settings import CorpusSettings
from stancelab.data.sources import sources_of
from stancelab.errors import DataError
from stancelab.files import sha256_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Rows = list[dict[str, str]]


def spoiled(rows: Rows) -> Rows:
    """Give one row an unknown stance and no text, and one the id of the row before it."""
    rows = [row | {"nr": str(i)} for i, row in enumerate(rows[:10])]
    rows[3] |= {"stance": "???", "text": ""}
    rows[7]["nr"] = rows[6]["nr"]
    return rows


def test_rows_that_cannot_be_used_are_counted_and_listed(
    rows: Rows, write_csv: Callable[..., Path], tmp_path: Path
) -> None:
    path = write_csv(spoiled(rows))
    corpus = CorpusSettings(name="mine", path=str(path), columns=ColumnSettings(id="nr"), on_bad_rows="drop")
    with ingest([corpus], tmp_path, batch_rows=4) as ingested:
        assert len(ingested.store.keys) == 9
        assert ingested.usable.tolist() == [True] * 6 + [False] + [True] * 2
        assert ingested.rejected == 2
        assert ingested.inputs(sources_of([corpus])) == [
            InputFile(corpus="mine", file=str(path), sha256=sha256_of(path), rows=10)
        ]
        assert (tmp_path / ".rows.arrow").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine.csv", "rejected.csv"]
    rejected = pd.read_csv(tmp_path / "rejected.csv", keep_default_na=False)
    assert list(zip(rejected["row"], rejected["column"], strict=True)) == [(4, "stance"), (4, "text"), (8, "nr")]


@pytest.mark.parametrize("name", ["text", "target", "source"])
def test_control_characters_are_refused_by_row_and_column_or_dropped(
    rows: Rows, write_csv: Callable[..., Path], tmp_path: Path, name: str
) -> None:
    rows = [dict(row) for row in rows[:6]]
    rows[1] |= {name: "a \t\f\v \x85 \u200b b"}
    rows[2] |= {name: "a\x1bb"}
    rows[4] |= {name: "a\x7fb"}
    path = str(write_csv(rows))
    told = rf"2 problems in 2 rows; nothing is written\n(.*\n)*.*row 3, column '{name}': found 'a␛b': holds the control"
    with (
        pytest.raises(DataError, match=rf"{told} character U\+001B at 1"),
        ingest([CorpusSettings(path=path)], tmp_path),
    ):
        pass
    with ingest([CorpusSettings(path=path, on_bad_rows="drop")], tmp_path) as ingested:
        assert (len(ingested.store.keys), ingested.rejected) == (4, 2)
    rejected = pd.read_csv(tmp_path / "rejected.csv")
    assert list(zip(rejected["row"], rejected["column"], rejected["value"], strict=True)) == [
        (3, name, "a␛b"),
        (5, name, "a␡b"),
    ]


def test_rows_that_may_not_be_dropped_stop_it(rows: Rows, write_csv: Callable[..., Path], tmp_path: Path) -> None:
    corpus = CorpusSettings(path=str(write_csv(spoiled(rows))))
    with (
        pytest.raises(DataError, match=r"2 problems in 1 row; nothing is written\n.*row 4, column 'stance'"),
        ingest([corpus], tmp_path),
    ):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["mine.csv"]


def test_a_condition_that_leaves_out_all_rows_is_told(
    rows: Rows, write_csv: Callable[..., Path], tmp_path: Path
) -> None:
    path = write_csv([row | {"year": str(2000 + number % 3)} for number, row in enumerate(rows[:9])])
    told = r"no rows left:\n.*: data.where='year > 2010' leaves out all 9 rows: 'year' has '2000', '2001', '2002'$"
    with (
        pytest.raises(DataError, match=told),
        ingest([CorpusSettings(path=str(path), where="year > 2010")], tmp_path) as ingested,
    ):
        ingested.check()


def test_bytes_that_are_no_text_and_open_quotes_are_rows_that_cannot_be_used(
    rows: Rows, write_csv: Callable[..., Path], tmp_path: Path
) -> None:
    path = write_csv(rows[:6])
    lines = path.read_bytes().splitlines(keepends=True)
    lines[2] = lines[2].replace(b",", b"\xe9,", 1)
    lines[4] = b'"' + lines[4]
    path.write_bytes(b"".join(lines))
    corpus = CorpusSettings(path=str(path), encoding="utf-8", on_bad_rows="drop")
    with ingest([corpus], tmp_path) as ingested:
        assert (len(ingested.store.keys), ingested.rejected) == (4, 2)
    rejected = pd.read_csv(tmp_path / "rejected.csv", keep_default_na=False)
    assert rejected["row"].tolist() == [2, 4]
    assert rejected["reason"].str.contains("which is not UTF-8|a quote that opens in this row is never closed").all()
    with (
        pytest.raises(DataError, match="2 problems in 2 rows; nothing is written"),
        ingest([CorpusSettings(path=str(path), encoding="utf-8")], tmp_path) as ingested,
    ):
        ingested.check()


def test_a_block_that_fails_leaves_nothing(rows: Rows, write_csv: Callable[..., Path], tmp_path: Path) -> None:
    corpus = CorpusSettings(path=str(write_csv(spoiled(rows))), on_bad_rows="drop")
    with pytest.raises(RuntimeError), ingest([corpus], tmp_path):
        raise RuntimeError
    assert [path.name for path in tmp_path.iterdir()] == ["mine.csv"]


def test_short_names_that_no_row_has_are_warned_of(rows: Rows, write_csv: Callable[..., Path], tmp_path: Path) -> None:
    path = write_csv(rows[:4])
    corpus = CorpusSettings(name="mine", path=str(path), target_names={rows[0]["target"]: "the first", "NOPE": "x"})
    with ingest([corpus], tmp_path) as ingested:
        assert ingested.store.value("target", 0) == "the first"
        [note] = [note for note in ingested.notes if "target_names" in note.text]
    assert note.is_warning
    assert note.text.startswith("mine: data.target_names has names that no row has: 'NOPE'.")
