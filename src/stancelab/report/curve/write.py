"""The evaluations of several sizes of train -> report.html, report.md and curve.csv, which show how scores grow."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from stancelab.extras import require
from stancelab.files import write_text
from stancelab.layout import CURVE_TABLE, REPORT_HTML, REPORT_MARKDOWN
from stancelab.metrics.names import PRIMARY_METRICS
from stancelab.pages.environment import environment
from stancelab.report import titles
from stancelab.report.curve.index import read_index
from stancelab.report.curve.sentences import curve_sentences
from stancelab.report.curve.view import read_curves
from stancelab.report.documentation import DOCUMENTATION

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from stancelab.report.curve.view import Curve


def write_curve(folder: Path) -> Path:
    """Write a folder's `report.html`, one file that needs no other, `report.md`, and `curve.csv`, a row per score.

    Args:
        folder: Holds `curve.json`, which names the sizes, and an evaluation for each of them.

    Returns:
        The path of `report.html`.

    Raises:
        DataError: What it reads is missing, incomplete or of another format.
        MissingPackageError: The packages of the extra `report` are not installed.
    """
    for package in ("jinja2", "matplotlib"):
        require(package, "report", "write_curve")
    from markupsafe import Markup

    from stancelab.report.curve.plot import curve_plot

    index = read_index(folder)
    curves = read_curves(folder, index)
    content = {
        "title": index.title,
        "index": index,
        "curves": curves,
        "primary": curves[0].primary,
        "documentation": DOCUMENTATION,
        "sentences": {curve.test: curve_sentences(curve) for curve in curves},
        # The figure is our own markup, in which matplotlib has escaped every name.
        "figures": {curve.test: Markup(curve_plot(curve)) for curve in curves},  # noqa: S704
    }
    templates = environment("stancelab.report", **titles.FILTERS)
    for template, name in (("curve.html", REPORT_HTML), ("curve.md", REPORT_MARKDOWN)):
        write_text(folder / name, templates.get_template(template).render(**content).rstrip() + "\n")
    write_text(folder / CURVE_TABLE, _table(curves))
    return folder / REPORT_HTML


def _table(curves: Sequence[Curve]) -> str:
    rows = [row for curve in curves for row in _rows(curve)]
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _rows(curve: Curve) -> list[dict[str, Any]]:
    rows = []
    for point in curve.points:
        for system in point.test.systems:
            for metric in PRIMARY_METRICS:
                estimate = system.estimate(metric)
                low, high = estimate.interval or (None, None)
                rows.append(
                    {
                        "test": curve.test,
                        "size": point.size.name,
                        "train_rows": round(point.rows, 1),
                        "system": system.name,
                        "baseline": system.is_baseline,
                        "runs": len(system.runs),
                        "metric": metric,
                        "mean": estimate.mean,
                        "std": estimate.std,
                        "low": low,
                        "high": high,
                    }
                )
    return rows
