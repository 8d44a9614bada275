"""How far a baseline is: a bar with the time left in a terminal, else a line of the log each minute."""

from __future__ import annotations

import logging
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

logger = logging.getLogger(__name__)

#: Seconds after which a bar is shown: what is done by then needs none.
_DELAY: Final = 5
#: Seconds between two lines of the log.
_EVERY: Final = 60


@contextmanager
def progress(what: str, total: int) -> Iterator[Callable[[], None]]:
    """Give a function to call after each step.

    Args:
        what: What is done, such as "cross-validation".
        total: How many steps there are.
    """
    if not sys.stderr.isatty():
        yield _Lines(what, total)
        return
    from tqdm import tqdm

    with tqdm(total=total, desc=what, unit="fit", delay=_DELAY, leave=False) as bar:

        def step() -> None:
            bar.update()

        yield step


class _Lines:
    """Logs how far it is, now and then."""

    def __init__(self, what: str, total: int) -> None:
        self.what, self.total, self.done = what, total, 0
        self.began = self.told = time.monotonic()

    def __call__(self) -> None:
        """Count a step."""
        self.done += 1
        now = time.monotonic()
        if now - self.told >= _EVERY and self.done < self.total:
            self.told = now
            left = (now - self.began) / self.done * (self.total - self.done)
            logger.info("%s: %d of %d fits, about %d min left", self.what, self.done, self.total, round(left / 60))
