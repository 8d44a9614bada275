"""Whether a checkpoint can do what settings ask of it, told by its stancelab.json before its weights are read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from stancelab.inference.backends import check_backend
from stancelab.inference.classifier import named_threshold

if TYPE_CHECKING:
    from pathlib import Path

    from stancelab.checkpoint import CheckpointInfo


class Asked(Protocol):
    """Settings of a command that classifies.

    Attributes:
        threshold: The name of a confidence threshold, None where none is asked for.
        backend: What computes.
        device: Such as "cpu" or "cuda"; None takes a GPU where there is one.
    """

    threshold: str | None
    backend: str
    device: str | None


def check_asked(folder: Path, info: CheckpointInfo, asked: Asked, group: str, *, is_remote: bool = False) -> None:
    """Check the settings of a command against its checkpoint.

    Args:
        folder: The checkpoint folder.
        info: What its `stancelab.json` says.
        asked: The settings.
        group: Their group, for messages, such as "predict".
        is_remote: Whether other machines compute, so that the packages and devices of this one do not matter.

    Raises:
        ConfigError: The checkpoint has no threshold of the name, or the backend does not compute on the device.
        CheckpointError: The backend computes exports, and the checkpoint was not exported.
        MissingPackageError: What the backend needs is not installed.
    """
    if asked.threshold is not None:
        named_threshold(info.thresholds, asked.threshold, setting=f"{group}.threshold")
    if not is_remote:
        check_backend(folder, backend=asked.backend, device=asked.device)
