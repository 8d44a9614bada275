from __future__ import annotations

from typing import TYPE_CHECKING

from stancelab.encoding import EncodedText
from stancelab.inference.backends.base import batches_by_length

if TYPE_CHECKING:
    from collections.abc import Iterable


def text(length: int, *rows: int) -> EncodedText:
    return EncodedText({"input_ids": [0] * length}, rows)


def rows_of(batches: Iterable[list[EncodedText]]) -> list[list[int]]:
    return [[row for each in batch for row in each.rows] for batch in batches]


def test_the_longest_texts_come_first_and_every_text_once() -> None:
    texts = [text(length, number) for number, length in enumerate([3, 9, 1, 9, 4])]
    assert rows_of(batches_by_length(texts, 2)) == [[1, 3], [4, 0], [2]]
    assert list(batches_by_length([], 2)) == []


def test_texts_with_many_rows_come_fewer_at_a_time() -> None:
    texts = [
        text(5, *range(10)),
        text(4, *range(10, 14)),
        text(3, *range(14, 17)),
        text(2, *range(17, 60)),
        text(1, 60),
    ]
    assert [len(rows) for rows in rows_of(batches_by_length(texts, 2))] == [14, 3, 43, 1]


def test_a_batch_has_no_more_tokens_than_are_allowed() -> None:
    texts = [text(length) for length in (3, 60, 40, 100, 30, 500)]
    batches = list(batches_by_length(texts, 64, 120))
    assert [[len(each) for each in batch] for batch in batches] == [[500], [100], [60, 40], [30, 3]]
