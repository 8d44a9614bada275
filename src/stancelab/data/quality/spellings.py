"""Targets that are written in several ways, and how often in each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from stancelab.data.quality.findings import Spellings
from stancelab.schema import normal_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from stancelab.data.store.rows import Keys

#: So many targets are listed in full.
SHOWN_TARGETS: Final = 20


def spellings_of(keys: Keys, rows: NDArray[np.int64], target_of: Callable[[int], str]) -> Spellings:
    """Return which targets the rows write in several ways.

    Args:
        keys: The keys of all rows.
        rows: The rows to look at.
        target_of: Returns the target of a row.
    """
    pairs = np.stack([keys.target[rows], keys.spelling[rows]], axis=1)
    different, first, counts = np.unique(pairs, axis=0, return_index=True, return_counts=True)
    target, inverse, ways = np.unique(different[:, 0], return_inverse=True, return_counts=True)
    sizes = np.bincount(inverse, weights=counts, minlength=len(target)).astype(np.int64)
    several = np.flatnonzero(ways > 1)
    shown = several[np.lexsort((target[several], -sizes[several]))][:SHOWN_TARGETS]
    examples = []
    for index in shown.tolist():
        own = np.flatnonzero(inverse == index)
        found = {normal_text(target_of(int(rows[first[each]]))): int(counts[each]) for each in own.tolist()}
        examples.append(dict(sorted(found.items(), key=lambda item: (-item[1], item[0]))))
    return Spellings(
        targets=len(several),
        spellings=int(ways[several].sum()),
        rows=int(sizes[several].sum()),
        examples=examples,
    )
