"""Targets that are held out of training, with whole documents: no target and no document is on both sides.

Targets are drawn by the documents they are in. Most targets of news are in one document, and a draw of targets alone
would take some rows of nearly every document, so that hardly a document would be left to train on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from stancelab.data.store.hashing import seeded

if TYPE_CHECKING:
    from numpy.typing import NDArray


class HeldOut(NamedTuple):
    """What becomes of each row; the others are left to train on.

    Attributes:
        scored: Rows that are held out.
        dropped: Rows that can be on neither side: other targets of a document that is held out, and targets that are
            held out in another document.
    """

    scored: NDArray[np.bool_]
    dropped: NDArray[np.bool_]


def draw_targets(
    targets: NDArray[np.uint64], units: NDArray[np.uint64], share: float, seed: int
) -> NDArray[np.bool_] | None:
    """Tell which rows have a target that is drawn, or return None where every target has too many rows.

    Units are drawn by chance until the share is full. A target's chance to be drawn is the share of its rows in them,
    so that one of a single document goes with it, and one of many documents is as likely to be drawn as any other. A
    target is passed over where the share would be farther from full with it than without it.

    Args:
        targets: A key for the target of each row.
        units: A key that the rows of one document share.
        share: The share of the rows that is wanted.
        seed: What chance follows.
    """
    target, of_target, sizes = np.unique(targets, return_inverse=True, return_counts=True)
    unit, of_unit, unit_sizes = np.unique(units, return_inverse=True, return_counts=True)
    quota = share * len(targets)
    order = np.argsort(seeded(unit, seed), kind="stable")
    first = np.zeros(len(unit), dtype=bool)
    first[order[np.cumsum(unit_sizes[order]) - unit_sizes[order] / 2 < quota]] = True
    inside = np.bincount(of_target, weights=first[of_unit], minlength=len(target)) / sizes
    chance = seeded(target, seed) / 2.0**64
    turn = np.divide(chance, inside, out=np.full(len(target), np.inf), where=inside > 0)
    drawn, taken = np.zeros(len(target), dtype=bool), 0
    # Those that no drawn unit holds come last, by their chance.
    for index in np.lexsort((chance, turn)).tolist():
        if taken + sizes[index] / 2 < quota:
            drawn[index] = True
            taken += int(sizes[index])
    return drawn[of_target] if drawn.any() and not drawn.all() else None


def smallest_target(targets: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Tell which rows have the target with the fewest rows."""
    target, inverse, sizes = np.unique(targets, return_inverse=True, return_counts=True)
    del target
    return np.asarray(inverse == np.argmin(sizes))


def hold_out(
    drawn: NDArray[np.bool_], units: NDArray[np.uint64], texts: NDArray[np.uint64], *, every_row: bool = False
) -> HeldOut:
    """Return what becomes of the rows where some targets are drawn; units and texts stay whole.

    Args:
        drawn: Which rows have a drawn target.
        units: A key that the rows of one document share.
        texts: A key that the rows of one text share.
        every_row: Whether every row of a drawn target is held out, and so every unit that has one; otherwise a unit is
            held out where half of its rows have drawn targets.
    """
    _, of_unit, sizes = np.unique(units, return_inverse=True, return_counts=True)
    rows = np.bincount(of_unit, weights=drawn, minlength=len(sizes))
    out = rows > 0 if every_row or not (2 * rows >= sizes).any() else 2 * rows >= sizes
    scored = drawn & out[of_unit]
    here = out[of_unit] | np.isin(texts, texts[scored])
    return HeldOut(scored=scored, dropped=~scored & (drawn | here))
