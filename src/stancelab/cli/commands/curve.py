"""`stancelab curve`: runs that differ by how much of train they have -> learning curves."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from stancelab.cli.commands.compare import CompareConfig
from stancelab.cli.config import as_plain
from stancelab.cli.inputs import folders_of
from stancelab.cli.steps import say
from stancelab.errors import count_of
from stancelab.files import hardware, versions, write_manifest

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from stancelab.evaluation.runs.learning_curve import Size
    from stancelab.report.curve.index import CurveIndex
    from stancelab.results import CurveStep, Results

logger = logging.getLogger(__name__)


@dataclass
class CurveConfig(CompareConfig):
    """Draw the learning curve of runs that differ by how much of train they have: stancelab curve RUN RUN ..."""


def execute(config: CurveConfig, run_folder: Path, command_line: str) -> None:
    """Draw the learning curve of runs that differ by how much of train they have."""
    from stancelab.cli.terminal import curve_table
    from stancelab.evaluation.evaluate import evaluate
    from stancelab.evaluation.runs.curve_steps import compare_steps
    from stancelab.evaluation.runs.find import find_evaluations
    from stancelab.evaluation.runs.learning_curve import gather_sizes
    from stancelab.report import write_curve, write_report
    from stancelab.report.curve.index import write_index

    folders = [folder for _, folder in find_evaluations(folders_of("runs", config.runs))]
    sizes = gather_sizes(folders, config.evaluation.tests)
    scored: dict[str, Results] = {}
    for size in sizes:
        found = size.gathered
        logger.info("%s: %s", size.title, count_of(len({each.name for each in found.systems}), "system"))
        scored[size.title] = evaluate(
            found.systems,
            found.tests,
            run_folder / size.name,
            config.evaluation,
            provenance=replace(found.provenance, command=command_line, config=as_plain(config)),
            primary_metric=found.primary_metric,
            classes=found.classes,
        )
        write_report(run_folder / size.name)
    write_index(run_folder, _index(config, sizes, compare_steps(sizes, config.evaluation), command_line))
    report = write_curve(run_folder)
    write_manifest(run_folder, {"kind": "curve", "command": command_line, "config": as_plain(config)})
    say(curve_table(scored))
    say(f"report: {report}")


def _index(config: CurveConfig, sizes: Sequence[Size], steps: list[CurveStep], command_line: str) -> CurveIndex:
    """Return what curve.json says: the sizes, the tests of the steps, and what made the curve."""
    from stancelab.report.curve import index

    dataset = sizes[0].gathered.provenance.dataset
    name = "" if dataset is None else dataset.name
    return index.CurveIndex(
        title=f"{name}: scores by training rows",
        dataset=name,
        command=command_line,
        commands=list(dict.fromkeys(line for size in sizes for line in size.gathered.provenance.commands)),
        config=as_plain(config),
        versions=versions(),
        hardware=hardware(),
        steps=steps,
        sizes=[index.Size(name=size.name, title=size.title, train_rows=size.train_rows) for size in sizes],
    )
