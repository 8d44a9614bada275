"""Dot plots: one row for each system, slice or perturbation, its name and numbers over it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from stancelab.pages.formatting import count, percent, shortened
from stancelab.pages.svg import ACCENT, CARD, MUTED, RULE, inline_svg, page_style
from stancelab.report.system_view import Estimate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from stancelab.report.system_view import SystemView
    from stancelab.report.view import FileView, SliceView

WIDTH: Final = 5.0  # inches
_ROW_HEIGHT: Final = 0.53
_LINE: Final = 48  # characters that fit over a row: its name and its numbers
_NAME: Final = 24  # characters of a name in an axis


@dataclass(frozen=True, slots=True)
class _Dot:
    """One row of a dot plot, all in the unit of its axis.

    Attributes:
        name: What it is of.
        numbers: Its numbers in words.
        middle: Where the dot is.
        ends: Where its line begins and ends.
        color: Of both.
        rings: Where small rings are, such as single seeds.
    """

    name: str
    numbers: str
    middle: float
    ends: tuple[float, float]
    color: str
    rings: Sequence[float] = ()


def interval_plot(test: FileView) -> str:
    """Return the systems of one test file as dots on a line, the best on top, each with its 95% interval.

    Small rings are single seeds; the dashed line is what always answering the most frequent stance would score.
    """
    primary, title, majority = test.primary, test.primary_title, test.majority(test.primary)
    dots = []
    for system in test.systems:
        estimate = system.estimate(primary)
        ends = _in_percent(estimate)
        interval = "" if estimate.interval is None else f"  [{ends[0]:.1f}, {ends[1]:.1f}]"
        rings = [100 * (run.scores.value(primary) or 0.0) for run in system.runs] if len(system.runs) > 1 else []
        color = MUTED if system.is_baseline else ACCENT
        dots.append(_Dot(system.name, f"{percent(estimate.mean)}{interval}", 100 * estimate.mean, ends, color, rings))
    label = (
        f"Dot plot of {title} with 95% intervals on {test.name}: "
        + "; ".join(f"{system.name} {percent(system.mean(primary))}" for system in test.systems)
        + f". Always answering the majority class scores {percent(majority)}."
    )
    return _dot_plot(dots, 100 * majority, f"{title}, %", f"intervals-{test.name}", label)


def difference_plot(test: FileView) -> str:
    """Return how far the best system is above each other one, each difference with its 95% interval.

    Differences whose corrected p-value is not below the level are grey.
    """
    dots, words = [], []
    for pair in test.pairs_of_best:
        low, high = ends = _in_percent(Estimate(pair.difference, None, pair.interval))
        interval = "" if pair.interval is None else f"  [{low:.1f}, {high:.1f}]"
        color = ACCENT if test.is_significant(pair) else MUTED
        numbers = f"{percent(pair.difference)}{interval}"
        dots.append(_Dot(pair.systems[1], numbers, 100 * pair.difference, ends, color))
        in_words = "" if pair.interval is None else f", 95% interval {low:.1f} to {high:.1f}"
        words.append(f"{pair.systems[1]} {percent(pair.difference)}{in_words}")
    label = f"Differences of {test.best.name} to the others on {test.name}, in points of {test.primary_title}: "
    axis = f"difference in {test.primary_title}, points"
    return _dot_plot(dots, 0.0, axis, f"differences-{test.name}", label + "; ".join(words))


def slice_plot(test: FileView, slices: Sequence[SliceView], system: SystemView) -> str:
    """Return a system's accuracy on each slice with its 95% interval; the dashed line is that on all rows.

    Slices that differ significantly from the rows with other values are blue, the others grey. Those of which it
    answers no row are left out; where these are all, "" is returned.
    """
    name, dots, words = system.name, [], []
    for each in slices:
        estimate = each.estimate(name, "accuracy")
        if estimate is None:  # nothing is answered
            continue
        numbers = f"{percent(estimate.mean)}  (n={count(each.answered(name))})"
        color = ACCENT if test.differs(each, name) else MUTED
        dots.append(_Dot(f"{each.attribute}: {each.value}", numbers, 100 * estimate.mean, _in_percent(estimate), color))
        words.append(f"{each.attribute} {each.value} {percent(estimate.mean)}")
    if not dots:
        return ""
    label = f"Accuracy of {name} on {test.name} by slice: {'; '.join(words)}"
    axis = f"accuracy of {shortened(name, _NAME)}, %"
    place = f"{test.name}-{test.systems.index(system)}"
    return _dot_plot(dots, 100 * system.mean("accuracy"), axis, f"slices-{place}", label)


def perturbation_plot(test: FileView, system: SystemView) -> str:
    """Return the share of a system's predictions that each perturbation changes, with its 95% interval.

    Label-preserving ones are grey.
    """
    dots, words = [], []
    for each in test.perturbations:
        scores = each.scores[system.name]
        numbers = f"{percent(scores.changed)}  (n={count(each.facts.rows)})"
        ends = _in_percent(Estimate(scores.changed, None, scores.intervals.get("changed")))
        color = MUTED if each.facts.preserves_label else ACCENT
        dots.append(_Dot(each.title, numbers, 100 * scores.changed, ends, color))
        words.append(f"{each.title} {percent(scores.changed)}")
    label = f"Share of predictions of {system.name} on {test.name} that change: {'; '.join(words)}"
    axis = f"changed predictions of {shortened(system.name, _NAME)}, %"
    return _dot_plot(dots, 0.0, axis, f"perturbations-{test.name}", label)


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
        figure = Figure(figsize=(WIDTH, height))
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
    name = shortened(dot.name, _LINE - len(dot.numbers))
    axes.text(0, height + 0.18, name, transform=beside, ha="left", va="bottom", bbox=behind)
    axes.text(1, height + 0.18, dot.numbers, transform=beside, ha="right", va="bottom", bbox=behind)
    axes.axhline(height, color=RULE, linewidth=0.6, zorder=0)


def _in_percent(estimate: Estimate) -> tuple[float, float]:
    """Return where an estimate's interval begins and ends; where it has none, the estimate itself."""
    low, high = estimate.interval or (estimate.mean, estimate.mean)
    return 100 * low, 100 * high
