"""Figures of probabilities: reliability diagrams and risk-coverage curves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from stancelab.pages.formatting import percent
from stancelab.pages.svg import ACCENT, CARD, MUTED, inline_svg, page_style
from stancelab.report.figures.dots import WIDTH
from stancelab.report.sections.calibration import reliability_of, with_probabilities
from stancelab.report.sections.selective import risk_coverage_of
from stancelab.schema import STANCES

if TYPE_CHECKING:
    from stancelab.report.system_view import SystemView
    from stancelab.report.view import FileView

_RELIABILITY_SIZE: Final = 2.5  # inches


def reliability_plot(system: SystemView, name: str, test_name: str, classes: int = len(STANCES)) -> str:
    """Return accuracy against confidence by bin; the area of a dot grows with the predictions in its bin.

    Dots under the diagonal: the system is overconfident. Confidence starts at one over the number of classes, or lower
    where a system gives probabilities to a stance that is no class.
    """
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    bins = reliability_of(system)
    total = sum(each.count for each in bins)
    confidence = [100 * each.confidence for each in bins]
    accuracy = [100 * each.accuracy for each in bins]
    with page_style():
        figure = Figure(figsize=(_RELIABILITY_SIZE, _RELIABILITY_SIZE))
        FigureCanvasSVG(figure)
        axes = figure.add_axes((0.25, 0.2, 0.68, 0.75))
        axes.plot([0, 100], [0, 100], color=MUTED, linewidth=1, linestyle=(0, (3, 3)))
        axes.vlines(confidence, accuracy, confidence, color=ACCENT, linewidth=1, alpha=0.5)
        axes.plot(confidence, accuracy, color=ACCENT, linewidth=1.2)
        sizes = [8 + 160 * each.count / total for each in bins]
        axes.scatter(
            confidence, accuracy, s=sizes, facecolor=ACCENT, edgecolor=CARD, linewidth=0.8, zorder=3, clip_on=False
        )
        lowest = min([100 // classes, *confidence]) - 5
        ticks = [each for each in (40, 60, 80, 100) if each >= lowest]
        axes.set(xlim=(lowest, 102), ylim=(-3, 103), xticks=ticks, yticks=[0, 25, 50, 75, 100])
        axes.set_xlabel("confidence, %")
        axes.set_ylabel("accuracy, %", labelpad=3)
        axes.grid(visible=True)
        axes.set_axisbelow(True)
    label = (
        f"Reliability diagram of {system.name} on {test_name}, expected calibration error "
        f"{percent(system.mean('ece'))}: "
        + ", ".join(f"confidence {c:.0f} accuracy {a:.0f}" for c, a in zip(confidence, accuracy, strict=True))
    )
    return inline_svg(figure, name, label)


def coverage_plot(test: FileView) -> str:
    """Return the error rate of the most confident predictions by coverage: the best system and the others."""
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    systems = with_probabilities(test)
    with page_style():
        figure = Figure(figsize=(WIDTH, 3.2))
        FigureCanvasSVG(figure)
        axes = figure.add_axes((0.13, 0.19, 0.84, 0.78))
        for system in reversed(systems):
            curve, is_best = risk_coverage_of(system), system is systems[0]
            axes.plot(
                100 * curve.coverage, 100 * curve.risk,
                color=ACCENT if is_best else MUTED, linewidth=2.2 if is_best else 0.9, alpha=1 if is_best else 0.55,
            )  # fmt: skip
        axes.set(xlim=(0, 100), ylim=(0, None), xticks=[0, 25, 50, 75, 100])
        axes.set_xlabel("coverage: rows kept, the most confident first, %")
        axes.set_ylabel("errors among them, %", labelpad=3)
        axes.grid(visible=True)
        axes.set_axisbelow(True)
    label = f"Risk-coverage curves on {test.name}, area under the curve: " + "; ".join(
        f"{system.name} {percent(system.mean('aurc'))}" for system in systems
    )
    return inline_svg(figure, f"coverage-{test.name}", label)
