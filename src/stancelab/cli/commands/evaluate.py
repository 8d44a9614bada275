"""`stancelab evaluate`: checkpoints, baselines and tables of predictions -> metrics and report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from omegaconf import MISSING

from stancelab.cli.early import check_evaluation, check_extra_columns, check_names, check_tables
from stancelab.cli.inputs import find_checkpoints, load_classifier, named_paths, read_predictions
from stancelab.cli.recipe import Recipe
from stancelab.cli.steps import evaluate_with_baselines, prepared_dataset

if TYPE_CHECKING:
    from pathlib import Path


@dataclass
class EvaluateConfig(Recipe):
    """Compare checkpoints and baselines on a corpus's test files, and write the report.

    Attributes:
        checkpoint: A checkpoint folder, a run or a folder of runs, the name of runs in outputs/train or outputs/run, a
            list of them, or NAME: FOLDER pairs; [] for baselines alone.
        predictions: Tables of predictions that were made elsewhere, with the columns id and predicted (or label): a
            file, a list of them, or NAME: FILE pairs; a list in place of FILE holds the runs of one system.
    """

    uses = ("data", "split", "audit", "model", "baselines", "evaluation", "checkpoint", "predictions")

    checkpoint: Any = MISSING
    predictions: Any = None


def check(config: EvaluateConfig) -> None:
    """Check what would be refused after the systems are loaded and the baselines fitted."""
    check_tables("predictions", named_paths("predictions", config.predictions))
    check_extra_columns(config)
    found = find_checkpoints(config.checkpoint, config.output_root)
    check_names([(each.name, each.seed) for each in found], config.baselines.names)


def execute(config: EvaluateConfig, run_folder: Path, command_line: str) -> None:
    """Compare checkpoints, baselines and what others predicted on the test files."""
    tables = named_paths("predictions", config.predictions)
    found = find_checkpoints(config.checkpoint, config.output_root)
    dataset = prepared_dataset(config)
    asked = config.evaluation
    check_evaluation(config, dataset)
    others = read_predictions(
        tables, dataset.tests, asked.tests, config.data.each(), dataset.earlier_labels, on_unparsed=asked.on_unparsed
    )
    checkpoints = [load_classifier(each.folder, each.name) for each in found]
    evaluate_with_baselines(config, dataset, [*checkpoints, *others], run_folder, command_line)
