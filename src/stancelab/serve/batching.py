"""Rows of requests that arrive together are computed together, by one thread."""

from __future__ import annotations

import threading
import time
from collections import deque
from concurrent.futures import Future
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from stancelab.schema import Example

    Probabilities = NDArray[np.float64]


class _Asked:
    """The rows of one request.

    Args:
        examples: The rows, one at least.
    """

    def __init__(self, examples: Sequence[Example]) -> None:
        self.examples = examples
        self.answer: Future[Probabilities] = Future()
        self.begun = 0
        self._parts: list[Probabilities] = []

    @property
    def rest(self) -> int:
        """How many rows have not been begun."""
        return len(self.examples) - self.begun

    @property
    def given_up(self) -> bool:
        """Whether nobody waits for the answer, or there is none."""
        return self.answer.done()

    def take(self, count: int) -> Sequence[Example]:
        """Return the next rows."""
        self.begun += count
        return self.examples[self.begun - count : self.begun]

    def add(self, part: Probabilities) -> None:
        """Take the answers for the rows that were taken, and answer when all are there."""
        self._parts.append(part)
        if sum(map(len, self._parts)) == len(self.examples) and self.answer.set_running_or_notify_cancel():
            self.answer.set_result(np.concatenate(self._parts))

    def fail(self, error: BaseException) -> None:
        """Answer with an error."""
        if not self.answer.done() and self.answer.set_running_or_notify_cancel():
            self.answer.set_exception(error)


class Batcher:
    """Joins the rows of requests into batches and computes one batch after the other, in a thread of its own.

    A request with many rows does not hold up others: each batch has a fair share of every request that waits. What was
    given up (its future cancelled) is not computed, but for the batch that has begun.

    Args:
        predict: Returns probabilities of shape (len(examples), 3); it is called by one thread alone.
        most_rows: Rows of a batch at most.
        wait: Seconds for which the first rows of a batch wait for others.
        observe: Is told the number of rows of each batch.
    """

    def __init__(
        self,
        predict: Callable[[Sequence[Example]], Probabilities],
        *,
        most_rows: int,
        wait: float,
        observe: Callable[[int], None] = lambda rows: None,
    ) -> None:
        self._predict = predict
        self._most_rows = most_rows
        self._wait = wait
        self._observe = observe
        self._waiting: deque[_Asked] = deque()
        self._changed = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._work, name="batches", daemon=True)
        self._thread.start()

    def submit(self, examples: Sequence[Example]) -> Future[Probabilities]:
        """Ask for the probabilities of rows; cancelling the future gives them up.

        Raises:
            RuntimeError: The batcher is closed.
        """
        asked = _Asked(examples)
        if not examples:
            asked.answer.set_result(np.zeros((0, 3)))
            return asked.answer
        with self._changed:
            if self._closed:
                raise RuntimeError("the batcher is closed")
            self._waiting.append(asked)
            self._changed.notify()
        return asked.answer

    @property
    def queued(self) -> int:
        """How many rows wait."""
        with self._changed:
            return sum(each.rest for each in self._waiting if not each.given_up)

    def close(self) -> None:
        """Compute what waits, and end the thread."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        self._thread.join()

    def _work(self) -> None:
        while (parts := self._next()) is not None:
            if parts:
                self._compute(parts)

    def _next(self) -> list[tuple[_Asked, Sequence[Example]]] | None:
        """Wait for rows and return those of the next batch, None where the batcher is closed and nothing waits."""
        with self._changed:
            while not self._waiting and not self._closed:
                self._changed.wait()
            end = time.monotonic() + self._wait
            while sum(each.rest for each in self._waiting) < self._most_rows and not self._closed:
                left = end - time.monotonic()
                if left <= 0 or not self._changed.wait(left):
                    break
            return self._taken() if self._waiting else None

    def _taken(self) -> list[tuple[_Asked, Sequence[Example]]]:
        """Take the rows of a batch: the same share of each request, then what room is left in the order of arrival."""
        self._waiting = deque(each for each in self._waiting if not each.given_up)
        counts: dict[int, int] = {}
        room = self._most_rows
        for share in (max(1, self._most_rows // max(1, len(self._waiting))), self._most_rows):
            for place, each in enumerate(self._waiting):
                more = min(share, each.rest - counts.get(place, 0), room)
                counts[place] = counts.get(place, 0) + more
                room -= more
        taken = [(each, each.take(counts[place])) for place, each in enumerate(self._waiting) if counts[place]]
        # Those that still wait stand behind those that got nothing.
        first = [each for place, each in enumerate(self._waiting) if not counts[place]]
        self._waiting = deque([*first, *(each for each, _ in taken if each.rest)])
        return taken

    def _compute(self, parts: list[tuple[_Asked, Sequence[Example]]]) -> None:
        examples = [example for _, own in parts for example in own]
        try:
            probabilities = self._predict(examples)
        except Exception as error:  # noqa: BLE001 - the thread has to go on; who asked gets the error
            if len(parts) == 1:
                parts[0][0].fail(error)
            else:  # the rows of one request shall not fail those of others
                for part in parts:
                    self._compute([part])
            return
        self._observe(len(examples))
        start = 0
        for asked, own in parts:
            asked.add(probabilities[start : start + len(own)])
            start += len(own)
