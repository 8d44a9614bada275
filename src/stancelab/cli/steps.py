"""The steps that several commands share: prepare, train, evaluate, and write the report."""

from __future__ import annotations

import logging
import sys
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stancelab import processes
from stancelab.cli.config import as_plain
from stancelab.cli.early import check_names
from stancelab.data.settings import MADE_BY
from stancelab.errors import InterruptedTraining, depends_on
from stancelab.files import write_manifest
from stancelab.layout import INTERRUPTED, TEACHERS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from stancelab.cli.config import CommandConfig
    from stancelab.cli.recipe import Recipe
    from stancelab.data.prepared import PreparedDataset
    from stancelab.evaluation.runs.read import Gathered
    from stancelab.evaluation.settings import EvaluationSettings
    from stancelab.results import Results
    from stancelab.schema import System
    from stancelab.training.estimate import Later
    from stancelab.training.finetune import TrainedModel


logger = logging.getLogger(__name__)


def say(text: str) -> None:
    """Print a line of a command's result; of several processes the first one speaks."""
    if processes.is_first():
        sys.stdout.write(text + "\n")


def prepared_dataset(config: Recipe, *, reuse: bool = True) -> PreparedDataset:
    """Return the prepared dataset of these settings; a current one is used again, unless `reuse` is false."""
    from stancelab.data.prepare import prepare

    def prepared(reuse: bool) -> PreparedDataset:
        return prepare(
            config.data.each(),
            split=config.split,
            audit=config.audit,
            model=config.model,
            root=config.output_root,
            name=config.data.name if config.data.corpora else None,
            reuse=reuse,
        )

    with depends_on(*MADE_BY):
        if processes.count() == 1:
            return prepared(reuse)
        from stancelab.training.together import first_alone

        with first_alone():
            return prepared(reuse)


def train_model(config: Recipe, dataset: PreparedDataset, run_folder: Path, later: Later | None = None) -> TrainedModel:
    """Fine-tune an encoder; its checkpoint and the history of its training lie in the run's folder.

    Args:
        config: The settings.
        dataset: The rows.
        run_folder: The run's folder.
        later: What comes after the training, for the estimate of how long all takes.
    """
    from stancelab.training.finetune import finetune
    from stancelab.training.finished import runs_of

    root = Path(config.output_root)
    return finetune(
        dataset,
        config.model,
        config.training,
        seed=config.seed,
        output=run_folder,
        state=root / INTERRUPTED,
        teachers=root / TEACHERS,
        earlier=runs_of(root, config.name) if config.training.resume else (),
        later=later,
    )


@contextmanager
def training_is_kept(checkpoint: Path) -> Iterator[None]:
    """Say, where what follows a training is interrupted, that its checkpoint is whole and need not be trained again."""
    try:
        yield
    except KeyboardInterrupt as interruption:
        logger.warning("interrupted after the training: the checkpoint %s is whole", checkpoint)
        raise InterruptedTraining from interruption


def evaluate_with_baselines(
    config: Recipe, dataset: PreparedDataset, systems: Sequence[System], run_folder: Path, command_line: str
) -> None:
    """Evaluate systems and baselines on the dataset's test files, and write the report."""
    from stancelab.baselines import fit_baselines
    from stancelab.evaluation.checks import check_seeds
    from stancelab.evaluation.evaluate import evaluate
    from stancelab.evaluation.provenance import known_checkpoints
    from stancelab.results import Provenance

    # What they refuse or warn of comes before the baselines, which may take minutes.
    check_names([(system.name, system.seed) for system in systems], config.baselines.names)
    check_seeds(systems)
    checkpoints = known_checkpoints(systems, dataset.provenance())
    baselines = fit_baselines(config.baselines, dataset)
    provenance = Provenance(title=config.name, command=command_line, config=as_plain(config), checkpoints=checkpoints)
    results = evaluate([*systems, *baselines], dataset, run_folder, config.evaluation, provenance=provenance)
    manifest = {"kind": "evaluate", "command": command_line, "config": as_plain(config), "dataset": dataset.fingerprint}
    _finish_evaluation(results, run_folder, manifest)


def evaluate_gathered(
    config: CommandConfig,
    settings: EvaluationSettings,
    found: Gathered,
    run_folder: Path,
    command_line: str,
    kind: str,
) -> None:
    """Evaluate the systems that were gathered from other evaluations, and write the report."""
    from stancelab.evaluation.evaluate import evaluate

    results = evaluate(
        found.systems,
        found.tests,
        run_folder,
        settings,
        provenance=replace(found.provenance, command=command_line, config=as_plain(config)),
        primary_metric=found.primary_metric,
        folds=found.folds,
        classes=found.classes,
    )
    _finish_evaluation(results, run_folder, {"kind": kind, "command": command_line, "config": as_plain(config)})


def _finish_evaluation(results: Results, run_folder: Path, manifest: dict[str, Any]) -> None:
    from stancelab.cli.terminal import systems_table
    from stancelab.report import write_report

    report = write_report(run_folder)
    write_manifest(run_folder, manifest)
    say(systems_table(results))
    say(f"report: {report.html}")
