"""The evaluations of several sizes of train -> one page that shows how scores grow with it: report.html, report.md."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from stancelab.errors import DataError
from stancelab.files import read_json, write_text
from stancelab.layout import CURVE, CURVE_TABLE, REPORT_HTML, REPORT_MARKDOWN
from stancelab.pages.environment import environment
from stancelab.pages.formatting import count, percent, points
from stancelab.report.read import read_results
from stancelab.report.results import METRIC_TITLES
from stancelab.report.sections.perturbations import twins_in

if TYPE_CHECKING:
    from pathlib import Path

    from stancelab.report.results import Estimate, Results, SystemResult, TestResult


@dataclass(frozen=True, slots=True)
class Point:
    """One size of train on one test file.

    Attributes:
        name: The folder of its evaluation.
        title: The size in words.
        rows: Training rows, mean over the runs.
        test: The systems on the test file.
    """

    name: str
    title: str
    rows: float
    test: TestResult

    @property
    def heading(self) -> str:
        """The size in words, and its rows where they do not say them."""
        rows = f"{count(round(self.rows))} rows"
        return self.title if self.title == rows else f"{self.title}, {rows}"

    def system(self, name: str) -> SystemResult | None:
        """Return a system by its name, None where it has no run of this size."""
        return next((each for each in self.test.systems if each.name == name), None)


@dataclass(frozen=True, slots=True)
class Curve:
    """One test file over all sizes.

    Attributes:
        test: Its name.
        primary: The metric that ranks the systems.
        level: Systems differ whose corrected p-value is below it.
        twins: The systems that were trained with source and target hidden.
        points: The sizes, the smallest first.
    """

    test: str
    primary: str
    level: float
    twins: list[str]
    points: list[Point]

    def names(self) -> list[str]:
        """Return the systems, those that are best with the most rows first."""
        return list(dict.fromkeys(each.name for point in reversed(self.points) for each in point.test.systems))

    def series(self, name: str) -> list[tuple[Point, Estimate]]:
        """Return one system's score at each size that it has."""
        found = [(point, point.system(name)) for point in self.points]
        return [(point, system.scores[self.primary]) for point, system in found if system is not None]

    def is_baseline(self, name: str) -> bool:
        """Tell whether a system is a rival."""
        return any(system.is_baseline for point in self.points if (system := point.system(name)) is not None)

    def trained(self) -> list[str]:
        """Return the systems that are neither rivals nor twins."""
        return [name for name in self.names() if name not in self.twins and not self.is_baseline(name)]


def write_curve(folder: Path) -> Path:
    """Write a folder's `report.html`, one file that needs no other, `report.md`, and `curve.csv`, a row per score.

    Args:
        folder: Holds `curve.json`, which names the sizes, and an evaluation for each of them.

    Returns:
        The path of `report.html`.

    Raises:
        DataError: What it reads is missing, incomplete or of another format.
    """
    from markupsafe import Markup

    from stancelab.report.curve.plot import curve_plot

    facts, curves = read_curves(folder)
    title = METRIC_TITLES[curves[0].primary]
    content = {
        "facts": facts,
        "curves": curves,
        "primary": curves[0].primary,
        "metric_titles": METRIC_TITLES,
        "sentences": {curve.test: say(curve) for curve in curves},
        # The figure is our own markup, in which matplotlib has escaped every name.
        "figures": {curve.test: Markup(curve_plot(curve, title)) for curve in curves},  # noqa: S704
    }
    for template, name in (("curve.html", REPORT_HTML), ("curve.md", REPORT_MARKDOWN)):
        write_text(folder / name, environment().get_template(template).render(**content).rstrip() + "\n")
    write_text(folder / CURVE_TABLE, pd.DataFrame(_rows(curves)).to_csv(index=False, lineterminator="\n"))
    return folder / REPORT_HTML


def read_curves(folder: Path) -> tuple[dict[str, Any], list[Curve]]:
    """Return what `curve.json` says, and a curve for each test file.

    Raises:
        DataError: What is read is missing, incomplete or of another format.
    """
    path = folder / CURVE
    if not path.is_file():
        raise DataError(f"{folder}: holds no {CURVE}, so there is nothing to report; run 'stancelab curve' first")
    facts: dict[str, Any] = read_json(path)
    read = [(size, read_results(folder / size["name"])) for size in facts["sizes"]]
    return facts, [_curve(name, read) for name in (test.name for test in read[0][1].tests)]


def _curve(name: str, read: list[tuple[dict[str, Any], Results]]) -> Curve:
    first = read[0][1]
    sized = [
        Point(size["name"], size["title"], size["train_rows"], next(each for each in own.tests if each.name == name))
        for size, own in read
    ]
    twins = list(dict.fromkeys(twin for _, own in read for twin in twins_in(own.context)))
    return Curve(name, first.primary, first.level, twins, sized)


def say(curve: Curve) -> list[str]:
    """Return the sentences on one test file, made from its numbers alone."""
    trained = curve.trained()
    if not trained:
        return ["No trained system stands beside the baselines."]
    lines = [line for name in trained for line in (*_growth(curve, name), *_above_rivals(curve, name))]
    return lines + [line for twin in curve.twins for name in trained for line in _over_twin(curve, name, twin)]


def _rows_of(point: Point) -> str:
    return count(round(point.rows))


def _growth(curve: Curve, name: str) -> list[str]:
    series = curve.series(name)
    if len(series) < 2:
        return []
    (first, low), (before, previous), (last, high) = series[0], series[-2], series[-1]
    lines = [
        f"{name} goes from {percent(low.mean)} with {_rows_of(first)} training rows to {percent(high.mean)} with "
        f"{_rows_of(last)}."
    ]
    gain = high.mean - previous.mean
    what = f"The last step, from {_rows_of(before)} rows to {_rows_of(last)}, is worth {points(gain)}"
    if high.interval is None or previous.interval is None:
        return [*lines, f"{what}."]
    apart = high.interval[0] > previous.interval[1] or previous.interval[0] > high.interval[1]
    if gain > 0 and apart:
        return [*lines, f"{what}, and the two intervals are apart: more rows would likely help."]
    return [*lines, f"{what}, within what the two intervals leave open."]


def _above_rivals(curve: Curve, name: str) -> list[str]:
    """Say from which size on a system is told apart from every rival."""
    rivals = [each for each in curve.names() if curve.is_baseline(each)]
    compared = [point for point in curve.points if point.system(name) and any(map(point.system, rivals))]
    if not compared:
        return []
    above: list[Point] = []
    for point in reversed(compared):
        beaten = {each.second for each in point.test.differences if each.first == name and each.p_holm < curve.level}
        if any(point.system(rival) is not None and rival not in beaten for rival in rivals):
            break
        above.append(point)
    if not above:
        last = _rows_of(compared[-1])
        return [f"With {last} rows {name} cannot be told from at least one baseline, or is below it."]
    if len(above) == len(compared):
        return [f"{name} is above every baseline at every size, beyond what chance explains."]
    return [f"From {_rows_of(above[-1])} rows on {name} is above every baseline, beyond what chance explains."]


def _over_twin(curve: Curve, name: str, twin: str) -> list[str]:
    """Say what reading source and target is worth at each size."""
    own = {point.name: estimate for point, estimate in curve.series(name)}
    gaps = [
        f"{points(own[point.name].mean - estimate.mean)} with {_rows_of(point)} rows"
        for point, estimate in curve.series(twin)
        if point.name in own
    ]
    return [f"Reading source and target is worth, to {name} over {twin}, {', '.join(gaps)}."] if gaps else []


def _rows(curves: list[Curve]) -> list[dict[str, Any]]:
    return [
        {
            "test": curve.test,
            "size": point.name,
            "train_rows": round(point.rows, 1),
            "system": system.name,
            "baseline": bool(system.is_baseline),
            "runs": len(system.runs),
            "metric": metric,
            "mean": system.scores[metric].mean,
            "std": system.scores[metric].std,
            "low": (system.scores[metric].interval or (None, None))[0],
            "high": (system.scores[metric].interval or (None, None))[1],
        }
        for curve in curves
        for point in curve.points
        for system in point.test.systems
        for metric in METRIC_TITLES
    ]
