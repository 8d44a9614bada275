"""Selective prediction: the errors that are left where only confident predictions are kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from stancelab.pages.formatting import percent
from stancelab.report.sections.calibration import with_probabilities

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from stancelab.report.system_view import SystemView
    from stancelab.report.view import FileView
    from stancelab.results import Selective


@dataclass(frozen=True, slots=True)
class RiskCoverage:
    """A risk-coverage curve, mean over the runs of a system.

    Attributes:
        coverage: Shares of rows that are answered, shape (points,), the most confident first.
        risk: The share of them that is wrong, shape (points,).
    """

    coverage: NDArray[np.float64]
    risk: NDArray[np.float64]

    @property
    def half(self) -> int:
        """The place of the point whose coverage is nearest to one half."""
        return int(np.argmin(np.abs(self.coverage - 0.5)))


@dataclass(frozen=True, slots=True)
class ThresholdMeans:
    """What a confidence threshold from validation rows gives, means over the runs that have it.

    Attributes:
        name: Such as "accuracy_90".
        coverage: Share of rows that are answered.
        accuracy: Share of them that is right, None where no run answers any.
    """

    name: str
    coverage: float
    accuracy: float | None


def risk_coverage_of(system: SystemView) -> RiskCoverage:
    """Return the risk-coverage curve of a system that has probabilities."""
    curves = _selective(system)
    return RiskCoverage(np.asarray(curves[0].coverage), np.asarray(np.mean([each.risk for each in curves], axis=0)))


def thresholds_of(system: SystemView) -> list[ThresholdMeans]:
    """Return what the confidence thresholds of a system give."""
    curves = _selective(system)
    found = []
    for name in dict.fromkeys(name for each in curves for name in each.thresholds):
        own = [each.thresholds[name] for each in curves if name in each.thresholds]
        accuracies = [each.accuracy for each in own if each.accuracy is not None]
        found.append(
            ThresholdMeans(
                name=name,
                coverage=float(np.mean([each.coverage for each in own])),
                accuracy=float(np.mean(accuracies)) if accuracies else None,
            )
        )
    return found


def selective_sentences(test: FileView) -> list[str]:
    """Return the sentences on abstention by the best system that has probabilities."""
    systems = with_probabilities(test)
    if not systems:
        return []
    system, curve = systems[0], risk_coverage_of(systems[0])
    sentences = [
        f"Error rate of {system.name}: {percent(curve.risk[curve.half])}% on the "
        f"{percent(curve.coverage[curve.half])}% most confident rows, {percent(curve.risk[-1])}% on all rows."
    ]
    for each in thresholds_of(system):
        stated = f"The confidence threshold for {each.name.rpartition('_')[2]}% accuracy on validation rows"
        if each.accuracy is None:
            sentences.append(f"{stated} is reached by no row.")
        else:
            sentences.append(f"{stated} gives {percent(each.accuracy)}% accuracy on {percent(each.coverage)}% of rows.")
    return sentences


def _selective(system: SystemView) -> list[Selective]:
    return [run.selective for run in system.runs if run.selective is not None]
