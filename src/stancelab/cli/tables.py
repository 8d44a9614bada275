"""The table of systems that a command prints at its end."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.table import Table

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
    console = Console(width=max(80, 24 + 3 * 24 * len(metrics["tests"])), color_system=None)
    with console.capture() as capture:
        console.print(table)
    return capture.get() + "".join(f"Note: {line}\n" for line in _notes(metrics))


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
                for warning in dict.fromkeys(line for run in scores["runs"] for line in run["warnings"])
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
