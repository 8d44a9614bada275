from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from stancelab.baselines.base import SharedWork, training_rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from stancelab.schema import Example


def test_shared_work_is_done_once_for_each_key() -> None:
    done: list[str] = []
    shared = SharedWork()

    def work(name: str) -> int:
        done.append(name)
        return len(done)

    assert [shared.once(name, partial(work, name)) for name in "aba"] == [1, 2, 1]
    assert done == ["a", "b"]


def test_rows_with_one_text_share_a_group_whatever_their_letter_case(row: Callable[..., Example]) -> None:
    rows = training_rows([row("B b", "x", "favor"), row("a", "y", "against"), row("b  B", "z", "neutral")])
    assert [example.text for example in rows.examples] == ["B b", "a", "b  B"]
    assert rows.labels.tolist() == [2, 0, 1]
    assert rows.groups[0] == rows.groups[2] != rows.groups[1]
