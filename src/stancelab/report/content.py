"""What the templates of a report are filled with: each section of each test file, and each system's part of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from stancelab.report.sections.calibration import calibration_of, calibration_sentences, with_probabilities
from stancelab.report.sections.ceiling import ceiling_sentences
from stancelab.report.sections.comparisons import comparisons
from stancelab.report.sections.directions import direction_sentences, error_columns, error_rows
from stancelab.report.sections.errors import KEPT_ERRORS, KEPT_OF_OTHERS, confident_errors
from stancelab.report.sections.headline import headline
from stancelab.report.sections.perturbations import perturbation_sentences
from stancelab.report.sections.selective import risk_coverage_of, selective_sentences
from stancelab.report.sections.slices import bound_sentences, full_slices, slice_sentences
from stancelab.report.sections.targets import scores_by_target, systems_by_target
from stancelab.report.sections.train_overlap import unknown_overlap_sentences

if TYPE_CHECKING:
    from pathlib import Path

    from stancelab.report.sections.calibration import CalibrationMeans
    from stancelab.report.sections.directions import ErrorRow
    from stancelab.report.sections.errors import ErrorList
    from stancelab.report.sections.selective import RiskCoverage
    from stancelab.report.sections.slices import FullSlice
    from stancelab.report.sections.targets import TargetLine, TargetView
    from stancelab.report.system_view import SystemView
    from stancelab.report.view import FileView


@dataclass(frozen=True, slots=True)
class SystemSections:
    """One system's part of the sections that show systems one by one.

    Attributes:
        system: The system.
        role: Why it is shown at first: "best system", "best trained system"; "" where it is chosen from a menu.
        slices: Sentences on its slices.
        targets: Its scores by target.
        errors: Its most confident errors, those of its first run.
    """

    system: SystemView
    role: str
    slices: list[str]
    targets: list[TargetView]
    errors: ErrorList


@dataclass(frozen=True, slots=True)
class FileSections:
    """The sections of one test file; fields are named after them, lists of text hold sentences.

    Attributes:
        test: The test file.
        headline: Opens the report.
        unknown_overlap: Names the systems of which it is not known what texts they were trained on.
        comparisons: On paired comparisons.
        perturbations: On the text-only ablation, pairs of rows and the perturbation tests.
        bounds: On the partial-input upper bounds.
        full_slices: Slices on which all metrics are given.
        targets: All systems' scores by target.
        systems: What is shown of each system, the best one first, the best trained one next.
        calibration: On calibration.
        calibrated: Calibration of each system that has probabilities.
        selective: On selective prediction; empty where no system has probabilities.
        risk: Risk-coverage curve of each system that has probabilities.
        ceiling: On the human ceiling; empty where no row was labeled by several annotators.
        directions: On errors of direction.
        error_rows: Kinds of errors of all systems.
        error_columns: The kinds that are possible with the classes of the task: title, and name in `ErrorKinds`.
    """

    test: FileView
    headline: list[str]
    unknown_overlap: list[str]
    comparisons: list[str]
    perturbations: list[str]
    bounds: list[str]
    full_slices: list[FullSlice]
    targets: list[TargetLine]
    systems: list[SystemSections]
    calibration: list[str]
    calibrated: list[CalibrationMeans]
    selective: list[str]
    risk: list[tuple[SystemView, RiskCoverage]]
    ceiling: list[str]
    directions: list[str]
    error_rows: list[ErrorRow]
    error_columns: list[tuple[str, str]]

    @property
    def has_directions(self) -> bool:
        """Whether the task has both directions, so that one can be taken for the other."""
        return any(name == "favor_as_against" for _, name in self.error_columns)

    @property
    def shown(self) -> list[SystemSections]:
        """The systems that are shown at first."""
        return [each for each in self.systems if each.role]

    @property
    def others(self) -> list[SystemSections]:
        """The systems that are chosen from a menu."""
        return [each for each in self.systems if not each.role]


def sections_of(test: FileView, run_folder: Path) -> FileSections:
    """Return the sections of a test file.

    Raises:
        DataError: The prediction table of a system is missing or not readable.
    """
    systems = with_probabilities(test)
    ordered = [*test.shown, *(system for system in test.systems if system not in test.shown)]
    return FileSections(
        test=test,
        headline=headline(test),
        unknown_overlap=unknown_overlap_sentences(test),
        comparisons=comparisons(test),
        perturbations=perturbation_sentences(test),
        bounds=bound_sentences(test),
        full_slices=full_slices(test),
        targets=systems_by_target(test.systems),
        systems=[_system_sections(test, system, run_folder) for system in ordered],
        calibration=calibration_sentences(test),
        calibrated=[calibration_of(system) for system in systems],
        selective=selective_sentences(test),
        risk=[(system, risk_coverage_of(system)) for system in systems],
        ceiling=ceiling_sentences(test),
        directions=direction_sentences(test),
        error_rows=error_rows(test),
        error_columns=error_columns(test),
    )


def _system_sections(test: FileView, system: SystemView, run_folder: Path) -> SystemSections:
    role = test.role(system)
    # Seeds of one system make much the same errors; those of the first run are shown, and the report says so.
    first = system.runs[0].predictions
    return SystemSections(
        system=system,
        role=role,
        slices=slice_sentences(test, system),
        targets=scores_by_target(system),
        errors=confident_errors(run_folder, first, KEPT_ERRORS if role else KEPT_OF_OTHERS),
    )
