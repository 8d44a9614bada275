"""Independent fits in several processes, where there are enough rows for that to pay."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeVar

from stancelab.cores import fitting_threads

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

T = TypeVar("T")

#: With fewer rows the fits have ended by the time that the processes have started, some two seconds.
_ENOUGH_ROWS: Final = 2_000


def in_parallel(function: Callable[..., T], calls: Iterable[tuple[Any, ...]], rows: int) -> Iterator[T]:
    """Give what a function returns for each of several calls, in their order.

    Args:
        function: What is called, of the level of a module; what it returns is sent to this process.
        calls: The arguments of each call; large arrays are shared, not copied.
        rows: How many rows a call fits, by which one process is used or one for each core.
    """
    from joblib import Parallel, delayed

    workers = fitting_threads() if rows >= _ENOUGH_ROWS else 1
    found: Iterator[T] = Parallel(n_jobs=workers, return_as="generator")(delayed(function)(*each) for each in calls)
    return found
