"""Batches: how many rows of a file they stand for, and how many one holds at most."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from stancelab.errors import RowProblem
from stancelab.tables.batches import BATCH_ROWS, RowBatch
from stancelab.tables.table_file import TableFile

if TYPE_CHECKING:
    from pathlib import Path


def test_rows_that_could_not_be_read_count_too() -> None:
    batch = RowBatch([(1, {"text": "a"}), (3, {"text": "b"})], [RowProblem("a.csv", 2, "", "", "the line is empty")])
    assert len(batch) == 3
    assert len(RowBatch()) == 0


def test_batches_share_nothing() -> None:
    RowBatch().rows.append((1, {}))
    RowBatch().problems.append(RowProblem("a.csv", 2, "", "", "the line is empty"))
    assert RowBatch() == RowBatch([], [], 0)


@pytest.mark.parametrize(("name", "head", "line"), [("a.csv", "text\n", "x\n"), ("a.jsonl", "", '{"text": "x"}\n')])
def test_a_reader_fills_its_batches_and_says_how_far_it_is(tmp_path: Path, name: str, head: str, line: str) -> None:
    path = tmp_path / name
    path.write_text(head + line * (2 * BATCH_ROWS + 1))
    batches = list(TableFile(path).rows())
    assert [len(batch) for batch in batches] == [BATCH_ROWS, BATCH_ROWS, 1]
    assert [batch.rows[0][0] for batch in batches] == [1, BATCH_ROWS + 1, 2 * BATCH_ROWS + 1]
    reached = [batch.bytes_read for batch in batches]
    assert sorted(reached) == reached
    assert reached[-1] == path.stat().st_size
