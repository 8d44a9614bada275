"""A training that an earlier run has finished, so that a run that was interrupted later need not train again."""

from __future__ import annotations

import glob
import logging
import shutil
from typing import TYPE_CHECKING, Any

from stancelab.checkpoint import CheckpointInfo, load_info, verify
from stancelab.encoding import Cut
from stancelab.errors import StancelabError
from stancelab.files import atomic_folder, read_json, versions, write_json
from stancelab.layout import CHECKPOINT, TRAINING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

logger = logging.getLogger(__name__)

#: The key of `training.json` that tells one training from another: a hash of its data, settings and seed.
IDENTITY = "identity"


def runs_of(root: Path, name: str) -> list[Path]:
    """Return the folders of runs of a name that have trained, those of sweeps too, the last first.

    Args:
        root: The folder of all outputs.
        name: The name of the runs.
    """
    own = glob.escape(name)
    files = [path for depth in ("*", "*/*") for path in root.glob(f"*/{own}/{depth}/{TRAINING}")]
    return [path.parent for path in sorted(files, key=lambda path: path.stat().st_mtime, reverse=True)]


def finished_training(
    runs: list[Path], identity: str, encoder: str | None
) -> tuple[Path, CheckpointInfo, dict[str, Any]] | None:
    """Return the run that has finished a training, its checkpoint's description, and its `training.json`.

    Args:
        runs: The runs among which it is looked for.
        identity: What `training.json` has as `IDENTITY`.
        encoder: The SHA-256 of the weights of now that it starts from, None where they come from the hub.
    """
    return next(
        (
            (run, info, content)
            for run, info, content in _whole(runs, identity)
            if _started_from(info) == encoder and info.versions == versions()
        ),
        None,
    )


def take(run: Path, content: dict[str, Any], output: Path) -> dict[str, Cut]:
    """Copy checkpoint and `training.json` of a run into another one, and return what its encoder could not see."""
    with atomic_folder(output / CHECKPOINT) as folder:
        shutil.copytree(run / CHECKPOINT, folder, dirs_exist_ok=True)
    write_json(output / TRAINING, content)
    logger.info("the training is done already: its checkpoint is taken from %s", run)
    return {split: Cut(**counts) for split, counts in content["cut"].items()}


def _started_from(info: CheckpointInfo) -> str | None:
    """Return the SHA-256 of the weights from which a checkpoint was trained."""
    return info.starts[0].sha256 if info.starts else info.encoder.sha256


def _whole(runs: list[Path], identity: str) -> Iterator[tuple[Path, CheckpointInfo, dict[str, Any]]]:
    for run in runs:
        try:
            content = read_json(run / TRAINING)
            if not isinstance(content, dict) or content.get(IDENTITY) != identity:
                continue
            info = load_info(run / CHECKPOINT)
            verify(run / CHECKPOINT)
        except (StancelabError, OSError):  # damaged, or removed in the meantime
            continue
        yield run, info, content
