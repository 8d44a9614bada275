"""The tables of systems that commands print at their end."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.table import Table

from stancelab.report.results import warnings_of

HEADINGS = {"macro_f1": "macro-F1", "f_avg": "F_avg", "accuracy": "accuracy"}


def systems_table(metrics: dict[str, Any]) -> str:
    """Return the systems with their scores on each test file, in percent, as text for the terminal.

    Args:
        metrics: The content of metrics.json.
    """
    primary = metrics["primary_metric"]
    table = Table(title="Test scores in percent, with 95% intervals", title_justify="left")
    table.add_column("system")
    for split in metrics["tests"]:
        for name in dict.fromkeys([primary, *HEADINGS]):
            table.add_column(f"{split} {HEADINGS[name]}", justify="right")
    for system in metrics["systems"]:
        cells = [system["name"]]
        for scores in system["tests"].values():
            cells += [_cell(scores, name, name == primary) for name in dict.fromkeys([primary, *HEADINGS])]
        table.add_row(*cells)
    shown = _as_text(table, 24 + 3 * 24 * len(metrics["tests"]))
    return shown + "".join(f"Note: {line}\n" for line in _notes(metrics))


def curve_table(sizes: dict[str, dict[str, Any]]) -> str:
    """Return each system's main score by size of train and test file, in percent, as text for the terminal.

    Args:
        sizes: The size in words -> the content of its metrics.json.
    """
    last = list(sizes.values())[-1]
    primary = last["primary_metric"]
    names = dict.fromkeys(system["name"] for metrics in sizes.values() for system in metrics["systems"])
    shown = ""
    for test in last["tests"]:
        table = Table(title=f"{HEADINGS[primary]} on {test} in percent", title_justify="left")
        table.add_column("system")
        for title in sizes:
            table.add_column(title, justify="right")
        for name in names:
            scores = [
                next((each["tests"][test] for each in metrics["systems"] if each["name"] == name), None)
                for metrics in sizes.values()
            ]
            table.add_row(name, *("–" if own is None else _cell(own, primary, False) for own in scores))
        shown += _as_text(table, 24 + 24 * len(sizes))
    return shown


def _as_text(table: Table, width: int) -> str:
    console = Console(width=max(80, width), color_system=None)
    with console.capture() as capture:
        console.print(table)
    return capture.get()


def _notes(metrics: dict[str, Any]) -> list[str]:
    """Return what a reader of the table must know of it: of the test files, and of systems that are no baselines."""
    lines = [
        f"{split}: {warning}"
        for split, test in metrics["tests"].items()
        for warning in [*test["warnings"], *metrics["comparisons"][split]["warnings"]]
    ]
    for system in metrics["systems"]:
        if system["name"] not in metrics["context"].get("baselines", []):
            lines += [
                f"{system['name']} on {split}: {warning}"
                for split, scores in system["tests"].items()
                for warning in warnings_of(scores["runs"])
            ]
    return lines


def _cell(scores: dict[str, Any], name: str, with_interval: bool) -> str:
    runs = scores["runs"]
    value = f"{100 * scores['mean'][name]:.1f}"
    if len(runs) > 1:
        return f"{value} ± {100 * scores['std'][name]:.1f}"
    if with_interval and name in runs[0]["intervals"]:
        low, high = runs[0]["intervals"][name]
        return f"{value} [{100 * low:.1f}, {100 * high:.1f}]"
    return value
