"""How far a long step is: a bar with the time left in a terminal, else a line of the log each minute."""

from __future__ import annotations

import logging
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

logger = logging.getLogger(__name__)

#: Seconds after which a bar is shown: what is done by then needs none.
_DELAY: Final = 5
#: Seconds between two lines of the log.
_EVERY: Final = 60
#: The unit of which the log tells the share alone.
BYTES: Final = "B"


class Step(Protocol):
    """Counts what is done."""

    def __call__(self, done: float = 1) -> None:
        """Count so many further units."""


@contextmanager
def progress(what: str, total: float | None, unit: str = "fit") -> Iterator[Step]:
    """Give a function to call with what is done since it was called last.

    Args:
        what: What is done, such as "cross-validation".
        total: How many units there are; None where that is not known.
        unit: What is counted, in the singular, such as "row"; or `BYTES`.
    """
    if not sys.stderr.isatty():
        yield _Lines(what, total, unit)
        return
    from tqdm import tqdm

    shown = unit if unit == BYTES else f" {unit}s"
    with tqdm(total=total, desc=what, unit=shown, unit_scale=True, delay=_DELAY, leave=False) as bar:

        def step(done: float = 1) -> None:
            bar.update(done)

        yield step


class _Lines:
    """Logs how far it is, now and then."""

    def __init__(self, what: str, total: float | None, unit: str) -> None:
        self.what, self.total, self.unit, self.done = what, total, unit, 0.0
        self.began = self.told = time.monotonic()

    def __call__(self, done: float = 1) -> None:
        """Count what is done."""
        self.done += done
        now = time.monotonic()
        if now - self.told < _EVERY or (self.total is not None and self.done >= self.total):
            return
        self.told = now
        if self.total is None:
            logger.info("%s: %s %ss so far", self.what, f"{self.done:,.0f}", self.unit)
            return
        left = (now - self.began) / max(self.done, 1e-9) * (self.total - self.done)
        counted = f"{self.done:,.0f} of {self.total:,.0f} {self.unit}s"
        far = f"{self.done / self.total:.0%}" if self.unit == BYTES else counted
        logger.info("%s: %s, %s", self.what, far, time_left(left))


def time_left(seconds: float) -> str:
    """Return how long a step still takes, for people."""
    return f"about {round(seconds / 60)} min left" if seconds >= 30 else "less than a minute left"
