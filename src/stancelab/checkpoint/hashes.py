"""Whether the files of a checkpoint folder are those that its manifest states."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from stancelab.errors import CheckpointError, DataError
from stancelab.files import fingerprint, read_json, sha256_of
from stancelab.json_types import MOST_BYTES, shown
from stancelab.layout import DESCRIPTION, MANIFEST, ONNX, README, WEIGHTS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

#: The key of the manifest that keeps the fingerprint from before an export.
FINGERPRINT: Final = "fingerprint"
#: Hexadecimal digits of a SHA-256.
_DIGITS: Final = 64


def verify(folder: Path, files: Iterable[str] | None = None) -> None:
    """Compare files with the SHA-256 that the manifest states for each.

    `stancelab.json` is always one of them, since another temperature in it would change every probability. The model
    card may be edited.

    Args:
        folder: The checkpoint folder.
        files: The names of others; None for all that PyTorch reads: weights, config and tokenizer.

    Raises:
        CheckpointError: A file is missing or was changed, or the manifest does not say what it should be.
    """
    stated = _stated_files(folder)
    if files is None:
        files = [name for name in stated if name != README and not name.startswith(f"{ONNX}/")]
    # While an export puts a new one into its place, the manifest states none.
    description = [DESCRIPTION] if DESCRIPTION in stated else []
    for name in dict.fromkeys([*description, *files]):
        path = folder / name
        if name not in stated:
            raise CheckpointError(f"{path}: {MANIFEST} does not state its SHA-256; export the checkpoint again")
        found = sha256_of(path) if path.is_file() else "missing"
        if found != stated[name]["sha256"]:
            advice = (
                "export the checkpoint again" if name.startswith(f"{ONNX}/") else "take the folder from its run again"
            )
            states = stated[name]["sha256"]
            raise CheckpointError(
                f"{path}: SHA-256 is {found}, but {MANIFEST} states "
                f"{states if _is_hash(states) else shown(states)}; the file was changed or damaged, {advice}"
            )


def verify_all(folder: Path) -> None:
    """Compare all files that the manifest states with it, those of an export too, but for the model card.

    Args:
        folder: The checkpoint folder.

    Raises:
        CheckpointError: A file is missing or was changed.
    """
    verify(folder, [name for name in _stated_files(folder) if name != README])


def files_fingerprint(folder: Path) -> str:
    """Return a short hash of the files of a checkpoint, as its training left them; an export does not change it.

    Raises:
        CheckpointError: The manifest does not state them.
    """
    files = _stated_files(folder)
    before_export = read_json(folder / MANIFEST).get(FINGERPRINT)
    return before_export if isinstance(before_export, str) else fingerprint(files)


def weights_sha256(folder: Path) -> str:
    """Return the SHA-256 of a checkpoint's weights, as its manifest states it.

    Raises:
        CheckpointError: The manifest does not state it.
    """
    return str(_stated_files(folder)[WEIGHTS]["sha256"])


def _is_hash(value: object) -> bool:
    return isinstance(value, str) and len(value) == _DIGITS


def _stated_files(folder: Path) -> dict[str, Any]:
    """Return the size and SHA-256 of each file by its name, as the manifest states them."""
    try:
        files: dict[str, Any] = read_json(folder / MANIFEST, most=MOST_BYTES)["files"]
        for name in (WEIGHTS, *files):
            files[name]["sha256"]
    except (DataError, KeyError, TypeError, AttributeError):
        raise CheckpointError(
            f"{folder}: {MANIFEST} does not state the SHA-256 of {WEIGHTS}; take the folder from its run again"
        ) from None
    return files
