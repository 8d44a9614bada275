"""The figure of a learning curve: each system a line over the number of training rows, named at its end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from stancelab.pages.formatting import count, percent, shortened
from stancelab.pages.svg import ACCENT, INK, MUTED, inline_svg, page_style
from stancelab.report import titles

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from stancelab.report.curve.view import Curve

_WIDTH: Final = 6.4  # inches, as narrow as its text is still readable on a phone
_HEIGHT: Final = 4.6
_AXES: Final = (0.5, 0.65, 3.4, 3.6)  # left, bottom, width and height in inches; the names stand to the right
_NAME: Final = 24  # characters of a name
_LINE: Final = 0.2  # inches that a name takes


def curve_plot(curve: Curve) -> str:
    """Return the systems of one test file over the number of training rows, on a logarithmic axis.

    Trained systems are blue, text-only ablations dashed, baselines grey; bands are 95% intervals.
    """
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure
    from matplotlib.ticker import NullFormatter, NullLocator

    title = titles.metric(curve.primary)
    with page_style():
        figure = Figure(figsize=(_WIDTH, _HEIGHT))
        FigureCanvasSVG(figure)
        left, bottom, width, height = _AXES
        axes = figure.add_axes((left / _WIDTH, bottom / _HEIGHT, width / _WIDTH, height / _HEIGHT))
        axes.set_xscale("log")
        ends = [(_draw(axes, curve, name), name) for name in reversed(curve.names())]
        rows = [point.rows for point in curve.points]
        axes.set_xticks(rows, [count(round(each)) for each in rows])
        axes.xaxis.set_minor_formatter(NullFormatter())
        axes.xaxis.set_minor_locator(NullLocator())
        axes.set_xlim(rows[0] / 1.06, rows[-1] * 1.04)
        axes.set_xlabel("training rows")
        axes.text(0, 1.02, f"{title}, %", transform=axes.transAxes, color=MUTED, ha="left", va="bottom")
        axes.grid(visible=True, axis="y")
        axes.set_axisbelow(True)
        _name_lines(axes, curve, ends)
    label = f"Learning curves of {title} on {curve.test}, over {', '.join(count(round(each)) for each in rows)} rows: "
    label += "; ".join(
        f"{name} {', '.join(percent(estimate.mean) for _, estimate in curve.series(name))}" for name in curve.names()
    )
    return inline_svg(figure, f"curve-{curve.test}", label)


def _color(curve: Curve, name: str) -> str:
    return MUTED if curve.is_baseline(name) else ACCENT


def _draw(axes: Axes, curve: Curve, name: str) -> float:
    """Draw one system and return where its line ends."""
    series = curve.series(name)
    rows, means = [point.rows for point, _ in series], [100 * estimate.mean for _, estimate in series]
    is_baseline, color = curve.is_baseline(name), _color(curve, name)
    if not is_baseline:
        edges = [estimate.interval or (estimate.mean, estimate.mean) for _, estimate in series]
        low, high = ([100 * edge[side] for edge in edges] for side in (0, 1))
        axes.fill_between(rows, low, high, color=color, alpha=0.14, linewidth=0)
    axes.plot(
        rows, means,
        color=color, linewidth=1 if is_baseline else 2.2, alpha=0.75 if is_baseline else 1, marker="o",
        markersize=2.5 if is_baseline else 5, linestyle=(0, (4, 2)) if name in curve.text_only else "-",
    )  # fmt: skip
    return means[-1]


def _name_lines(axes: Axes, curve: Curve, ends: Sequence[tuple[float, str]]) -> None:
    """Write each system's last score and name beside the end of its line, moved apart where they would overlap."""
    bottom, top = axes.get_ylim()
    ends = sorted(ends)
    places = apart([end for end, _ in ends], _LINE * (top - bottom) / _AXES[3])
    for (end, name), place in zip(ends, places, strict=True):
        is_baseline = curve.is_baseline(name)
        axes.annotate(
            f"{end:.1f} {shortened(name, _NAME)}", xy=(1, end), xytext=(1.07, place),
            xycoords=axes.get_yaxis_transform(), textcoords=axes.get_yaxis_transform(),
            color=MUTED if is_baseline else INK, fontsize=10.5, va="center",
            fontweight="normal" if is_baseline else "bold",
            arrowprops={
                "arrowstyle": "-", "color": _color(curve, name), "linewidth": 0.6, "shrinkA": 1, "shrinkB": 0,
                "relpos": (0, 0.5),
            },
            annotation_clip=False,
        )  # fmt: skip


def apart(wanted: Sequence[float], gap: float) -> list[float]:
    """Return places at least `gap` apart in the same order, those that were too close around their middle.

    Args:
        wanted: Where each would stand by itself, ascending.
        gap: The least distance between two.
    """
    groups: list[list[float]] = []
    for each in wanted:
        groups.append([each])
        while len(groups) > 1 and _first(groups[-1], gap) - _first(groups[-2], gap) < gap * len(groups[-2]):
            groups[-2:] = [groups[-2] + groups[-1]]
    return [_first(group, gap) + gap * place for group in groups for place in range(len(group))]


def _first(group: Sequence[float], gap: float) -> float:
    """Return where the first of a group stands whose members are `gap` apart around their middle."""
    return sum(group) / len(group) - gap * (len(group) - 1) / 2
