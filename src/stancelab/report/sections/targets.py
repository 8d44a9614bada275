"""Scores by target, means over a system's runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from stancelab.metrics.names import CLASSIFICATION_METRICS
from stancelab.report.system_view import mean_per_class
from stancelab.results import TargetScores

if TYPE_CHECKING:
    from stancelab.report.system_view import SystemView

#: A target with fewer rows is marked: its scores mean little.
SMALL_SUPPORT: Final = 10


@dataclass(frozen=True, slots=True)
class TargetView:
    """One target, and a system's scores on its rows, means over runs."""

    target: str
    scores: TargetScores

    @property
    def is_small(self) -> bool:
        """Whether the target has too few rows for its scores to mean much."""
        return self.scores.rows < SMALL_SUPPORT


def scores_by_target(system: SystemView) -> list[TargetView]:
    """Return a system's scores by target, in the order of metrics.json: the most frequent target first."""
    tables = [run.per_target for run in system.runs]
    return [TargetView(target, _mean([table[target] for table in tables])) for target in tables[0]]


def _mean(found: list[TargetScores]) -> TargetScores:
    return TargetScores(
        rows=found[0].rows,
        per_class=mean_per_class([each.per_class for each in found]),
        **{name: float(np.mean([getattr(each, name) for each in found])) for name in CLASSIFICATION_METRICS},
    )
