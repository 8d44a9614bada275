"""How long baselines take, told by fitting them on some of the rows."""

from __future__ import annotations

import logging
import math
from contextlib import contextmanager
from time import perf_counter
from typing import TYPE_CHECKING, Final

from threadpoolctl import threadpool_limits

from stancelab.baselines.base import SharedWork
from stancelab.baselines.fit import make_baseline
from stancelab.baselines.registry import BASELINES
from stancelab.text_keys import text_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from stancelab.baselines.fit import LabeledRows
    from stancelab.baselines.settings import BaselineSettings
    from stancelab.schema import Example

logger = logging.getLogger(__name__)

#: Rows that are fitted, after a few to warm up: what is loaded once is not part of the measure.
ROWS: Final = 200
#: A few rows: a second fit of so many tells what does not grow with the rows, as the start of each of fifteen solvers.
FEW: Final = 40
#: Nothing is measured where all rows are less than so many times these: the fits themselves are short.
_TIMES: Final = 10


def estimated_seconds(settings: BaselineSettings, data: LabeledRows, tests: int) -> float | None:
    """Return about how many seconds the fits of baselines and their answers take.

    The line through the times of fits on a few rows and on more is extrapolated to all rows. Texts are sampled with all
    of their rows, since an encoder reads a text once for all of them.

    Args:
        settings: Which baselines.
        data: The rows.
        tests: How many rows they answer.

    Returns:
        The seconds; None where nobody knows, as where the rows are few, or for SetFit, which grows with pairs of rows.
    """
    if any(BASELINES[name].package for name in settings.names) or len(data.train) < _TIMES * ROWS:
        return None
    if not settings.names:
        return 0.0
    names = [name for name in BASELINES if name in settings.names]
    texts: dict[str, list[Example]] = {}
    for row in data.train:
        texts.setdefault(text_key(row.text), []).append(row)
    warm, few, more = (_some([*texts.values()], place, count) for place, count in enumerate((FEW, FEW, ROWS)))
    if len(few) >= len(more):  # one or two texts
        return None
    logger.info("fitting the baselines on %d of %d rows, to tell how long they take", len(more), len(data.train))
    # As in the processes that fit many rows: on busy cores, threads of small matrices mostly wait for each other.
    with _quiet(), threadpool_limits(1, "blas"):
        _fitted(names, settings, warm)
        short, long = (_fitted(names, settings, rows) for rows in (few, more))
    times = zip(short, long, (len(data.train), tests), strict=True)
    return sum(_extrapolated((len(few), few_s), (len(more), more_s), count) for few_s, more_s, count in times)


def _some(texts: Sequence[list[Example]], start: int, count: int) -> list[Example]:
    """Return about `count` rows, those of texts from all places: rows of one stance or target may stand together.

    Args:
        texts: The rows of each text.
        start: Which of the sets of texts, none of which two have in common.
        count: How many rows, at most.
    """
    wanted = math.ceil(count * len(texts) / sum(map(len, texts)))
    return [row for rows in texts[start :: len(texts) // wanted] for row in rows][:count]


def _extrapolated(few: tuple[int, float], more: tuple[int, float], count: int) -> float:
    """Return the seconds of `count` rows by those of fewer, each with how many they are."""
    (few_rows, few_seconds), (more_rows, more_seconds) = few, more
    each = max(more_seconds - few_seconds, 0.0) / (more_rows - few_rows)
    return max(few_seconds - each * few_rows, 0.0) + each * count


def _fitted(names: Sequence[str], settings: BaselineSettings, rows: Sequence[Example]) -> tuple[float, float]:
    """Return the seconds of the fits, and those of the answers, to the same rows."""
    shared, fits, answers = SharedWork(), 0.0, 0.0
    for name in names:
        begin = perf_counter()
        baseline = make_baseline(name, settings).fit(rows, [], shared)
        middle = perf_counter()
        baseline.predict_proba(rows)
        fits, answers = fits + middle - begin, answers + perf_counter() - middle
    return fits, answers


@contextmanager
def _quiet() -> Iterator[None]:
    """Silence what baselines say of their fits, which is of the measured rows alone."""
    own = logging.getLogger(__package__)
    before = own.level
    own.setLevel(logging.ERROR)
    try:
        yield
    finally:
        own.setLevel(before)
