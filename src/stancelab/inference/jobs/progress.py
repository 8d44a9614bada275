"""How far a prediction is, and the time left: a bar in a terminal, else a line of the log each minute."""

from __future__ import annotations

import logging
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

logger = logging.getLogger(__name__)

#: Seconds between two lines of the log.
_EVERY: Final = 60


@contextmanager
def progress(total: int) -> Iterator[Callable[..., None]]:
    """Give a function to call with the number of rows that were done; `before=True` where that was before the start.

    Args:
        total: How many rows there are.
    """
    if not sys.stderr.isatty():
        yield _Lines(total)
        return
    from tqdm import tqdm

    with tqdm(total=total, unit="row") as bar:

        def done(rows: int, *, before: bool = False) -> None:
            if before:
                bar.initial += rows  # left out where the bar tells how fast it goes
            bar.update(rows)

        yield done


class _Lines:
    """Logs how far it is, now and then."""

    def __init__(self, total: int) -> None:
        self._total, self._done, self._before = total, 0, 0
        self._began = self._told = time.monotonic()

    def __call__(self, rows: int, *, before: bool = False) -> None:
        """Count rows."""
        self._done += rows
        self._before += rows if before else 0
        now = time.monotonic()
        if now - self._told >= _EVERY and self._before < self._done < self._total:
            self._told = now
            speed = (self._done - self._before) / (now - self._began)
            left = duration((self._total - self._done) / speed)
            logger.info(
                "%s of %s rows, %s rows/s, %s left", f"{self._done:,}", f"{self._total:,}", f"{speed:,.0f}", left
            )


def duration(seconds: float) -> str:
    """Return a time in words, as a person reads it: "40 s", "12 min" or "3 h 20 min"."""
    minutes = round(seconds / 60)
    if minutes < 1:
        return f"{seconds:.0f} s"
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02} min"
