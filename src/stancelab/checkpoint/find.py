"""Where a checkpoint is: a folder, that of its run, or what the hub has under a name; and runs that have made none."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from stancelab.errors import CheckpointError
from stancelab.extras import require
from stancelab.files import checkpoint_of, missing_folder
from stancelab.layout import CHECKPOINT, DESCRIPTION, HYDRA, MANIFEST, RUN_LOG

_HUB_NAME: Final = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")


def is_hub_name(path: str) -> bool:
    """Tell whether a text may be the name of a checkpoint on the Hugging Face hub: "user/name"."""
    return bool(_HUB_NAME.fullmatch(path))


def checkpoint_folder(path: str | Path) -> Path:
    """Return the folder of a checkpoint: a local one, or what the Hugging Face hub has under a name "user/name".

    A folder of a run is its checkpoint.

    Args:
        path: The folder ("~" is expanded), or a name on the hub where no folder has it.

    Raises:
        CheckpointError: It is a path at which there is no folder, or the hub does not give it.
        MissingPackageError: It is to come from the hub, and the hub's package is not installed.
    """
    if not isinstance(path, str | Path) or not str(path).strip():
        raise CheckpointError(
            f"found {path!r}, expected the folder of a checkpoint, or its name on the Hugging Face hub"
        )
    folder = checkpoint_of(Path(path).expanduser())
    if folder.exists() or not isinstance(path, str) or not is_hub_name(path):
        return folder
    missing = missing_folder(path)
    if missing is not None:
        raise CheckpointError(missing)
    require("huggingface_hub", "torch", "a checkpoint from the Hugging Face hub")
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(path))
    except (OSError, ValueError) as error:
        raise CheckpointError(
            f"{path}: neither a folder in {Path.cwd()} nor a checkpoint that the hub gave ({type(error).__name__}); "
            "check the path, or the name and the network"
        ) from None


def unfinished_run(folder: Path) -> Path | None:
    """Return the first run in a folder (itself, or up to two below it) that has made no checkpoint and is not finished.

    A run that is at work is one, and so is one that was killed.
    """
    folders = [path for path in (folder, *sorted(folder.glob("*")), *sorted(folder.glob("*/*"))) if path.is_dir()]
    runs = [path for path in folders if (path / RUN_LOG).is_file() or (path / HYDRA).is_dir()]
    unfinished = (
        run for run in runs if not (run / MANIFEST).is_file() and not (run / CHECKPOINT / DESCRIPTION).is_file()
    )
    return next(unfinished, None)


def not_finished(folder: Path, run: Path) -> str:
    """Return the message that says that a folder has no checkpoint, since its run is not finished."""
    return (
        f"{folder}: holds no checkpoint, since the run {run} is not finished; wait for it, or, where it was "
        "interrupted, give its command again with training.resume=true"
    )
