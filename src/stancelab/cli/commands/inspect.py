"""`stancelab inspect`: the rows of a corpus whose label may be wrong -> a table for a person to correct."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from stancelab.baselines.registry import BASELINES
from stancelab.cli.config import as_plain
from stancelab.cli.recipe import Recipe
from stancelab.cli.steps import prepared_dataset, say
from stancelab.errors import count_of, did_you_mean, verb
from stancelab.files import write_manifest
from stancelab.layout import BLIND_SAMPLE, LABEL_ISSUES
from stancelab.tables.csv_lines import Style

if TYPE_CHECKING:
    from pathlib import Path


@dataclass
class InspectSettings:
    """How rows whose label may be wrong are looked for (group `inspect`).

    Attributes:
        system: The baseline whose out-of-fold probabilities say what is unlikely.
        folds: In how many folds the rows are divided for them.
        blind_rows: How many rows of the tests, drawn by chance, are listed without their labels, to be labeled again
            beside the label issues; 0 lists none.
        bom: Whether the tables begin with a byte order mark, by which Excel knows that they are UTF-8.
        safe_cells: Whether cells that a spreadsheet would run as formulas, since they begin with "=", "+", "-" or "@",
            get an apostrophe in front; `data.corrections` takes it off again.
    """

    system: str = "ngram_logreg"
    folds: int = 5
    blind_rows: int = 200
    bom: bool = True
    safe_cells: bool = True

    def problems(self) -> list[str]:
        """Return what is out of range, one line each."""
        lines = []
        if self.system not in BASELINES:
            hint = did_you_mean(self.system, BASELINES)
            lines.append(f"system: found {self.system!r}, allowed {', '.join(BASELINES)}.{hint}")
        if not 2 <= self.folds <= 20:
            lines.append(f"folds: found {self.folds}, allowed 2 to 20")
        if self.blind_rows < 0:
            lines.append(f"blind_rows: found {self.blind_rows}, allowed 0 or more")
        return lines


@dataclass
class InspectConfig(Recipe):
    """List the rows of a corpus whose label may be wrong, for a person to correct.

    Attributes:
        inspect: Which baseline's probabilities are used, in how many folds, and the rows to label again.
    """

    uses = ("data", "split", "audit", "model", "baselines", "inspect")

    inspect: InspectSettings = field(default_factory=InspectSettings)


def execute(config: InspectConfig, run_folder: Path, command_line: str) -> None:
    """List the rows whose label may be wrong."""
    from stancelab.baselines.crossfit import out_of_fold
    from stancelab.data.quality.audit import text_numbers
    from stancelab.data.quality.label_issues import (
        LABEL,
        blind_sample,
        find_label_issues,
        write_blind_sample,
        write_label_issues,
    )

    system = config.inspect.system
    dataset = prepared_dataset(config)
    tests = [row for test in dataset.tests.values() for row in test]
    rows = [*dataset.train, *dataset.validation, *tests]
    probabilities = out_of_fold(config.baselines, system, rows, config.inspect.folds)
    issues = find_label_issues(rows, probabilities, text_numbers([row.text for row in rows], config.audit))
    path = run_folder / LABEL_ISSUES
    style = Style(byte_order_mark=config.inspect.bom, safe_cells=config.inspect.safe_cells)
    write_label_issues(path, issues, style)
    sample = blind_sample(tests, config.inspect.blind_rows, config.split.seed)
    if sample:
        write_blind_sample(run_folder / BLIND_SAMPLE, sample, style)
    write_manifest(run_folder, {"kind": "inspect", "command": command_line, "config": as_plain(config)})
    unlikely = sum(LABEL in issue.reasons for issue in issues)
    if issues:
        say(line_of_issues(len(issues), unlikely, len(rows), system))
        say("Fill in the column 'correction' (a stance, or drop) and prepare again with")
        say(f"data.corrections={path}")
    else:
        say(f"of {count_of(len(rows), 'row')} none is unlikely to {system}, and none contradicts another")
    say(f"label issues: {path}")
    flagged = sum(issue.example.split.startswith("test") for issue in issues)
    if flagged:
        say(f"Test rows among them: {flagged:,}. To correct these alone favors {system} and models like it: a label is")
        say(f"looked at where {system} disagrees, so only what counted against it can change. Label the sample too.")
    if sample:
        say(f"blind sample: {run_folder / BLIND_SAMPLE}")
        drawn = f"{len(sample):,} of {count_of(len(tests), 'test row')}"
        say(f"({drawn} by chance, without labels: fill in 'correction' before you")
        say("look at the label issues)")


def line_of_issues(issues: int, unlikely: int, rows: int, system: str) -> str:
    """Return the line that says how many rows are listed, and why.

    Args:
        issues: The number of rows that are listed.
        unlikely: The number of these whose label is unlikely.
        rows: The number of all rows.
        system: What finds labels unlikely.
    """
    told = f"{issues:,} of {count_of(rows, 'row')} to look at: {unlikely:,} that {system} finds unlikely"
    others = issues - unlikely
    return f"{told}, {others:,} that {verb(others, 'contradicts', 'contradict')} another one." if others else f"{told}."
