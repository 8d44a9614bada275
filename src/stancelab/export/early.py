"""What an export is refused for, checked before the checkpoint's weights are read and PyTorch is imported."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stancelab.checkpoint import load_info
from stancelab.errors import ConfigError
from stancelab.export.rows import dataset_of
from stancelab.files import can_write
from stancelab.layout import ONNX

if TYPE_CHECKING:
    from pathlib import Path

    from stancelab.checkpoint import CheckpointInfo
    from stancelab.data.prepared import PreparedDataset
    from stancelab.export.settings import ExportSettings


def check_export(folder: Path, settings: ExportSettings, output_root: str) -> tuple[CheckpointInfo, PreparedDataset]:
    """Return what the checkpoint says of itself, and the prepared dataset whose rows answers are compared on.

    Args:
        folder: The checkpoint folder, into which the export goes.
        settings: What is written, and on which rows answers are compared.
        output_root: Where the prepared dataset of the training is looked for.

    Raises:
        CheckpointError: There is no checkpoint in the folder.
        ConfigError: It was exported before, and is not to be again, or the folder cannot be written to.
        DataError: There are no rows to compare answers on.
    """
    info = load_info(folder)
    if (folder / ONNX).exists() and not settings.overwrite:
        raise ConfigError(f"{folder / ONNX}: exists already; replace it with export.overwrite=true")
    if not can_write(folder):
        raise ConfigError(f"{folder}: cannot be written to, and the export goes into it; copy the checkpoint elsewhere")
    return info, dataset_of(info, folder, settings.rows, output_root)
