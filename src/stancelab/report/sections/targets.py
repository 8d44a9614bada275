"""Scores by target, means over a system's runs: of one system in full, of all of them side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from stancelab.metrics.names import CLASSIFICATION_METRICS
from stancelab.report.system_view import mean_per_class
from stancelab.results import TargetScores

if TYPE_CHECKING:
    from collections.abc import Sequence

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


@dataclass(frozen=True, slots=True)
class TargetLine:
    """One target, and every system's scores on its rows, in the order of the systems.

    Attributes:
        target: The target.
        rows: Its rows; a system that abstains may answer fewer.
        has_all_classes: Whether means over the task's classes can be compared with those of other targets.
        scores: By system.
    """

    target: str
    rows: int
    has_all_classes: bool
    scores: dict[str, TargetScores]

    @property
    def is_small(self) -> bool:
        """Whether the target has too few rows for its scores to mean much."""
        return self.rows < SMALL_SUPPORT

    def compares_means(self, system: str) -> bool:
        """Whether means over the task's classes of a system's answers can be compared with those of other targets."""
        return self.has_all_classes and all(each.support for each in self.scores[system].per_class.values())


def systems_by_target(systems: Sequence[SystemView]) -> list[TargetLine]:
    """Return all systems' scores by target, the most frequent target first."""
    views = {system.name: scores_by_target(system) for system in systems}
    return [
        TargetLine(
            own[0].target,
            max(each.scores.rows for each in own),
            all(any(each.scores.per_class[name].support for each in own) for name in own[0].scores.per_class),
            {name: each.scores for name, each in zip(views, own, strict=True)},
        )
        for own in zip(*views.values(), strict=True)
    ]


def _mean(found: list[TargetScores]) -> TargetScores:
    answered = [each for each in found if each.rows] or found  # a run that abstains on all rows has no score of them
    return TargetScores(
        rows=max(each.rows for each in found),
        per_class=mean_per_class([each.per_class for each in found]),
        **{name: float(np.mean([getattr(each, name) for each in answered])) for name in CLASSIFICATION_METRICS},
    )
