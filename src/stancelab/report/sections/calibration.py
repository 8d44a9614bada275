"""Calibration: how far probabilities are from frequencies, means over a system's runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from stancelab.pages.formatting import percent, points
from stancelab.schema import STANCES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from stancelab.report.system_view import SystemView
    from stancelab.report.view import FileView
    from stancelab.results import BeforeTemperature, Calibration

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class UnscaledMeans:
    """Means over runs before temperature scaling."""

    ece: float
    adaptive_ece: float
    brier: float
    nll: float


@dataclass(frozen=True, slots=True)
class CalibrationMeans:
    """Means over the runs of a system.

    Attributes:
        system: The system.
        ece: Expected calibration error over bins of equal width.
        adaptive_ece: The same over bins of equal count.
        classwise_ece: The same for each stance's probability, by stance.
        before: Before temperature scaling, None where the temperature of a run is not known.
    """

    system: SystemView
    ece: float
    adaptive_ece: float
    classwise_ece: dict[str, float]
    before: UnscaledMeans | None


@dataclass(frozen=True, slots=True)
class ReliabilityPoint:
    """A bin of confidence that is not empty: its predictions, their mean confidence and accuracy."""

    count: int
    confidence: float
    accuracy: float


def with_probabilities(test: FileView) -> list[SystemView]:
    """Return the systems that say how sure they are, the best first."""
    return [system for system in test.systems if system.has_probabilities]


def calibration_of(system: SystemView) -> CalibrationMeans:
    """Return the calibration of a system that has probabilities."""
    found = _calibrations(system)
    before = [each.before_temperature for each in found if each.before_temperature is not None]
    return CalibrationMeans(
        system=system,
        ece=_mean(found, lambda each: each.ece),
        adaptive_ece=_mean(found, lambda each: each.adaptive_ece),
        classwise_ece={stance: float(np.mean([each.classwise_ece[stance] for each in found])) for stance in STANCES},
        before=_unscaled(before) if found and len(before) == len(found) else None,
    )


def reliability_of(system: SystemView) -> list[ReliabilityPoint]:
    """Return the bins of a system that are not empty, the predictions of all runs taken together."""
    pooled = []
    for bins in zip(*(each.bins for each in _calibrations(system)), strict=True):
        filled = [
            (each.count, each.confidence, each.accuracy)
            for each in bins
            if each.confidence is not None and each.accuracy is not None
        ]
        total = sum(number for number, _, _ in filled)
        if total:
            confidence = sum(number * mean for number, mean, _ in filled) / total
            accuracy = sum(number * mean for number, _, mean in filled) / total
            pooled.append(ReliabilityPoint(total, confidence, accuracy))
    return pooled


def calibration_sentences(test: FileView) -> list[str]:
    """Return the sentences on the calibration of the best system that has probabilities."""
    systems = with_probabilities(test)
    if not systems:
        return ["No system gives probabilities."]
    found = calibration_of(systems[0])
    before = "" if found.before is None else f" ({percent(found.before.ece)} before temperature scaling)"
    worst = max(found.classwise_ece, key=lambda stance: found.classwise_ece[stance])
    return [
        f"ECE of {found.system.name} is {points(found.ece)}{before}.",
        f"Its class-wise ECE is highest for {worst}: {points(found.classwise_ece[worst])}.",
    ]


def _calibrations(system: SystemView) -> list[Calibration]:
    return [run.calibration for run in system.runs if run.calibration is not None]


def _unscaled(found: Sequence[BeforeTemperature]) -> UnscaledMeans:
    return UnscaledMeans(
        ece=_mean(found, lambda each: each.ece),
        adaptive_ece=_mean(found, lambda each: each.adaptive_ece),
        brier=_mean(found, lambda each: each.brier),
        nll=_mean(found, lambda each: each.nll),
    )


def _mean(found: Sequence[_T], get: Callable[[_T], float]) -> float:
    return float(np.mean([get(each) for each in found]))
