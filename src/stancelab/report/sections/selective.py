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
        name: Such as "accuracy_90" or "guaranteed_90".
        coverage: Share of rows that are answered, None where no run has the threshold.
        accuracy: Share of them that is right, None where no run answers any.
        runs: How many runs have the threshold.
        unreached: How many runs do not, because no confidence reached it on validation rows.
    """

    name: str
    coverage: float | None
    accuracy: float | None
    runs: int
    unreached: int


def risk_coverage_of(system: SystemView) -> RiskCoverage:
    """Return the risk-coverage curve of a system that has probabilities."""
    curves = _selective(system)
    return RiskCoverage(np.asarray(curves[0].coverage), np.asarray(np.mean([each.risk for each in curves], axis=0)))


def thresholds_of(system: SystemView) -> list[ThresholdMeans]:
    """Return what the confidence thresholds of a system give: the estimated ones, then the guaranteed ones."""
    curves = _selective(system)
    names = dict.fromkeys(name for each in curves for name in (*each.thresholds, *each.unreached))
    found = []
    for name in sorted(names):
        own = [each.thresholds[name] for each in curves if name in each.thresholds]
        accuracies = [each.accuracy for each in own if each.accuracy is not None]
        found.append(
            ThresholdMeans(
                name=name,
                coverage=float(np.mean([each.coverage for each in own])) if own else None,
                accuracy=float(np.mean(accuracies)) if accuracies else None,
                runs=len(own),
                unreached=sum(name in each.unreached for each in curves),
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
    return sentences + [_threshold(each) for each in thresholds_of(system)]


def _threshold(found: ThresholdMeans) -> str:
    kind, _, stated = found.name.rpartition("_")
    guaranteed = kind == "guaranteed"
    what = (
        f"The confidence threshold for {stated}% accuracy on rows like those of validation, with a probability of 95%,"
        if guaranteed
        else f"The confidence threshold for {stated}% accuracy on validation rows"
    )
    missing = "cannot be given" if guaranteed else "is not reached there"
    runs = found.runs + found.unreached
    if not found.runs:
        return f"{what} {missing}{'' if runs == 1 else f' by any of {runs} seeds'}."
    others = f"the other{'s' * (found.unreached > 1)}"
    seeds = f" (mean of {found.runs} of {runs} seeds; by {others} it {missing})"
    some = seeds if found.unreached else ""
    if found.accuracy is None or found.coverage is None:
        return f"{what} is reached by no row{some}."
    return f"{what} gives {percent(found.accuracy)}% accuracy on {percent(found.coverage)}% of rows{some}."


def _selective(system: SystemView) -> list[Selective]:
    return [run.selective for run in system.runs if run.selective is not None]
