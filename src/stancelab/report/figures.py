"""The report's figures. They are drawn narrow, so that their text is still readable on a phone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from stancelab.pages.formatting import percent
from stancelab.pages.svg import ACCENT, CARD, MUTED, RULE, inline_svg, page_style
from stancelab.report.sections.perturbations import PROBE_TITLES, SAME_QUESTION

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from stancelab.report.results import Estimate, SliceResult, SystemResult, TestResult

_INTERVAL_WIDTH: Final = 5.0  # inches
_ROW_HEIGHT: Final = 0.53
_LINE: Final = 48  # characters that fit over a row: its name and its figures
_RELIABILITY_SIZE: Final = 2.5


@dataclass(frozen=True, slots=True)
class _Dot:
    """One row of a dot plot, all in the unit of its axis.

    Attributes:
        name: What it is of.
        figures: Its numbers in words.
        middle: Where the dot is.
        ends: Where its line begins and ends.
        color: Of both.
        rings: Where small rings are, such as single seeds.
    """

    name: str
    figures: str
    middle: float
    ends: tuple[float, float]
    color: str
    rings: Sequence[float] = ()


def interval_plot(test: TestResult, primary: str, title: str) -> str:
    """Return the systems of one test file as dots on a line, the best on top, each with its 95% interval.

    Small rings are single seeds; the dashed line is what always answering the most frequent stance would score.
    """
    dots = []
    for system in test.systems:
        estimate = system.scores[primary]
        middle, ends = 100 * estimate.mean, _in_percent(estimate)
        numbers = "" if estimate.interval is None else f"  [{ends[0]:.1f}, {ends[1]:.1f}]"
        rings = [100 * run[primary] for run in system.runs] if len(system.runs) > 1 else []
        color = MUTED if system.is_baseline else ACCENT
        dots.append(_Dot(system.name, f"{middle:.1f}{numbers}", middle, ends, color, rings))
    label = (
        f"Dot plot of {title} with 95% intervals on {test.name}: "
        + "; ".join(f"{system.name} {percent(system.scores[primary].mean)}" for system in test.systems)
        + f". The most frequent stance alone would score {percent(test.majority[primary])}."
    )
    return _dot_plot(dots, 100 * test.majority[primary], f"{title}, %", f"intervals-{test.name}", label)


def difference_plot(test: TestResult, title: str, level: float) -> str:
    """Return how far the best system is above each other one, each difference with its 95% interval.

    Differences that chance may explain are grey: those whose corrected p-value is not below `level`.
    """
    dots = []
    for each in test.of_best:
        low, high = (100 * edge for edge in each.interval)
        numbers = f"{100 * each.difference:.1f}  [{low:.1f}, {high:.1f}]"
        color = ACCENT if each.p_holm < level else MUTED
        dots.append(_Dot(each.second, numbers, 100 * each.difference, (low, high), color))
    label = f"How far {test.best.name} is above the others on {test.name}, in points of {title}: " + "; ".join(
        f"{each.second} {percent(each.difference)}, 95% interval {percent(each.interval[0])} to "
        f"{percent(each.interval[1])}"
        for each in test.of_best
    )
    return _dot_plot(dots, 0.0, f"difference in {title}, points", f"differences-{test.name}", label)


def slice_plot(test: TestResult, slices: Sequence[SliceResult]) -> str:
    """Return the best system's accuracy on each slice with its 95% interval; the dashed line is that on all rows."""
    best, dots = test.best, []
    for each in slices:
        estimate = each.scores[best.name]["accuracy"]
        numbers = f"{percent(estimate.mean)}  ({each.rows:,})"
        name = f"{each.attribute}: {each.value}"
        dots.append(_Dot(name, numbers, 100 * estimate.mean, _in_percent(estimate), ACCENT))
    label = f"Accuracy of {best.name} on {test.name} by slice: " + "; ".join(
        f"{each.attribute} {each.value} {percent(each.scores[best.name]['accuracy'].mean)}" for each in slices
    )
    overall = 100 * best.scores["accuracy"].mean
    return _dot_plot(dots, overall, f"accuracy of {_fitting(best.name, 24)}, %", f"slices-{test.name}", label)


def probe_plot(test: TestResult, system: SystemResult) -> str:
    """Return on how many of the changed examples a system answers otherwise, each share with its 95% interval."""
    dots, shares = [], []
    for probe in test.probes:
        if system.name not in probe.scores:
            continue
        scores = probe.scores[system.name]
        low, high = scores["intervals"]["changed"]
        color = MUTED if probe.name in SAME_QUESTION else ACCENT
        title, changed = PROBE_TITLES[probe.name], percent(scores["changed"])
        dots.append(
            _Dot(title, f"{changed}  ({probe.rows:,})", 100 * scores["changed"], (100 * low, 100 * high), color)
        )
        shares.append(f"{title} {changed}")
    label = f"Share of answers of {system.name} on {test.name} that change: " + "; ".join(shares)
    axis = f"rows on which {_fitting(system.name, 24)} answers otherwise, %"
    return _dot_plot(dots, 0.0, axis, f"probes-{test.name}", label)


def reliability_plot(system: SystemResult, name: str, test_name: str) -> str:
    """Return accuracy against confidence by bin; the area of a dot grows with the predictions in its bin.

    Dots under the diagonal: the system is surer than it is right.
    """
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    bins = system.reliability()
    total = sum(each["count"] for each in bins)
    confidence = [100 * each["confidence"] for each in bins]
    accuracy = [100 * each["accuracy"] for each in bins]
    with page_style():
        figure = Figure(figsize=(_RELIABILITY_SIZE, _RELIABILITY_SIZE))
        FigureCanvasSVG(figure)
        axes = figure.add_axes((0.25, 0.2, 0.68, 0.75))
        axes.plot([0, 100], [0, 100], color=MUTED, linewidth=1, linestyle=(0, (3, 3)))
        axes.vlines(confidence, accuracy, confidence, color=ACCENT, linewidth=1, alpha=0.5)
        axes.plot(confidence, accuracy, color=ACCENT, linewidth=1.2)
        sizes = [8 + 160 * each["count"] / total for each in bins]
        axes.scatter(
            confidence, accuracy, s=sizes, facecolor=ACCENT, edgecolor=CARD, linewidth=0.8, zorder=3, clip_on=False
        )
        axes.set(xlim=(28, 102), ylim=(-3, 103), xticks=[40, 60, 80, 100], yticks=[0, 25, 50, 75, 100])
        axes.set_xlabel("confidence, %")
        axes.set_ylabel("accuracy, %", labelpad=3)
        axes.grid(visible=True)
        axes.set_axisbelow(True)
    label = (
        f"Reliability diagram of {system.name} on {test_name}, expected calibration error "
        f"{percent(system.scores['ece'].mean)}: "
        + ", ".join(f"confidence {c:.0f} accuracy {a:.0f}" for c, a in zip(confidence, accuracy, strict=True))
    )
    return inline_svg(figure, name, label)


def coverage_plot(test: TestResult) -> str:
    """Return the share of errors among the surest rows, by how many are answered: the best system and the others."""
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    systems = [system for system in test.systems if system.has_probabilities]
    with page_style():
        figure = Figure(figsize=(_INTERVAL_WIDTH, 3.2))
        FigureCanvasSVG(figure)
        axes = figure.add_axes((0.13, 0.19, 0.84, 0.78))
        for system in reversed(systems):
            coverage, risk = system.risk_coverage()
            is_best = system is systems[0]
            axes.plot(
                [100 * each for each in coverage], [100 * each for each in risk],
                color=ACCENT if is_best else MUTED, linewidth=2.2 if is_best else 0.9, alpha=1 if is_best else 0.55,
            )  # fmt: skip
        axes.set(xlim=(0, 100), ylim=(0, None), xticks=[0, 25, 50, 75, 100])
        axes.set_xlabel("rows answered, the surest first, %")
        axes.set_ylabel("errors among them, %", labelpad=3)
        axes.grid(visible=True)
        axes.set_axisbelow(True)
    label = f"Risk-coverage curves on {test.name}, area under the curve: " + "; ".join(
        f"{system.name} {percent(system.scores['aurc'].mean)}" for system in systems
    )
    return inline_svg(figure, f"coverage-{test.name}", label)


def _dot_plot(dots: Sequence[_Dot], line: float, axis: str, name: str, label: str) -> str:
    """Return dots one under the other, name and numbers over each, and a dashed line at a value to compare with.

    Args:
        dots: What is shown, from top to bottom.
        line: Where the dashed line is.
        axis: What the axis is called.
        name: Unique on the page.
        label: What the figure shows, for those who do not see it.
    """
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    rows = len(dots)
    height = _ROW_HEIGHT * rows + 0.7
    shown = [line, *(value for dot in dots for value in (*dot.ends, *dot.rings))]
    margin = max(1.0, 0.04 * (max(shown) - min(shown)))
    with page_style():
        figure = Figure(figsize=(_INTERVAL_WIDTH, height))
        FigureCanvasSVG(figure)
        axes = figure.add_axes((0.02, 0.58 / height, 0.96, (height - 0.63) / height))
        for place, dot in enumerate(dots):
            _row(axes, rows - 1 - place, dot)
        axes.axvline(line, color=MUTED, linewidth=1, linestyle=(0, (3, 3)), zorder=1)
        axes.set_xlim(min(shown) - margin, max(shown) + margin)
        axes.set_ylim(-0.55, rows - 0.25)
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        axes.grid(axis="x")
        axes.set_axisbelow(True)
        axes.set_xlabel(axis)
    return inline_svg(figure, name, label)


def _row(axes: Axes, height: float, dot: _Dot) -> None:
    from matplotlib.transforms import blended_transform_factory

    beside = blended_transform_factory(axes.transAxes, axes.transData)
    axes.plot(dot.ends, [height, height], color=dot.color, linewidth=2.4, solid_capstyle="round", zorder=2)
    if dot.rings:
        axes.scatter(
            dot.rings, [height] * len(dot.rings), s=26, facecolor=CARD, edgecolor=dot.color, linewidth=1, zorder=3
        )
    axes.scatter([dot.middle], [height], s=52, facecolor=dot.color, edgecolor=CARD, linewidth=1, zorder=4)
    # Name and numbers stand over the line, so that long names take no width from the plot.
    behind = {"facecolor": CARD, "edgecolor": "none", "pad": 1.2}
    name = _fitting(dot.name, _LINE - len(dot.figures))
    axes.text(0, height + 0.18, name, transform=beside, ha="left", va="bottom", bbox=behind)
    axes.text(1, height + 0.18, dot.figures, transform=beside, ha="right", va="bottom", bbox=behind)
    axes.axhline(height, color=RULE, linewidth=0.6, zorder=0)


def _in_percent(estimate: Estimate) -> tuple[float, float]:
    """Return where an estimate's interval begins and ends; where it has none, the estimate itself."""
    low, high = estimate.interval or (estimate.mean, estimate.mean)
    return 100 * low, 100 * high


def _fitting(name: str, width: int) -> str:
    return name if len(name) <= width else name[: width - 1] + "…"
