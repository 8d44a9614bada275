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
#: Units a second below which a decimal is shown.
_SLOW: Final = 10


@contextmanager
def progress(total: int | None, unit: str = "row") -> Iterator[Callable[..., None]]:
    """Give a function to call with the number of units that were done; `before=True` where that was before the start.

    Args:
        total: How many units there are, None where that is not known.
        unit: What is counted, in the singular.
    """
    if not sys.stderr.isatty():
        yield _Lines(total, unit)
        return
    from tqdm import tqdm

    with tqdm(total=total, unit=unit) as bar:

        def done(units: int, *, before: bool = False) -> None:
            if before:
                bar.initial += units  # left out where the bar tells how fast it goes
            bar.update(units)

        yield done


class _Lines:
    """Logs how far it is, now and then."""

    def __init__(self, total: int | None, unit: str) -> None:
        self._total, self._unit = total, unit
        self._done, self._before = 0, 0
        self._began = self._told = time.monotonic()

    def __call__(self, units: int, *, before: bool = False) -> None:
        """Count units."""
        self._done += units
        self._before += units if before else 0
        now = time.monotonic()
        if now - self._told < _EVERY or self._done <= self._before:
            return
        if self._total is not None and self._done >= self._total:
            return
        self._told = now
        speed = (self._done - self._before) / (now - self._began)
        per_second = f"{speed:,.0f}" if speed >= _SLOW else f"{speed:.1f}"
        far, left = f"{self._done:,} {self._unit}s", ""
        if self._total is not None:
            far = f"{self._done:,} of {self._total:,} {self._unit}s"
            left = f", {duration((self._total - self._done) / speed)} left"
        logger.info("%s, %s %ss/s%s", far, per_second, self._unit, left)


def duration(seconds: float) -> str:
    """Return a time in words, as a person reads it: "40 s", "12 min" or "3 h 20 min"."""
    minutes = round(seconds / 60)
    if minutes < 1:
        return f"{seconds:.0f} s"
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02} min"
