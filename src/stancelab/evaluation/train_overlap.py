"""Rows of a test file whose text a system was trained on, and every system's scores without them.

A text that was among the training texts may be answered from memory (Lewis, Stenetorp and Riedel, EACL 2021). All
systems are scored on the same rows: those whose text none of them was trained on, as far as that is known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stancelab.evaluation.slice_scores import score_slices
from stancelab.evaluation.slices import SliceRows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from stancelab.evaluation.gold_rows import GoldRows
    from stancelab.evaluation.settings import EvaluationSettings
    from stancelab.metrics.classification import Floats
    from stancelab.results import SliceScores

    #: Of each run, on which rows' texts it was trained, shape (rows,); None where that is not known.
    Overlaps = Sequence[NDArray[np.bool_] | None]


def overlap_of(overlaps: Overlaps, runs: Sequence[int]) -> NDArray[np.bool_] | None:
    """Return on which rows' texts one of some runs was trained, None where it is not known of one of them.

    Args:
        overlaps: Of all runs.
        runs: The numbers of the runs that are asked for.
    """
    known = [found for run in runs if (found := overlaps[run]) is not None]
    return np.any(known, axis=0) if known and len(known) == len(runs) else None


def any_overlap(overlaps: Overlaps, rows: int) -> NDArray[np.bool_]:
    """Return on which rows' texts any run was trained, as far as that is known, shape (rows,)."""
    known = [found for found in overlaps if found is not None]
    return np.any(known, axis=0) if known else np.zeros(rows, dtype=bool)


def score_without_overlap(
    overlap: NDArray[np.bool_],
    test: GoldRows,
    runs: Sequence[Floats],
    members: Mapping[str, Sequence[int]],
    labels_only: Sequence[bool],
    settings: EvaluationSettings,
) -> dict[str, SliceScores | None]:
    """Return for each system its scores on the other rows, None where there is no overlap or no other row.

    Args:
        overlap: The rows to leave out, shape (rows,).
        test: The test file.
        runs: The probabilities of each run, shape (rows, 3).
        members: Name of each system -> which runs are its own.
        labels_only: For each run whether its probabilities stand for labels alone and are not scored.
        settings: Resamples, bins and seed.
    """
    if not overlap.any() or overlap.all():
        return dict.fromkeys(members)
    rest = SliceRows("text_in_training", "no", np.flatnonzero(~overlap))
    scored = score_slices([rest], test, runs, members, labels_only, settings)
    return {name: found[0] for name, found in scored.items()}
