"""Rows of requests that arrive together are computed together, by one thread."""

from __future__ import annotations

import itertools
import threading
import time
from bisect import bisect_right
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
    """The rows of one request, those of one text together: they share one pass over the text.

    Args:
        examples: The rows, one at least.
        most_rows: Rows of a batch at most; a text with more is cut.
    """

    def __init__(self, examples: Sequence[Example], most_rows: int) -> None:
        texts = {text: number for number, text in enumerate(dict.fromkeys(each.text for each in examples))}
        self._places = sorted(range(len(examples)), key=lambda place: texts[examples[place].text])
        self.examples = [examples[place] for place in self._places]
        # Where the rows of a text end, or a batch of them.
        self._ends: list[int] = []
        for _, own in itertools.groupby(range(len(examples)), key=lambda row: self.examples[row].text):
            rows = list(own)
            self._ends += [*range(rows[0] + most_rows, rows[-1] + 1, most_rows), rows[-1] + 1]
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

    def fitting(self, share: int, room: int) -> int:
        """Return how many of the next rows a batch takes: those of whole texts, and of one text in any case.

        Args:
            share: Rows that the request should have; the first text may have more.
            room: Rows that are left in the batch. Where the next text does not fit, none is taken.
        """
        if not self.rest:
            return 0
        first = bisect_right(self._ends, self.begun)
        most = self.begun + min(max(share, self._ends[first] - self.begun), room)
        last = bisect_right(self._ends, most) - 1
        return self._ends[last] - self.begun if last >= first else 0

    def take(self, count: int) -> Sequence[Example]:
        """Return the next rows."""
        self.begun += count
        return self.examples[self.begun - count : self.begun]

    def add(self, part: Probabilities) -> None:
        """Take the answers for the rows that were taken, and answer when all are there."""
        self._parts.append(part)
        if sum(map(len, self._parts)) == len(self.examples) and self.answer.set_running_or_notify_cancel():
            joined = np.concatenate(self._parts)
            answer = np.empty_like(joined)
            answer[self._places] = joined
            self.answer.set_result(answer)

    def fail(self, error: BaseException) -> None:
        """Answer with an error."""
        if not self.answer.done() and self.answer.set_running_or_notify_cancel():
            self.answer.set_exception(error)


class Batcher:
    """Joins the rows of requests into batches and computes one batch after the other, in a thread of its own.

    A request with many rows does not hold up others: each batch has a share of every request that waits, as far as
    there is room. Rows of one text stay in one batch, since with the pair head they share a pass over it. What was
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
        asked = _Asked(examples, self._most_rows)
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
        """Take the rows of a batch: the same share of each request, then what room is left in the order of arrival.

        Rows of a text stay together, so that a request may get more than its share, or wait for the next batch.
        """
        self._waiting = deque(each for each in self._waiting if not each.given_up)
        parts: list[tuple[_Asked, Sequence[Example]]] = []
        room = self._most_rows
        for share in (self._most_rows // max(1, len(self._waiting)), self._most_rows):
            for each in self._waiting:
                if count := each.fitting(share, room):
                    parts.append((each, each.take(count)))
                    room -= count
        # Those that still wait stand behind those that got nothing, the first of which fits into the next batch.
        taken = {each for each, _ in parts}
        first = [each for each in self._waiting if each not in taken]
        self._waiting = deque([*first, *(each for each in self._waiting if each in taken and each.rest)])
        return parts

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
