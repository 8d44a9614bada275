"""Waits for work that threads do, until it is done, takes too long, or its caller has gone."""

from __future__ import annotations

import asyncio
import threading
import time
from concurrent.futures import CancelledError
from typing import TYPE_CHECKING, Any, TypeVar

from stancelab.serve.problems import Problem

if TYPE_CHECKING:
    from concurrent.futures import Future

    import numpy as np
    from numpy.typing import NDArray
    from starlette.requests import Request

    from stancelab.serve.counters import Counters

ResultT = TypeVar("ResultT")


class GivenUpError(Exception):
    """Nobody waits for this work any more."""


class Deadline:
    """When a request is given up, known to the threads that work for it.

    Args:
        seconds: How long it may take from now.
    """

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds
        self._lock = threading.Lock()
        self._asked: Future[Any] | None = None
        self._given_up = False

    @property
    def left(self) -> float:
        """Seconds that are left, 0 at least."""
        return max(0.0, self._end - time.monotonic())

    def give_up(self) -> None:
        """Let the threads end their work for the request where they next wait or look."""
        with self._lock:
            self._given_up = True
            if self._asked is not None:
                self._asked.cancel()

    def check(self) -> None:
        """Raise `GivenUpError` where the request was given up."""
        if self._given_up or not self.left:
            raise GivenUpError

    def wait_for(self, asked: Future[NDArray[np.float64]]) -> NDArray[np.float64]:
        """Return the answer that a thread waits for.

        Raises:
            GivenUpError: The request was given up.
        """
        with self._lock:
            self._asked = asked
            if self._given_up:
                asked.cancel()
        try:
            return asked.result(self.left)
        except (TimeoutError, CancelledError):
            asked.cancel()
            raise GivenUpError from None


async def finished(
    work: Future[ResultT], request: Request, deadline: Deadline, counters: Counters, seconds: float
) -> ResultT:
    """Return the result of work.

    Work that is not done in time, or whose caller has gone, is cancelled: what has not begun of it is not computed.

    Raises:
        Problem: 504, it took too long.
    """
    answer = asyncio.wrap_future(work)
    gone: asyncio.Future[Any] = asyncio.ensure_future(_gone(request))
    both: set[asyncio.Future[Any]] = {answer, gone}
    try:
        await asyncio.wait(both, timeout=deadline.left, return_when=asyncio.FIRST_COMPLETED)
        if answer.done() and not answer.cancelled():
            return answer.result()
    except GivenUpError:  # a thread has noticed it first
        pass
    finally:
        gone.cancel()
        deadline.give_up()
        answer.cancel()
    counters.given_up.labels("gone" if gone.done() and not gone.cancelled() else "time").inc()
    raise Problem(
        504, f"the answer took longer than {seconds:g} seconds (serve.seconds); send less at a time, or try again later"
    )


async def _gone(request: Request) -> None:
    """Return when the caller has closed the connection."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
