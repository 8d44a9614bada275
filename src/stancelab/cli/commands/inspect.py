"""`stancelab inspect`: the rows of a corpus whose label may be wrong -> a table for a person to correct."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from stancelab.cli.config import as_plain
from stancelab.cli.recipe import Recipe
from stancelab.cli.steps import prepared_dataset, say
from stancelab.errors import ConfigError, did_you_mean
from stancelab.evaluation.settings import InspectSettings
from stancelab.files import write_manifest
from stancelab.layout import LABEL_ISSUES

if TYPE_CHECKING:
    from pathlib import Path


@dataclass
class InspectConfig(Recipe):
    """List the rows of a corpus whose label may be wrong, for a person to correct.

    Attributes:
        inspect: Which baseline's probabilities are used, and in how many folds.
    """

    uses = ("data", "split", "audit", "model", "baselines", "inspect")

    inspect: InspectSettings = field(default_factory=InspectSettings)


def execute(config: InspectConfig, run_folder: Path, command_line: str) -> None:
    """List the rows whose label may be wrong."""
    from stancelab.baselines.crossfit import out_of_fold
    from stancelab.baselines.registry import BASELINES
    from stancelab.data.quality.audit import text_numbers
    from stancelab.data.quality.label_issues import LABEL, find_label_issues, write_label_issues

    system = config.inspect.system
    if system not in BASELINES:
        raise ConfigError(
            f"inspect.system: found {system!r}, allowed {', '.join(BASELINES)}.{did_you_mean(system, BASELINES)}"
        )
    dataset = prepared_dataset(config)
    rows = [*dataset.train, *dataset.validation, *(row for test in dataset.tests.values() for row in test)]
    probabilities = out_of_fold(config.baselines, system, rows, config.inspect.folds)
    issues = find_label_issues(rows, probabilities, text_numbers([row.text for row in rows], config.audit))
    path = run_folder / LABEL_ISSUES
    write_label_issues(path, issues)
    write_manifest(run_folder, {"kind": "inspect", "command": command_line, "config": as_plain(config)})
    unlikely = sum(LABEL in issue.reasons for issue in issues)
    if issues:
        say(f"{len(issues):,} of {len(rows):,} rows to look at: {unlikely:,} that {system} finds unlikely, the others")
        say("contradict one another. Fill in the column 'correction' (a stance, or drop) and prepare again with")
        say(f"data.corrections={path}")
    else:
        say(f"none of the {len(rows):,} rows is unlikely to {system}, and none contradicts another")
    say(f"label issues: {path}")
