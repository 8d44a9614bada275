"""What computes a checkpoint's logits: PyTorch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stancelab.extras import require

if TYPE_CHECKING:
    from pathlib import Path

    from stancelab.checkpoint import CheckpointInfo
    from stancelab.inference.backends.base import Backend


def load_backend(
    folder: Path, info: CheckpointInfo, *, device: str | None = None, batch_size: int = 32, progress: bool = False
) -> Backend:
    """Load a checkpoint folder into the backend that computes its logits.

    Args:
        folder: The checkpoint folder.
        info: What its `stancelab.json` says.
        device: Such as "cpu" or "cuda"; by default a GPU where there is one.
        batch_size: Texts in a batch.
        progress: Whether to show a progress bar where standard error is a terminal.

    Raises:
        MissingPackageError: PyTorch or transformers is not installed.
        CheckpointError: The folder cannot be loaded.
        ConfigError: There is no such device.
    """
    for package in ("torch", "transformers"):
        require(package, "torch", "StanceClassifier")
    from stancelab.inference.backends.torch import TorchBackend

    return TorchBackend.load(folder, info, device=device, batch_size=batch_size, progress=progress)
