"""`stancelab curve`: runs that differ by how much of train they have -> learning curves."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stancelab.cli.commands.compare import CompareConfig
from stancelab.cli.config import as_plain
from stancelab.cli.inputs import chosen_tests, evaluations
from stancelab.cli.steps import say
from stancelab.files import hardware, versions, write_json, write_manifest
from stancelab.layout import CURVE

if TYPE_CHECKING:
    from pathlib import Path

logger = logging.getLogger(__name__)


@dataclass
class CurveConfig(CompareConfig):
    """Draw the learning curve of runs that differ by how much of train they have: stancelab curve RUN RUN ..."""


def execute(config: CurveConfig, run_folder: Path, command_line: str) -> None:
    """Draw the learning curve of runs that differ by how much of train they have."""
    from stancelab.cli.terminal import curve_table
    from stancelab.evaluation.evaluate import evaluate
    from stancelab.evaluation.runs.learning_curve import gather_sizes
    from stancelab.report import write_curve, write_report

    sizes = gather_sizes([folder for _, folder in evaluations(config.runs)])
    facts = {"command": command_line, "config": as_plain(config), "versions": versions(), "hardware": hardware()}
    results = []
    for size in sizes:
        tests = chosen_tests(config.evaluation.tests, size.gathered.tests)
        logger.info("%s: %d systems", size.title, len({each.name for each in size.gathered.systems}))
        context = {**size.gathered.context, **facts}
        results.append(evaluate(size.gathered.systems, tests, run_folder / size.name, config.evaluation, context))
        write_report(run_folder / size.name)
    dataset = sizes[0].gathered.context["dataset"]
    index = {
        "title": f"{dataset['name']}: scores by training rows",
        "dataset": dataset["name"],
        **facts,
        "commands": list(dict.fromkeys(line for size in sizes for line in size.gathered.context["commands"])),
        "sizes": [{"name": size.name, "title": size.title, "train_rows": size.train_rows} for size in sizes],
    }
    write_json(run_folder / CURVE, index)
    report = write_curve(run_folder)
    write_manifest(run_folder, {"kind": "curve", "command": command_line, "config": as_plain(config)})
    say(curve_table({size.title: metrics for size, metrics in zip(sizes, results, strict=True)}))
    say(f"report: {report}")
