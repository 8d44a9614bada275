"""What the templates of a report are filled with: each section of each test file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from stancelab.report.sections.calibration import calibration_of, calibration_sentences, with_probabilities
from stancelab.report.sections.ceiling import ceiling_sentences
from stancelab.report.sections.comparisons import comparisons
from stancelab.report.sections.directions import direction_sentences, error_rows
from stancelab.report.sections.errors import confident_errors
from stancelab.report.sections.headline import headline
from stancelab.report.sections.perturbations import perturbation_sentences
from stancelab.report.sections.selective import risk_coverage_of, selective_sentences
from stancelab.report.sections.slices import full_slices, slice_sentences
from stancelab.report.sections.targets import scores_by_target

if TYPE_CHECKING:
    from pathlib import Path

    from stancelab.report.sections.calibration import CalibrationMeans
    from stancelab.report.sections.directions import ErrorRow
    from stancelab.report.sections.errors import ErrorList
    from stancelab.report.sections.selective import RiskCoverage
    from stancelab.report.sections.slices import FullSlice
    from stancelab.report.sections.targets import TargetView
    from stancelab.report.system_view import SystemView
    from stancelab.report.view import FileView


@dataclass(frozen=True, slots=True)
class FileSections:
    """The sections of one test file; fields are named after them, lists of text hold sentences.

    Attributes:
        test: The test file.
        headline: Opens the report.
        comparisons: On paired comparisons.
        perturbations: On the text-only ablation and the perturbation tests.
        slices: On slices.
        full_slices: Slices on which all metrics are given.
        targets: The best system's scores by target.
        calibration: On calibration.
        calibrated: Calibration of each system that has probabilities.
        selective: On selective prediction; empty where no system has probabilities.
        risk: Risk-coverage curve of each system that has probabilities.
        errors: The best system's most confident errors, those of its first run.
        ceiling: On the human ceiling; empty where no row was labeled by several annotators.
        directions: On errors of direction.
        error_rows: Kinds of errors of all systems.
    """

    test: FileView
    headline: list[str]
    comparisons: list[str]
    perturbations: list[str]
    slices: list[str]
    full_slices: list[FullSlice]
    targets: list[TargetView]
    calibration: list[str]
    calibrated: list[CalibrationMeans]
    selective: list[str]
    risk: list[tuple[SystemView, RiskCoverage]]
    errors: ErrorList
    ceiling: list[str]
    directions: list[str]
    error_rows: list[ErrorRow]


def sections_of(test: FileView, run_folder: Path) -> FileSections:
    """Return the sections of a test file.

    Raises:
        DataError: The prediction table of the best system is missing or not readable.
    """
    systems = with_probabilities(test)
    return FileSections(
        test=test,
        headline=headline(test),
        comparisons=comparisons(test),
        perturbations=perturbation_sentences(test),
        slices=slice_sentences(test),
        full_slices=full_slices(test),
        targets=scores_by_target(test.best),
        calibration=calibration_sentences(test),
        calibrated=[calibration_of(system) for system in systems],
        selective=selective_sentences(test),
        risk=[(system, risk_coverage_of(system)) for system in systems],
        # Seeds of one system make much the same errors; those of the first run are shown, and the report says so.
        errors=confident_errors(run_folder, test.best.runs[0].predictions),
        ceiling=ceiling_sentences(test),
        directions=direction_sentences(test),
        error_rows=error_rows(test),
    )
