"""`stancelab prepare`: labeled sentences -> prepared dataset."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from stancelab.cli.recipe import Recipe
from stancelab.cli.steps import prepared_dataset, say
from stancelab.files import write_manifest

if TYPE_CHECKING:
    from pathlib import Path


@dataclass
class PrepareConfig(Recipe):
    """Read labeled sentences, audit and split them, and write a prepared dataset."""

    uses = ("data", "split", "audit", "model")


def execute(config: PrepareConfig, run_folder: Path, command_line: str) -> None:
    """Prepare a dataset, also where a current one is there."""
    dataset = prepared_dataset(config, reuse=False)
    write_manifest(run_folder, {"kind": "prepare", "command": command_line, "dataset": str(dataset.folder)})
    say(f"prepared dataset: {dataset.folder}")
