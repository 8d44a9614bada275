"""The targets that a corpus has, as a message lists them where a setting names another one."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Final

import numpy as np

from stancelab.errors import count_of, shorten
from stancelab.text_keys import name_key

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

#: Targets that are listed.
SHOWN: Final = 10
#: Of these so many at most because they look like the one that was asked for.
NEAR: Final = 3
#: Targets among which a near one is looked for: the most frequent.
SEARCHED: Final = 20_000


def list_targets(asked: str, keys: NDArray[np.uint64], rows: NDArray[np.int64], target_of: Callable[[int], str]) -> str:
    """Return the targets there are with their rows: those like the one asked for, then the most frequent.

    Args:
        asked: The target that no row has.
        keys: The key of the target of every row there is; spellings of one target share it.
        rows: The rows whose targets are listed.
        target_of: Returns the target of a row as it is written.
    """
    _, first, counts = np.unique(keys[rows], return_index=True, return_counts=True)
    ranked = sorted(range(len(counts)), key=lambda place: (-counts[place], first[place]))
    names = [target_of(int(rows[first[place]])) for place in ranked[:SEARCHED]]
    near = _near(asked, names)
    chosen = [*near, *(place for place in range(min(len(names), SHOWN)) if place not in near)][:SHOWN]
    listed = [f"{shorten(names[place])!r} ({count_of(int(counts[ranked[place]]), 'row')})" for place in chosen]
    more = len(counts) - len(chosen)
    return ", ".join(listed) + (f" and {more:,} more" if more else "")


def _near(asked: str, names: Sequence[str]) -> list[int]:
    """Return the places of names that hold the words asked for, or are held by them, and of those spelled like them."""
    plain, forms = name_key(asked), [name_key(name) for name in names]
    words = set(plain.split())
    within = [place for place, form in enumerate(forms) if words and (words <= set(form.split()))]
    within += [place for place, form in enumerate(forms) if form and set(form.split()) < words]
    like = [forms.index(form) for form in difflib.get_close_matches(plain, forms, n=NEAR, cutoff=0.6)]
    return list(dict.fromkeys([*within, *like]))[:NEAR]
