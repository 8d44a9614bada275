from __future__ import annotations

from stancelab.inference.backends.base import batches_by_length


def test_the_longest_rows_come_first_and_every_row_once() -> None:
    assert list(batches_by_length([3, 9, 1, 9, 4], 2)) == [[1, 3], [4, 0], [2]]
    assert list(batches_by_length([], 2)) == []
