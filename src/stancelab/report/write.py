"""A run's metrics.json and prediction tables -> report.html, report.md and table.tex.

Only files are read, so that a report can be made again at any time; the same files give the same report.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from stancelab.extras import require
from stancelab.files import write_text
from stancelab.layout import REPORT_HTML, REPORT_LATEX, REPORT_MARKDOWN
from stancelab.metrics.intervals import FEWEST_UNITS
from stancelab.pages.environment import environment
from stancelab.report import titles
from stancelab.report.content import sections_of
from stancelab.report.documentation import DOCUMENTATION
from stancelab.report.latex import latex_table
from stancelab.report.sections.calibration import with_probabilities
from stancelab.report.sections.corpora import corpora_sentences
from stancelab.report.sections.corrections import correction_sentences
from stancelab.report.sections.error_data import error_data, list_name
from stancelab.report.sections.errors import SHOWN_ERRORS
from stancelab.report.sections.input_gaps import gap_sentences
from stancelab.report.sections.perturbations import perturbed_system
from stancelab.report.sections.provenance import checkpoint_line, count_table, report_title
from stancelab.report.sections.reweighted import reweighted_tables
from stancelab.report.sections.slices import drawn_slices
from stancelab.report.sections.targets import SMALL_SUPPORT
from stancelab.report.sections.training import training_warnings
from stancelab.report.view import SMALL_SLICE, view_files
from stancelab.results import read_results

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markupsafe import Markup

    from stancelab.report.content import FileSections
    from stancelab.report.view import FileView
    from stancelab.results import Results

_SHOWN_TARGETS: Final = {REPORT_HTML: 40, REPORT_MARKDOWN: 15}


class ReportPaths(NamedTuple):
    """Where the forms of a report are."""

    html: Path
    markdown: Path
    latex: Path


def write_report(run_folder: Path | str) -> ReportPaths:
    """Write a run's `report.html`, one file that needs no other, `report.md` for pull requests, `table.tex` for papers.

    Args:
        run_folder: A folder that `evaluate` has written: `metrics.json` and `predictions/`.

    Raises:
        DataError: What it reads is missing, incomplete or of another format.
        MissingPackageError: The packages of the extra `report` are not installed.
    """
    for package in ("jinja2", "matplotlib"):
        require(package, "report", "write_report")
    run_folder = Path(run_folder)
    results = read_results(run_folder)
    tests = view_files(results)
    sections = [sections_of(test, run_folder) for test in tests]
    templates = environment("stancelab.report", **titles.FILTERS)
    paths = ReportPaths(run_folder / REPORT_HTML, run_folder / REPORT_MARKDOWN, run_folder / REPORT_LATEX)
    pages = [
        templates.get_template(path.name).render(
            **_content(results, sections, _SHOWN_TARGETS[path.name]),
            figures={test.name: _figures(test) for test in tests} if path is paths.html else {},
            error_data=_error_data(sections) if path is paths.html else "",
        )
        for path in (paths.html, paths.markdown)
    ]
    for path, page in zip(paths, [*pages, latex_table(tests)], strict=True):
        write_text(path, page.rstrip() + "\n")
    return paths


def _content(results: Results, sections: Sequence[FileSections], shown_targets: int) -> dict[str, Any]:
    provenance, dataset = results.provenance, results.provenance.dataset
    return {
        "title": report_title(provenance),
        "primary": results.primary_metric,
        "procedure": results.procedure,
        "provenance": provenance,
        "dataset": dataset,
        "counts": count_table(dataset.counts, results.classes) if dataset is not None and dataset.counts else None,
        "training_warnings": training_warnings(provenance),
        "corrections": correction_sentences(dataset, [each.test for each in sections]),
        "input_gaps": gap_sentences([each.test for each in sections]),
        "checkpoints": [checkpoint_line(each) for each in provenance.checkpoints],
        "files": sections,
        "corpora": corpora_sentences(results),
        "reweighted": {each.test.name: reweighted_tables(each.test, results.procedure) for each in sections},
        "units": " or ".join(dict.fromkeys(each.test.unit for each in sections)),
        "documentation": DOCUMENTATION,
        "stances": results.classes,
        "shown_errors": SHOWN_ERRORS,
        "shown_targets": shown_targets,
        "small_support": SMALL_SUPPORT,
        "small_slice": SMALL_SLICE,
        "fewest_units": FEWEST_UNITS,
    }


def _error_data(sections: Sequence[FileSections]) -> Markup:
    from markupsafe import Markup

    kept = {
        list_name(number, place): system.errors.kept
        for number, file in enumerate(sections)
        for place, system in enumerate(file.systems)
    }
    return Markup(error_data(kept))  # noqa: S704 - JSON in which no markup is left


def _figures(test: FileView) -> dict[str, Markup | list[Markup]]:
    """Return the figures of a test file as markup by section.

    Slices have one for each system that is shown at first, calibration a reliability diagram for each system.
    """
    from markupsafe import Markup

    from stancelab.report.figures import confidence, dots

    systems = with_probabilities(test)
    figures = {"systems": dots.interval_plot(test)}
    if test.pairs:
        figures["comparisons"] = dots.difference_plot(test)
    if systems:
        figures["selective"] = confidence.coverage_plot(test)
    if (system := perturbed_system(test)) is not None:
        figures["perturbations"] = dots.perturbation_plot(test, system)
    slices = drawn_slices(test)
    drawn = [dots.slice_plot(test, slices, system) for system in test.shown] if slices else []
    diagrams = [
        confidence.reliability_plot(system, f"reliability-{test.name}-{place}", test.name, len(test.classes))
        for place, system in enumerate(systems)
    ]
    # The figures are our own markup, in which matplotlib has escaped every name.
    marked: dict[str, Markup | list[Markup]] = {name: Markup(figure) for name, figure in figures.items()}  # noqa: S704
    several = {"slices": drawn, "calibration": diagrams}
    return {**marked, **{name: [Markup(each) for each in own] for name, own in several.items()}}  # noqa: S704
