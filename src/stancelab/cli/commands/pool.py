"""`stancelab pool`: the evaluations of the folds of a cross-validation -> one evaluation of all rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from stancelab.cli.commands.compare import CompareConfig
from stancelab.cli.inputs import folders_of
from stancelab.cli.steps import evaluate_gathered

if TYPE_CHECKING:
    from pathlib import Path


@dataclass
class PoolConfig(CompareConfig):
    """Put the evaluations of the folds of a cross-validation together as one: stancelab pool RUN RUN ...

    Attributes:
        partial: Whether some folds may be missing; the title of the report then says so.
    """

    partial: bool = False


def execute(config: PoolConfig, run_folder: Path, command_line: str) -> None:
    """Put the evaluations of the folds of a cross-validation together as one."""
    from stancelab.evaluation.runs.find import find_evaluations, label_evaluations
    from stancelab.evaluation.runs.pool import gather_folds

    found = gather_folds(label_evaluations(find_evaluations(folders_of("runs", config.runs))), partial=config.partial)
    evaluate_gathered(config, config.evaluation, found, run_folder, command_line, "pool")
