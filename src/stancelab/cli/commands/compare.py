"""`stancelab compare`: the systems of several evaluations side by side -> metrics and report."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from omegaconf import MISSING

from stancelab.cli.config import CommandConfig
from stancelab.cli.inputs import folders_of
from stancelab.cli.steps import evaluate_gathered
from stancelab.evaluation.settings import EvaluationSettings

if TYPE_CHECKING:
    from pathlib import Path


@dataclass
class CompareConfig(CommandConfig):
    """Put the systems of several evaluations side by side: stancelab compare RUN RUN ...

    Attributes:
        runs: The folders of the evaluations: a list, or LABEL: FOLDER pairs; words without "=" are taken as such. A
            folder that holds several stands for all of them.
        evaluation: Test files, intervals, comparisons and calibration.
    """

    #: The systems' answers are read from tables, so that changed examples cannot be asked.
    ignores = ("evaluation.perturbations", "evaluation.on_unparsed")

    runs: Any = MISSING
    evaluation: EvaluationSettings = field(default_factory=EvaluationSettings)


def execute(config: CompareConfig, run_folder: Path, command_line: str) -> None:
    """Put the systems of several evaluations side by side."""
    from stancelab.evaluation.runs.compare import gather
    from stancelab.evaluation.runs.find import find_evaluations, label_evaluations

    evaluations = label_evaluations(find_evaluations(folders_of("runs", config.runs)))
    found = gather(evaluations, config.evaluation.tests)
    evaluate_gathered(config, config.evaluation, found, run_folder, command_line, "compare")
