"""Probabilities in words: how far they can be believed, and what is gained by answering only where one is sure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stancelab.pages.formatting import percent

if TYPE_CHECKING:
    from stancelab.report.results import SystemResult, TestResult


def surest(test: TestResult) -> SystemResult | None:
    """Return the best system that has probabilities, None where none has."""
    return next((system for system in test.systems if system.has_probabilities), None)


def honesty(test: TestResult) -> list[str]:
    """Return the sentences on calibration and abstention, made from a test file's numbers alone."""
    system = surest(test)
    if system is None:
        return ["No system gives probabilities."]
    return [_calibrated(system), _by_class(system), _half(system), *_thresholds(system)]


def _calibrated(system: SystemResult) -> str:
    ece = percent(system.scores["ece"].mean)
    before = system.before_temperature("ece")
    scaled = "" if before is None else f" ({percent(before)} before temperature scaling)"
    return f"{system.name} says a confidence that is {ece} points off its accuracy{scaled}, as a mean over bins."


def _by_class(system: SystemResult) -> str:
    errors = system.classwise()
    worst = max(errors, key=lambda stance: errors[stance])
    return f"Its probability of {worst} is furthest from what is the case: {percent(errors[worst])} points."


def _half(system: SystemResult) -> str:
    coverage, risk = system.risk_coverage()
    half = int(np.argmin(np.abs(np.array(coverage) - 0.5)))
    return (
        f"On the {percent(coverage[half])}% of rows where it is surest it errs in {percent(risk[half])}% of the cases, "
        f"on all rows in {percent(risk[-1])}%."
    )


def _thresholds(system: SystemResult) -> list[str]:
    sentences = []
    for name, seeds in system.thresholds():
        stated = f"The confidence that gave {name.rpartition('_')[2]}% accuracy on dev"
        accuracies = [each["accuracy"] for each in seeds if each["accuracy"] is not None]
        if not accuracies:
            sentences.append(f"{stated} is reached by no row here.")
            continue
        covered = percent(float(np.mean([each["coverage"] for each in seeds])))
        sentences.append(f"{stated} gives {percent(float(np.mean(accuracies)))}% here, on {covered}% of the rows.")
    return sentences
