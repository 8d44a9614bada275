"""The list of runs as a table, JSON or CSV."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any, Final

from stancelab.errors import count_of
from stancelab.files import size_text
from stancelab.outputs.differing import differing_settings, shown_settings, shown_value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stancelab.outputs.runs import Run

FORMATS: Final = ("table", "json", "csv")
#: A line of the table names at most so many settings, values of so many letters, and test files; the other forms all.
_SETTINGS: Final = 6
_LETTERS: Final = 40
_TESTS: Final = 3


def listed(runs: Sequence[Run], form: str, root: str, others: Sequence[str] = ()) -> list[str]:
    """Return the lines of the list.

    Args:
        runs: The runs, in order.
        form: One of `FORMATS`.
        root: The folder of all outputs, for a message.
        others: Commands of which no run is listed though there are some; the table names them.
    """
    differ = differing_settings([run.settings for run in runs])
    if form == "json":
        return json.dumps([_content(*each) for each in zip(runs, differ, strict=True)], indent=2).splitlines()
    if form == "csv":
        return _csv(runs, differ)
    hint = f"; runs.command={','.join(others)} lists others" if others else ""
    if not runs:
        return [f"no runs in {root}{hint}"]
    rows = [_row(*each) for each in zip(runs, differ, strict=True)]
    total = size_text(sum(run.size for run in runs))
    return [*aligned([_HEAD, *rows], right=(3, 4)), f"{count_of(len(runs), 'run')}, {total}{hint}"]


def aligned(rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> list[str]:
    """Return rows of cells as lines with columns of one width, but for the last.

    Args:
        rows: The rows, the head among them.
        right: The places of the columns that stand at the right.
    """
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            cell.rjust(width) if place in right else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


_HEAD: Final = ("started", "command", "name", "dev", "size", "state", "test", "settings that differ")


def _row(run: Run, settings: dict[str, Any]) -> tuple[str, ...]:
    dev = f"{100 * run.dev.value:.1f} {run.dev.metric}" if run.dev else "–"
    name = f"{run.name} {run.part}".rstrip()
    shown = shown_settings(settings, _SETTINGS, _LETTERS)
    return (run.started, run.command or "Python", name, dev, size_text(run.size), run.state, _tests(run), shown)


def _tests(run: Run) -> str:
    """Return the scores of the first trained system, and how many others there are."""
    names = list(dict.fromkeys(score.system for score in run.tests))
    if not names:
        return "–"
    scores = [f"{each.test} {100 * each.value:.1f}" for each in run.tests if each.system == names[0]]
    if len(scores) > _TESTS:
        scores = [*scores[:_TESTS], count_of(len(scores) - _TESTS, "other test file")]
    others = f" (and {count_of(len(names) - 1, 'other system')})" if len(names) > 1 else ""
    return f"{names[0]}: {', '.join(scores)}{others}"


def _content(run: Run, settings: dict[str, Any]) -> dict[str, Any]:
    return {
        "folder": run.folder.as_posix(),
        "command": run.command,
        "name": run.name,
        "part": run.part,
        "started": run.started,
        "state": run.state,
        "settings": settings,
        "dataset": run.dataset,
        "dev": None if run.dev is None else {"metric": run.dev.metric, "value": run.dev.value},
        "tests": [
            {"system": each.system, "test": each.test, "metric": each.metric, "value": each.value} for each in run.tests
        ],
        "bytes": run.size,
        "checkpoint_bytes": run.checkpoint_size,
    }


def _csv(runs: Sequence[Run], differ: Sequence[dict[str, Any]]) -> list[str]:
    """Return a line for each run, with a column for each test file of its first trained system."""
    keys = list(dict.fromkeys(key for each in differ for key in each))
    tests = list(dict.fromkeys(score.test for run in runs for score in run.tests))
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    head = ["folder", "command", "name", "started", "state", "metric", "dev", "system"]
    writer.writerow([*head, *(f"test:{test}" for test in tests), "bytes", *keys])
    for run, settings in zip(runs, differ, strict=True):
        system = run.tests[0].system if run.tests else ""
        scores = {each.test: f"{each.value:.6f}" for each in run.tests if each.system == system}
        metric = run.dev.metric if run.dev else run.tests[0].metric if run.tests else ""
        own = [run.folder.as_posix(), run.command, run.name, run.started, run.state, metric]
        own += [f"{run.dev.value:.6f}" if run.dev else "", system, *(scores.get(test, "") for test in tests)]
        writer.writerow([*own, run.size, *(shown_value(settings[key]) if key in settings else "" for key in keys)])
    return file.getvalue().splitlines()
