"""The sentences of a learning curve: growth, baselines, text-only ablations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stancelab.pages.formatting import count, percent, points

if TYPE_CHECKING:
    from stancelab.report.curve.view import Curve, Point


def curve_sentences(curve: Curve) -> list[str]:
    """Return the sentences on one test file."""
    trained = curve.trained()
    if not trained:
        return ["No trained system was evaluated beside the baselines."]
    lines = [line for name in trained for line in (*_growth(curve, name), *_above_baselines(curve, name))]
    return lines + [
        line for ablation in curve.text_only for name in trained for line in _ablation(curve, name, ablation)
    ]


def _rows(point: Point) -> str:
    return count(round(point.rows))


def _growth(curve: Curve, name: str) -> list[str]:
    series = curve.series(name)
    if len(series) < 2:
        return []
    (first, low), (before, previous), (last, high) = series[0], series[-2], series[-1]
    lines = [
        f"{name} scores {percent(low.mean)} with {_rows(first)} training rows and {percent(high.mean)} with "
        f"{_rows(last)}."
    ]
    gain = high.mean - previous.mean
    lines.append(f"The last step, from {_rows(before)} to {_rows(last)} rows, adds {points(gain)}.")
    if high.interval is None or previous.interval is None:
        return lines
    if gain > 0 and high.interval[0] > previous.interval[1]:
        return [*lines, "The 95% intervals of these two sizes do not overlap: more training rows are likely to help."]
    if previous.interval[0] > high.interval[1]:
        return [*lines, "The 95% intervals of these two sizes do not overlap."]
    return [*lines, "The 95% intervals of these two sizes overlap."]


def _above_baselines(curve: Curve, name: str) -> list[str]:
    """Say from which size on a system is significantly above every baseline."""
    baselines = [each for each in curve.names() if curve.is_baseline(each)]
    compared = [point for point in curve.points if point.test.system(name) and any(map(point.test.system, baselines))]
    if not compared:
        return []
    above: list[Point] = []
    for point in reversed(compared):
        test = point.test
        lower = {pair.systems[1] for pair in test.pairs if pair.systems[0] == name and test.is_significant(pair)}
        if any(test.system(baseline) is not None and baseline not in lower for baseline in baselines):
            break
        above.append(point)
    if not above:
        return [f"With {_rows(compared[-1])} training rows {name} is not significantly above every baseline."]
    if len(above) == len(compared):
        return [f"{name} is significantly above every baseline at every size."]
    return [f"From {_rows(above[-1])} training rows on {name} is significantly above every baseline."]


def _ablation(curve: Curve, name: str, ablation: str) -> list[str]:
    own = {point.size.name: estimate for point, estimate in curve.series(name)}
    gaps = [
        f"{points(own[point.size.name].mean - estimate.mean)} with {_rows(point)} rows"
        for point, estimate in curve.series(ablation)
        if point.size.name in own
    ]
    return [f"{name} is above {ablation}, the text-only ablation, by {', '.join(gaps)}."] if gaps else []
