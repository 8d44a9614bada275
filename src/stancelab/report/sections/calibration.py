"""Calibration: how far probabilities are from frequencies, means over a system's runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from stancelab.pages.formatting import decimals, listed, p_value, percent, points
from stancelab.report import titles

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from stancelab.report.system_view import SystemView
    from stancelab.report.view import FileView
    from stancelab.results import BeforeTemperature, Calibration, LossDifference

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
        classwise_ece: The same for each class's probability, by class of the task.
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
        classwise_ece={
            stance: float(np.mean([each.classwise_ece[stance] for each in found])) for stance in found[0].classwise_ece
        },
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
        *_noise(test, found.system),
        *_temperature(test, found.system),
        f"Its class-wise ECE is highest for {worst}: {points(found.classwise_ece[worst])} (not tested).",
        *_compared(test, found.system),
    ]


def _noise(test: FileView, system: SystemView) -> list[str]:
    """Return the sentence that sets a calibration error beside that of perfectly calibrated answers."""
    noise = system.scores.calibration_noise
    if noise is None:
        return []
    low, high = (percent(edge) for edge in noise.interval)
    shown = "is shown" if noise.p < test.level else "is not shown"
    return [
        f"Perfectly calibrated answers of the same confidences have {points(noise.mean)} on these rows "
        f"(95% range {low} to {high}): miscalibration {shown} (p {p_value(noise.p)})."
    ]


def _temperature(test: FileView, system: SystemView) -> list[str]:
    """Return the sentence on what temperature scaling did, by the losses that have intervals."""
    effect = system.scores.temperature_effect
    if not effect:
        return []
    parts = [f"{titles.metric(name)} by {_loss(effect[name])}" for name in ("nll", "brier")]
    changes = [each.difference for each in effect.values() if each.p < test.level]
    verdict = "that it helps is not shown"
    if len(changes) == len(effect) and max(changes) < 0:
        verdict = "it helps"
    elif len(changes) == len(effect) and min(changes) > 0:
        verdict = "it harms"
    return [f"Temperature scaling changes its {listed(parts)}: {verdict}."]


def _compared(test: FileView, system: SystemView) -> list[str]:
    """Return the sentences that compare a system's losses with those of the others, after Holm's correction."""
    verdicts: dict[str, list[str]] = {}
    for each in test.compared.losses:
        if system.name not in each.systems:
            continue
        is_first = each.systems[0] == system.name
        word = "lower" if (each.difference < 0) == is_first else "higher"
        other = each.systems[1] if is_first else each.systems[0]
        verdicts.setdefault(other, []).append(word if each.p_holm < test.level else "")
    by_word: dict[str, list[str]] = {}
    for other, words in verdicts.items():
        by_word.setdefault(words[0] if len(set(words)) == 1 else "", []).append(other)
    sentences = [
        f"NLL and Brier score of {system.name} are both significantly {word} than those of {listed(by_word[word])} "
        f"(corrected p < {test.level:g})."
        for word in ("lower", "higher")
        if word in by_word
    ]
    if "" in by_word:
        sentences.append(f"A difference of both in one direction is not shown to {listed(by_word[''])}.")
    return sentences


def _loss(found: LossDifference) -> str:
    if found.interval is None:
        return decimals(found.difference)
    low, high = (decimals(edge) for edge in found.interval)
    return f"{decimals(found.difference)} (95% interval {low} to {high})"


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
