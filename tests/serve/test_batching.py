"""Rows of several requests in one call, each with its own answers; fair, and nothing for those who have gone."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import numpy as np
import pytest

from stancelab.schema import Example
from stancelab.serve.batching import Batcher

if TYPE_CHECKING:
    from collections.abc import Sequence

WAIT = 60


def rows(name: str, count: int) -> list[Example]:
    return [Example(id=str(number), text=f"{name} {number}", target="x") for number in range(count)]


class Predictor:
    """Answers with the row's number; the first call waits until it is let go."""

    def __init__(self) -> None:
        self.begun, self.let_go = threading.Event(), threading.Event()
        self.calls: list[list[str]] = []

    def __call__(self, examples: Sequence[Example]) -> np.ndarray:
        self.calls.append([example.text for example in examples])
        self.begun.set()
        self.let_go.wait(WAIT)
        if any("bad" in example.text for example in examples):
            raise ValueError("bad")
        numbers = np.array([float(example.text.split()[1]) for example in examples])
        return np.stack([numbers, numbers + 0.5, numbers + 0.25], axis=1)


@pytest.fixture
def predictor() -> Predictor:
    return Predictor()


def batcher_of(predictor: Predictor, most: int) -> Batcher:
    return Batcher(predictor, most_rows=most, wait=0)


def test_what_waits_is_computed_in_one_call(predictor: Predictor) -> None:
    batcher = batcher_of(predictor, 100)
    first = batcher.submit(rows("first", 1))
    assert predictor.begun.wait(WAIT)
    answers = [batcher.submit(rows(name, count)) for name, count in (("a", 2), ("b", 3), ("c", 1))]
    assert batcher.queued == 6
    predictor.let_go.set()
    assert [answer.result(WAIT)[:, 0].tolist() for answer in answers] == [[0, 1], [0, 1, 2], [0]]
    assert first.result(WAIT).tolist() == [[0, 0.5, 0.25]]
    assert [len(call) for call in predictor.calls] == [1, 6]
    batcher.close()


def test_a_large_request_does_not_hold_up_a_small_one(predictor: Predictor) -> None:
    batcher = batcher_of(predictor, 4)
    batcher.submit(rows("first", 1))
    assert predictor.begun.wait(WAIT)
    large, small = batcher.submit(rows("large", 10)), batcher.submit(rows("small", 1))
    predictor.let_go.set()
    assert large.result(WAIT)[:, 0].tolist() == list(range(10))
    assert small.result(WAIT)[:, 0].tolist() == [0]
    assert "small 0" in predictor.calls[1]
    assert [len(call) for call in predictor.calls] == [1, 4, 4, 3]
    batcher.close()


def test_more_requests_than_a_batch_has_rows_are_all_answered(predictor: Predictor) -> None:
    batcher = batcher_of(predictor, 3)
    batcher.submit(rows("first", 1))
    assert predictor.begun.wait(WAIT)
    answers = [batcher.submit(rows("each", 2)) for _ in range(7)]
    predictor.let_go.set()
    assert [answer.result(WAIT)[:, 0].tolist() for answer in answers] == [[0, 1]] * 7
    assert max(map(len, predictor.calls)) == 3
    batcher.close()


def of_texts(*texts: str) -> list[Example]:
    return [Example(id=str(place), text=text, target="x") for place, text in enumerate(texts)]


def test_the_rows_of_a_text_are_computed_in_one_pass(predictor: Predictor) -> None:
    """With the pair head a call passes once over each of its texts: the rows of eight requests need 64 passes."""
    batcher = batcher_of(predictor, 10)
    batcher.submit(rows("first", 1))
    assert predictor.begun.wait(WAIT)
    # Texts 0 to 7 of each request with 3, 1, 2, 3, ... rows, which come mixed.
    given = [
        of_texts(
            *(f"{name}_{number} {number}" for turn in range(3) for number in range(8) if turn < (3, 1, 2)[number % 3])
        )
        for name in "abcdefgh"
    ]
    answers = [batcher.submit(each) for each in given]
    predictor.let_go.set()
    for own, answer in zip(given, answers, strict=True):
        assert answer.result(WAIT)[:, 0].tolist() == [float(each.text.split()[1]) for each in own]
    assert sum(len(set(call)) for call in predictor.calls[1:]) == 64
    assert max(map(len, predictor.calls)) <= 10
    batcher.close()


def test_a_text_with_more_rows_than_a_batch_is_cut_and_holds_nobody_up(predictor: Predictor) -> None:
    batcher = batcher_of(predictor, 4)
    batcher.submit(rows("first", 1))
    assert predictor.begun.wait(WAIT)
    long = batcher.submit(of_texts(*["long 5"] * 10))
    others = [batcher.submit(of_texts(*[f"other {number}"] * 3)) for number in range(2)]
    predictor.let_go.set()
    assert long.result(WAIT)[:, 0].tolist() == [5.0] * 10
    assert [each.result(WAIT)[:, 0].tolist() for each in others] == [[0.0] * 3, [1.0] * 3]
    assert [(call[0], len(call)) for call in predictor.calls[1:]] == [
        ("long 5", 4), ("other 0", 3), ("other 1", 3), ("long 5", 4), ("long 5", 2),
    ]  # fmt: skip
    batcher.close()


def test_what_was_given_up_is_not_computed(predictor: Predictor) -> None:
    batcher = batcher_of(predictor, 100)
    batcher.submit(rows("first", 1))
    assert predictor.begun.wait(WAIT)
    given_up, kept = batcher.submit(rows("given_up", 3)), batcher.submit(rows("kept", 1))
    assert given_up.cancel()
    assert batcher.queued == 1
    predictor.let_go.set()
    kept.result(WAIT)
    assert predictor.calls == [["first 0"], ["kept 0"]]
    batcher.close()


def test_rows_that_fail_fail_alone(predictor: Predictor) -> None:
    batcher = batcher_of(predictor, 100)
    batcher.submit(rows("first", 1))
    assert predictor.begun.wait(WAIT)
    bad, good = batcher.submit(rows("bad", 2)), batcher.submit(rows("good", 2))
    predictor.let_go.set()
    assert good.result(WAIT)[:, 0].tolist() == [0, 1]
    with pytest.raises(ValueError, match="bad"):
        bad.result(WAIT)
    assert batcher.submit(rows("after", 1)).result(WAIT)[:, 0].tolist() == [0]
    batcher.close()


def test_closing_finishes_what_waits_and_takes_no_more(predictor: Predictor) -> None:
    batcher = batcher_of(predictor, 2)
    answers = [batcher.submit(rows("each", 3)) for _ in range(3)]
    predictor.let_go.set()
    batcher.close()
    assert [answer.result(0)[:, 0].tolist() for answer in answers] == [[0, 1, 2]] * 3
    with pytest.raises(RuntimeError, match="closed"):
        batcher.submit(rows("late", 1))


def test_no_rows_are_answered_at_once(predictor: Predictor) -> None:
    batcher = batcher_of(predictor, 2)
    assert batcher.submit([]).result(0).shape == (0, 3)
    batcher.close()
    assert predictor.calls == []


def test_rows_wait_for_those_of_others(predictor: Predictor) -> None:
    predictor.let_go.set()
    batcher = Batcher(predictor, most_rows=2, wait=WAIT)
    answers = [batcher.submit(rows("each", 1)) for _ in range(2)]
    assert [answer.result(WAIT)[:, 0].tolist() for answer in answers] == [[0], [0]]
    assert predictor.calls == [["each 0", "each 0"]]
    batcher.close()
