"""What computes a checkpoint's logits: PyTorch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stancelab.extras import require

if TYPE_CHECKING:
    from pathlib import Path

    from stancelab.encoding import InputSettings
    from stancelab.inference.backends.base import Backend


def load_backend(
    folder: Path, settings: InputSettings, *, device: str | None = None, batch_size: int = 32, progress: bool = False
) -> Backend:
    """Load a checkpoint folder into the backend that computes its logits.

    Args:
        folder: The checkpoint folder.
        settings: How an example becomes its input.
        device: Such as "cpu" or "cuda"; by default a GPU where there is one.
        batch_size: Rows in a batch.
        progress: Whether to show a progress bar.

    Raises:
        MissingPackageError: PyTorch or transformers is not installed.
        CheckpointError: The folder cannot be loaded.
        ConfigError: There is no such device.
    """
    for package in ("torch", "transformers"):
        require(package, "torch", "StanceClassifier")
    from stancelab.inference.backends.torch import TorchBackend

    return TorchBackend.load(folder, settings, device=device, batch_size=batch_size, progress=progress)
