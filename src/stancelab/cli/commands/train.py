"""`stancelab train`: prepared dataset -> checkpoint."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from stancelab.cli.config import as_plain
from stancelab.cli.early import check_training
from stancelab.cli.recipe import Recipe
from stancelab.cli.steps import prepared_dataset, say, train_model
from stancelab.files import write_manifest
from stancelab.layout import TRAINING
from stancelab.processes import is_first

if TYPE_CHECKING:
    from pathlib import Path


@dataclass
class TrainConfig(Recipe):
    """Fine-tune an encoder on a corpus, which is prepared first where that has not been done."""

    uses = ("data", "split", "audit", "model", "seed", "training")


def check(config: TrainConfig) -> None:
    """Check encoder and teacher before the corpus is prepared."""
    check_training(config)


def execute(config: TrainConfig, run_folder: Path, command_line: str) -> None:
    """Fine-tune an encoder."""
    dataset = prepared_dataset(config)
    trained = train_model(config, dataset, run_folder)
    if not is_first():
        return
    manifest = {
        "kind": "train",
        "command": command_line,
        "config": as_plain(config),
        "dataset": dataset.fingerprint,
    }
    write_manifest(run_folder, manifest)
    if (dev := trained.info.dev) is not None:
        warnings = len(trained.info.warnings)
        told = f", with {warnings} warning{'s' if warnings > 1 else ''} (above, and in {TRAINING})" if warnings else ""
        say(f"dev {dev.metric}: {100 * dev.score:.1f}{told}")
    say(f"checkpoint: {trained.checkpoint}")
