"""The steps that several commands share: prepare a dataset, train, evaluate."""

from __future__ import annotations

import dataclasses
import logging
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stancelab.cli.config import as_plain
from stancelab.cli.inputs import chosen_tests
from stancelab.errors import ConfigError
from stancelab.files import hardware, locked, versions, write_json, write_manifest
from stancelab.layout import CHECKPOINT, DATASETS, INTERRUPTED, TENSORBOARD, TRAINING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stancelab.cli.config import CommandConfig
    from stancelab.cli.recipe import Recipe
    from stancelab.data.prepared import PreparedDataset
    from stancelab.evaluation.runs.read import Gathered
    from stancelab.evaluation.settings import EvaluationSettings
    from stancelab.inference.classifier import StanceClassifier
    from stancelab.schema import System
    from stancelab.training.finetune import TrainedModel

logger = logging.getLogger(__name__)


def say(text: str) -> None:
    """Print a line of a command's result."""
    sys.stdout.write(text + "\n")


def check_encoder(config: Recipe) -> None:
    """Check that the encoder can be had before any work is done."""
    from stancelab.training import load_encoder

    load_encoder.check_encoder(config.model)


def prepared_dataset(config: Recipe, *, reuse: bool = True) -> PreparedDataset:
    """Return the prepared dataset of these settings; a current one is used again, unless `reuse` is false."""
    from stancelab.data.prepared import is_current, load_prepared

    folder = _dataset_folder(config)
    with locked(Path(config.output_root) / f".{folder.name}.lock"):
        if reuse and is_current(folder, config.data.each(), config.split, config.audit, _counted_for(config)):
            logger.info("using the prepared dataset %s", folder)
        else:
            _prepare(config, folder)
        return load_prepared(folder)


def train_model(config: Recipe, dataset: PreparedDataset, run_folder: Path) -> TrainedModel:
    """Fine-tune an encoder; its checkpoint and the history of its training lie in the run's folder."""
    from stancelab.training.finetune import finetune

    trained = finetune(
        dataset,
        config.model,
        config.training,
        seed=config.seed,
        output=run_folder / CHECKPOINT,
        state=Path(config.output_root) / INTERRUPTED,
        logs=run_folder / TENSORBOARD,
    )
    cut = {split: dataclasses.asdict(cut) for split, cut in trained.cut.items()}
    write_json(run_folder / TRAINING, {"dev": trained.info.dev, "cut": cut, "history": trained.history})
    return trained


def evaluate_systems(
    config: Recipe,
    dataset: PreparedDataset,
    checkpoints: Sequence[StanceClassifier],
    run_folder: Path,
    command_line: str,
    others: Sequence[System] = (),
) -> None:
    """Evaluate checkpoints, systems of others and baselines on the dataset's test files, and write the report."""
    from stancelab.baselines import fit_baselines
    from stancelab.evaluation.evaluate import evaluate
    from stancelab.evaluation.slices import Seen

    tests = chosen_tests(config.evaluation.tests, dataset.tests)
    _check_names([*checkpoints, *others], config.baselines.names)
    _warn_of_other_datasets(checkpoints, dataset)
    baselines = fit_baselines(config.baselines, dataset.train, dataset.validation)
    systems: list[System] = [*checkpoints, *others, *baselines]
    context = {
        "title": config.name,
        "command": command_line,
        "config": as_plain(config),
        "dataset": {
            "name": dataset.name,
            "fingerprint": dataset.fingerprint,
            "counts": dataset.manifest.get("counts", {}),
            "audit": dataset.audit,
        },
        "checkpoints": [_describe(classifier) for classifier in checkpoints],
        "baselines": [baseline.name for baseline in baselines],
        "hyperparameters": {baseline.name: baseline.describe() for baseline in baselines},
        "primary_metric": dataset.metric,
        "versions": versions(),
        "hardware": hardware(),
    }
    metrics = evaluate(systems, tests, run_folder, config.evaluation, context, Seen.of(dataset.train))
    manifest = {"kind": "evaluate", "command": command_line, "config": as_plain(config), "dataset": dataset.fingerprint}
    _finish_evaluation(metrics, run_folder, manifest)


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

    facts = {"command": command_line, "config": as_plain(config), "versions": versions(), "hardware": hardware()}
    tests = chosen_tests(settings.tests, found.tests)
    metrics = evaluate(found.systems, tests, run_folder, settings, {**found.context, **facts})
    _finish_evaluation(metrics, run_folder, {"kind": kind, "command": command_line, "config": as_plain(config)})


def _dataset_folder(config: Recipe) -> Path:
    """Return where the prepared dataset of these settings lies; datasets of different splits have different folders."""
    split, data = config.split, config.data
    name = data.name
    if name == "table" and data.path is not None:  # tables that nobody has named are distinguished by their files
        name += "-" + re.sub(r"[^A-Za-z0-9_]+", "-", Path(data.path).name.partition(".")[0]).strip("-")
    if split.kind != "given":
        name += f"-{split.kind}-seed{split.seed}"
    if split.kind == "kfold":
        name += f"-fold{split.fold}of{split.folds}"
    if split.target is not None:
        name += "-" + re.sub(r"[^A-Za-z0-9_]+", "-", split.target).strip("-")
    if split.shots is not None:
        name += f"-{split.shots}shots-seed{split.draw}"
    if split.train_rows is not None:
        name += f"-{split.train_rows}rows-seed{split.draw}"
    if split.train_share is not None and split.train_share < 1:
        name += f"-{100 * split.train_share:g}percent-seed{split.draw}"
    return Path(config.output_root) / DATASETS / name


def _counted_for(config: Recipe) -> dict[str, Any]:
    """Return what the audit's count of truncated rows depends on."""
    return {"encoder": config.model.name_or_path, "input": dataclasses.asdict(config.model.input)}


def _prepare(config: Recipe, folder: Path) -> None:
    from transformers import AutoTokenizer

    from stancelab.data.prepare import prepare
    from stancelab.encoders import explain_hub_error, resolve_encoder
    from stancelab.encoding import InputBuilder

    with explain_hub_error(config.model.name_or_path):
        tokenizer = AutoTokenizer.from_pretrained(resolve_encoder(config.model.name_or_path, config.model.sha256))
    builder = InputBuilder(tokenizer, config.model.input)
    prepare(
        config.data.each(),
        config.split,
        config.audit,
        folder,
        count_tokens=builder.count_tokens,
        max_length=config.model.input.max_length,
        counted_for=_counted_for(config),
    )


def _check_names(systems: Sequence[System], baselines: Sequence[str]) -> None:
    for system in systems:
        if system.name in baselines:
            raise ConfigError(
                f"a system is called {system.name!r}, as a baseline is; give it another name, as in "
                f"'predictions={{my_{system.name}: FILE}}' or 'checkpoint={{my_{system.name}: FOLDER}}'"
            )


def _warn_of_other_datasets(checkpoints: Sequence[StanceClassifier], dataset: PreparedDataset) -> None:
    for classifier in checkpoints:
        if classifier.info.dataset.get("fingerprint") != dataset.fingerprint:
            logger.warning(
                "%s was trained on %s, not on this dataset's train split; make sure it has not seen these test rows",
                classifier.name,
                classifier.info.dataset.get("name", "another dataset"),
            )


def _finish_evaluation(metrics: dict[str, Any], run_folder: Path, manifest: dict[str, Any]) -> None:
    from stancelab.cli.terminal import systems_table
    from stancelab.report import write_report

    report = write_report(run_folder)
    write_manifest(run_folder, manifest)
    say(systems_table(metrics))
    say(f"report: {report.html}")


def _describe(classifier: StanceClassifier) -> dict[str, Any]:
    info = classifier.info
    return {
        "name": classifier.name,
        "encoder": info.encoder,
        "seed": info.seed,
        "temperature": info.temperature,
        "input": dataclasses.asdict(info.input),
        "training": info.training,
        "trained_on": info.dataset,
        "dev": info.dev,
    }
