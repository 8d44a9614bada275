"""Scores with the labels that test rows had before a person corrected them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stancelab.metrics.classes import ALL_CLASSES
from stancelab.metrics.classification import predicted_ids, scores_of
from stancelab.metrics.names import PRIMARY_METRICS
from stancelab.schema import STANCE_ID

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from stancelab.metrics.classes import Classes
    from stancelab.metrics.classification import Floats
    from stancelab.schema import Example


def scores_before(
    examples: Sequence[Example],
    probabilities: Sequence[Floats],
    earlier: Mapping[str, str] | None,
    classes: Classes = ALL_CLASSES,
) -> dict[str, float]:
    """Return the metrics that rank systems with the earlier labels, means over runs; empty where none was corrected.

    Args:
        examples: The rows of a test file, with the labels of today.
        probabilities: By run of one system, shape (rows, 3).
        earlier: Id -> the label before it was corrected.
        classes: The ids of the task's classes.
    """
    if not earlier:
        return {}
    gold = np.array([STANCE_ID[earlier.get(each.id, each.stance or "")] for each in examples])
    scores = [scores_of(gold, predicted_ids(run), classes) for run in probabilities]
    return {name: float(np.mean([each.value(name) for each in scores])) for name in PRIMARY_METRICS}
