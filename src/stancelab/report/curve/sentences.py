"""The sentences of a learning curve: growth, baselines, text-only ablations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stancelab.pages.formatting import count, counted, listed, p_value, percent, points

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
    change = f"adds {points(gain)}" if gain >= 0 else f"lowers the score by {points(-gain)}"
    return [*lines, f"The last step, from {_rows(before)} to {_rows(last)} rows, {change}{_verdict(curve, name)}."]


def _verdict(curve: Curve, name: str) -> str:
    """Return whether the last step of a system's curve is a significant difference, or that it was not tested."""
    (before, _), (last, _) = curve.series(name)[-2:]
    step = curve.step(name, before, last)
    if step is None:
        few = any(len(system.runs) < 2 for point in (before, last) if (system := point.test.system(name)) is not None)
        return ", not tested" + (", since a size has one run" if few else "")
    is_significant = "is" if step.p_holm < last.test.level else "is not"
    family = f" over {counted(len(curve.steps), 'step')}" if len(curve.steps) > 1 else ""
    tested = f"p {p_value(step.p)}; corrected p {p_value(step.p_holm)}{family}"
    return f", which {is_significant} a significant difference ({tested})"


def _above_baselines(curve: Curve, name: str) -> list[str]:
    """Say from which size on a system is significantly above every baseline, or how far it is from the best one."""
    baselines = [each for each in curve.names() if curve.is_baseline(each)]
    compared = [point for point in curve.points if point.test.system(name) and any(map(point.test.system, baselines))]
    if not compared:
        return []
    above: list[Point] = []
    for point in reversed(compared):
        if _not_below(point, name):
            break
        above.append(point)
    if not above:
        return _beside_best_baseline(compared[-1], name)
    if len(above) == len(compared):
        return [f"{name} is significantly above every baseline at every size."]
    return [f"From {_rows(above[-1])} training rows on {name} is significantly above every baseline."]


def _not_below(point: Point, name: str) -> list[str]:
    """Return the baselines of one size that a system is not significantly above, the best first."""
    test = point.test
    lower = {pair.systems[1] for pair in test.pairs if pair.systems[0] == name and test.is_significant(pair)}
    return [system.name for system in test.systems if system.is_baseline and system.name not in lower]


def _beside_best_baseline(point: Point, name: str) -> list[str]:
    """Say how far a system is from the best baseline of one size where it is not significantly above all of them."""
    test = point.test
    best = next(system for system in test.systems if system.is_baseline)
    own = next(system for system in test.systems if system.name == name).mean(test.primary)
    other = best.mean(test.primary)
    beginning = (
        f"With {_rows(point)} training rows the best baseline, {best.name}, scores {percent(other)}; {name} scores"
    )
    if own >= other:
        more = f"{points(own - other)} more" if own > other else "the same"
        return [f"{beginning} {more}.", f"{name} is not significantly above {listed(_not_below(point, name))}."]
    pair = next((each for each in test.pairs if each.systems == (best.name, name)), None)
    tested = "" if pair is None or test.is_significant(pair) else ", which is not a significant difference"
    return [f"{beginning} {points(other - own)} less{tested}."]


def _ablation(curve: Curve, name: str, ablation: str) -> list[str]:
    own = {point.size.name: estimate for point, estimate in curve.series(name)}
    gaps = [
        f"{points(own[point.size.name].mean - estimate.mean)} with {_rows(point)} rows{_tested(point, name, ablation)}"
        for point, estimate in curve.series(ablation)
        if point.size.name in own and point.test.readers.full.get(ablation) == name
    ]
    return [f"The difference of {name} to {ablation}, its text-only ablation, is {', '.join(gaps)}."] if gaps else []


def _tested(point: Point, name: str, other: str) -> str:
    """Return the p-values of a difference at one size, corrected over the pairs of that size."""
    pair = next((each for each in point.test.pairs if set(each.systems) == {name, other}), None)
    return " (not tested)" if pair is None else f" (p {p_value(pair.p)}; corrected p {p_value(pair.p_holm)})"
