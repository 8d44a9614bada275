"""Each row is written to the file of its split, in the order the rows were read, in row groups of even size."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow.parquet as pq
import pytest

from stancelab.data.readers.batch import Batch
from stancelab.data.store.codes import DROPPED, SPLITS
from stancelab.data.store.rows import RowStore, RowStoreWriter
from stancelab.data.store.split_files import write_splits
from stancelab.schema import Example

if TYPE_CHECKING:
    from pathlib import Path

NAMES = (*SPLITS, "validation_mt", "test_mt")
CODES = np.array([1] * 10 + [2, 3, 4, 5, DROPPED] * 2, dtype=np.int16)


@pytest.fixture
def store(tmp_path: Path) -> RowStore:
    rows = [
        (i, Example(id=str(i), text=f"text {i}", target="it", stance="favor", corpus="mine", split="train"))
        for i in range(20)
    ]
    with RowStoreWriter(tmp_path / "rows.arrow", [], None) as writer:
        for start in range(0, 20, 3):
            writer.add(0, Batch("a.csv", rows=rows[start : start + 3]))
    return writer.finish()


def test_rows_are_in_the_file_of_their_split(store: RowStore, tmp_path: Path) -> None:
    write_splits(store, CODES, NAMES, tmp_path, prefix_ids=False, group_rows=4)
    found = {path.stem: pq.read_table(path) for path in tmp_path.glob("*.parquet")}
    assert {name: table["id"].to_pylist() for name, table in found.items()} == {
        "train": [str(i) for i in range(10)],
        "validation": ["10", "12", "15", "17"],
        "test": ["11", "16"],
        "test_mt": ["13", "18"],
    }
    assert found["validation"]["split"].to_pylist() == ["validation", "validation_mt"] * 2
    groups = pq.ParquetFile(tmp_path / "train.parquet").metadata
    assert [groups.row_group(i).num_rows for i in range(groups.num_row_groups)] == [4, 4, 2]


def test_ids_of_several_corpora_have_the_corpus_in_front(store: RowStore, tmp_path: Path) -> None:
    write_splits(store, CODES, NAMES, tmp_path, prefix_ids=True)
    assert pq.read_table(tmp_path / "test.parquet")["id"].to_pylist() == ["mine/11", "mine/16"]
