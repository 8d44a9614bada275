"""The tables of systems that commands print at their end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from stancelab.errors import count_of
from stancelab.metrics.names import shown_metrics
from stancelab.pages.formatting import percent
from stancelab.report import titles
from stancelab.report.system_view import warnings_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from stancelab.results import Results, SystemScores


def systems_table(results: Results) -> str:
    """Return the systems with their scores on each test file, in percent, as text for the terminal."""
    primary = results.primary_metric
    metrics = shown_metrics(primary, results.classes)
    scored = [scores for system in results.systems for scores in system.tests.values()]
    has_interval = any(_has_interval(scores, primary) for scores in scored)
    interval = [f"{titles.metric(primary)} with [95% interval]"] if has_interval else []
    title = ", ".join(["Test scores in percent", *interval, *_deviation(scored)])
    table = Table()
    table.add_column("system")
    for test in results.tests:
        for name in metrics:
            table.add_column(f"{test} {titles.metric(name)}", justify="right")
    for system in results.systems:
        cells = [
            _cell(scores, name, with_interval=name == primary) for scores in system.tests.values() for name in metrics
        ]
        table.add_row(system.name, *cells)
    shown = _as_text(title, table, 24 + 3 * 24 * len(results.tests))
    return shown + "".join(f"Note: {line}\n" for line in _notes(results))


def curve_table(sizes: Mapping[str, Results]) -> str:
    """Return each system's main score by size of train and test file, in percent, as text for the terminal.

    Args:
        sizes: The size in words -> its evaluation.
    """
    last = list(sizes.values())[-1]
    primary = last.primary_metric
    names = dict.fromkeys(system.name for results in sizes.values() for system in results.systems)
    shown = ""
    for test in last.tests:
        scored = [system.tests[test] for results in sizes.values() for system in results.systems]
        title = ", ".join([f"{titles.metric(primary)} on {test} in percent", *_deviation(scored)])
        table = Table()
        table.add_column("system")
        for size in sizes:
            table.add_column(size, justify="right")
        for name in names:
            found = [results.system(name) for results in sizes.values()]
            cells = ["–" if own is None else _cell(own.tests[test], primary, with_interval=False) for own in found]
            table.add_row(name, *cells)
        shown += _as_text(title, table, 24 + 24 * len(sizes))
    return shown


def _as_text(title: str, table: Table, width: int) -> str:
    console = Console(width=max(80, width), color_system=None)
    with console.capture() as capture:
        console.print(table)
    # A title of the table itself would be broken at the table's width.
    return f"{title}\n{capture.get()}"


def _notes(results: Results) -> list[str]:
    """Return what a reader of the table must know of it: of the test files, and of systems that are no baselines."""
    lines = [
        f"{name}: {warning}"
        for name, test in results.tests.items()
        for warning in [*test.warnings, *results.comparisons[name].warnings, *results.comparisons[name].notes]
    ]
    lines += [
        f"{system.name} on {name}: was trained on the texts of {rows:,} of "
        f"{count_of(results.tests[name].rows, 'row')}; the "
        "report has its score without them"
        for system in results.systems
        for name, scores in system.tests.items()
        if (rows := scores.train_overlap_rows)
    ]
    return lines + [
        f"{system.name} on {name}: {warning}"
        for system in results.systems
        if not system.is_baseline
        for name, scores in system.tests.items()
        for warning in warnings_of(scores.runs)
    ]


def _deviation(scored: Sequence[SystemScores]) -> list[str]:
    """Return what ± means where a system has several seeds."""
    return ["± standard deviation over seeds"] if any(each.std is not None for each in scored) else []


def _has_interval(scores: SystemScores, metric: str) -> bool:
    """Tell whether a cell shows an interval: one run has one, several seeds have their deviation in its place."""
    return scores.std is None and metric in scores.intervals


def _cell(scores: SystemScores, metric: str, *, with_interval: bool) -> str:
    value = percent(scores.mean.value(metric) or 0.0)
    if scores.std is not None:
        return f"{value} ± {percent(scores.std.value(metric) or 0.0)}"
    if with_interval and _has_interval(scores, metric):
        low, high = scores.intervals[metric]
        return f"{value} [{percent(low)}, {percent(high)}]"
    return value
