"""The station: a run's metrics.json and prediction tables -> report.html, report.md and table.tex.

It reads files only, so that a report can be made again at any time, and the same files give the same report.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from stancelab.files import write_text
from stancelab.layout import REPORT_HTML, REPORT_LATEX, REPORT_MARKDOWN
from stancelab.pages import formatting
from stancelab.pages.environment import environment
from stancelab.report.latex import latex_table
from stancelab.report.read import read_results
from stancelab.report.results import METRIC_TITLES, SMALL_SLICE, SMALL_SUPPORT, Results, TestResult
from stancelab.report.sections.calibration import honesty
from stancelab.report.sections.errors import SHOWN_MISTAKES, Mistakes, confident_mistakes
from stancelab.report.sections.headline import differences, headline
from stancelab.report.sections.perturbations import PROBE_TITLES, asked, reliance, twins_in
from stancelab.report.sections.slices import drawn, scored_again, where_it_holds
from stancelab.schema import STANCES

if TYPE_CHECKING:
    from pathlib import Path


# What a command may have said of a run; what is missing is left out of the report.
_CONTEXT: Final = ("title", "command", "config", "dataset", "checkpoints", "created", "versions", "hardware")
_DATASET: Final = ("name", "fingerprint", "counts", "audit")

_SHOWN_TARGETS: Final = {REPORT_HTML: 40, REPORT_MARKDOWN: 15}


class ReportPaths(NamedTuple):
    """Where the forms of a report are."""

    html: Path
    markdown: Path
    latex: Path


def write_report(run_folder: Path) -> ReportPaths:
    """Write a run's `report.html`, one file that needs no other, `report.md` for pull requests, `table.tex` for papers.

    Args:
        run_folder: A folder that `evaluate` has written: `metrics.json` and `predictions/`.

    Raises:
        DataError: What it reads is missing, incomplete or of another format.
    """
    results = read_results(run_folder)
    # All seeds of a system make much the same errors; those of its first run are shown, and the report says so.
    mistakes = {test.name: confident_mistakes(run_folder, test.best.runs[0]["predictions"]) for test in results.tests}
    templates = environment()
    paths = ReportPaths(run_folder / REPORT_HTML, run_folder / REPORT_MARKDOWN, run_folder / REPORT_LATEX)
    pages = [
        templates.get_template(path.name).render(
            **_content(results, mistakes, _SHOWN_TARGETS[path.name]),
            figures=_figures(results) if path is paths.html else {},
        )
        for path in (paths.html, paths.markdown)
    ]
    for path, page in zip(paths, [*pages, latex_table(results)], strict=True):
        write_text(path, page.rstrip() + "\n")
    return paths


def _content(results: Results, mistakes: Mapping[str, Mistakes], shown_targets: int) -> dict[str, Any]:
    context = {name: results.context.get(name) for name in _CONTEXT}
    dataset = {name: (context["dataset"] or {}).get(name) for name in _DATASET}
    name = dataset["name"]
    return {
        "title": context["title"] or (f"Stance on {name}" if name else "Stance evaluation"),
        "results": results,
        "context": context,
        "dataset": dataset,
        "counts": _count_table(dataset["counts"]),
        "headlines": {test.name: headline(test, results.primary, results.level) for test in results.tests},
        "differences": {test.name: differences(test, results.level) for test in results.tests},
        "reliance": {test.name: reliance(test, twins_in(results.context), results.primary) for test in results.tests},
        "probe_titles": PROBE_TITLES,
        "where": {test.name: where_it_holds(test, results.primary) for test in results.tests},
        "again": {test.name: scored_again(test) for test in results.tests},
        "honesty": {test.name: honesty(test) for test in results.tests},
        "checkpoints": [_checkpoint(each) for each in context["checkpoints"] or []],
        "unit_title": " or ".join(dict.fromkeys(test.unit_title for test in results.tests)),
        "ranked_metrics": _ranked(results.primary),
        "metric_titles": METRIC_TITLES,
        "mistakes": mistakes,
        "shown_mistakes": SHOWN_MISTAKES,
        "stances": STANCES,
        "shown_targets": shown_targets,
        "small_support": SMALL_SUPPORT,
        "small_slice": SMALL_SLICE,
    }


def _checkpoint(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a reader needs to know of a trained system; what the context does not say is empty."""
    encoder, data, dev = facts.get("encoder") or "", facts.get("trained_on") or {}, facts.get("dev") or {}
    metric = dev.get("metric", next(iter(dev), ""))
    score = dev.get(metric)
    return {
        "name": facts.get("name", ""),
        "encoder": encoder.get("name", "") if isinstance(encoder, Mapping) else encoder,
        "seed": facts.get("seed"),
        "temperature": facts.get("temperature"),
        "data": f"{data['name']}, {data['train_rows']:,} rows" if {"name", "train_rows"} <= data.keys() else "",
        "dev": "" if score is None else f"{METRIC_TITLES.get(metric, metric)} {formatting.percent(score)}",
    }


def _ranked(primary: str) -> list[str]:
    """Return the metrics that have intervals, the one that ranks first."""
    return [primary, *(name for name in METRIC_TITLES if name != primary)]


def _figures(results: Results) -> dict[str, Any]:
    """Return the figures as markup by test file: the intervals, and a reliability diagram for each system."""
    from markupsafe import Markup

    from stancelab.report import figures as draw

    def of_test(test: TestResult) -> dict[str, Any]:
        diagrams = [
            draw.reliability_plot(system, f"reliability-{test.name}-{place}", test.name)
            for place, system in enumerate(system for system in test.systems if system.has_probabilities)
        ]
        figures = {"intervals": draw.interval_plot(test, results.primary, results.primary_title)}
        if test.differences:
            figures["differences"] = draw.difference_plot(test, results.primary_title, results.level)
        if diagrams:
            figures["coverage"] = draw.coverage_plot(test)
        if (system := asked(test)) is not None:
            figures["probes"] = draw.probe_plot(test, system)
        if slices := drawn(test):
            figures["slices"] = draw.slice_plot(test, slices)
        # The figures are our own markup, in which matplotlib has escaped every name.
        marked = {name: Markup(figure) for name, figure in figures.items()}  # noqa: S704
        return {**marked, "reliability": [Markup(diagram) for diagram in diagrams]}  # noqa: S704

    return {test.name: of_test(test) for test in results.tests}


def _count_table(counts: Any) -> tuple[list[str], list[tuple[str, list[Any]]]] | None:
    """Return counts by split as column names and rows; None where they are nested in another way."""
    if not isinstance(counts, Mapping) or not counts:
        return None
    rows = {split: each if isinstance(each, Mapping) else {"rows": each} for split, each in counts.items()}
    flat = {
        split: {
            name: value
            for key, inner in each.items()
            for name, value in (inner.items() if isinstance(inner, Mapping) else [(key, inner)])
        }
        for split, each in rows.items()
    }
    if any(isinstance(value, Mapping | list) for each in flat.values() for value in each.values()):
        return None
    columns = list(dict.fromkeys(name for each in flat.values() for name in each))
    return columns, [(split, [each.get(name) for name in columns]) for split, each in flat.items()]
