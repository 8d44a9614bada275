"""What the scores of one run on one test file cannot say, or what lowers them that is easily overlooked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from stancelab.errors import count_of
from stancelab.schema import STANCES

if TYPE_CHECKING:
    from stancelab.evaluation.gold_rows import GoldRows
    from stancelab.metrics.classification import Floats, Ids

#: What a row counts in the NLL whose stance has the probability 0 (see `metrics.classification.proper_scores`).
LARGEST_LOSS: Final = float(-np.log(np.finfo(np.float64).eps))


def run_warnings(test: GoldRows, confusion: Ids, probabilities: Floats | None) -> list[str]:
    """Return what is said beside the scores of a run, one line each.

    Args:
        test: The test file.
        confusion: Counts, rows gold, columns predicted, shape (3, 3).
        probabilities: Shape (rows, 3), None where the system gives labels alone.
    """
    answered = confusion.sum(axis=0)
    found = [
        f"{STANCES[each]} is never predicted: its precision and F1 count as 0"
        for each in test.classes
        if not answered[each]
    ]
    found += [
        f"{stance} is predicted for {count_of(count, 'row')}, and is no class of this task: they count as errors"
        for each, (stance, count) in enumerate(zip(STANCES, answered.tolist(), strict=True))
        if count and each not in test.classes
    ]
    return found if probabilities is None else [*found, *_impossible(test, probabilities)]


def _impossible(test: GoldRows, probabilities: Floats) -> list[str]:
    """Return by stance how many rows have it and are given the probability 0 of it."""
    given = probabilities[np.arange(len(test.gold)), test.gold]
    counts = np.bincount(test.gold[given == 0], minlength=len(STANCES)).tolist()
    return [
        f"the probability of {stance} is 0 for {count_of(count, 'row')} that {'is' if count == 1 else 'are'} "
        f"{stance}: each "
        f"counts {LARGEST_LOSS:.1f} nats in the NLL"
        for stance, count in zip(STANCES, counts, strict=True)
        if count
    ]
