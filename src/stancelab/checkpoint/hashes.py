"""Whether the files of a checkpoint folder are those that its manifest states."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stancelab.errors import CheckpointError, DataError
from stancelab.files import fingerprint, read_json, sha256_of
from stancelab.layout import DESCRIPTION, MANIFEST, README, WEIGHTS

if TYPE_CHECKING:
    from pathlib import Path


def verify(folder: Path) -> None:
    """Compare weights, config and tokenizer with the SHA-256 that the manifest states for each.

    The model card may be edited, and `load_info` checks `stancelab.json`.

    Raises:
        CheckpointError: A file is missing or was changed, or the manifest does not say what it should be.
    """
    files = {name: entry["sha256"] for name, entry in _stated_files(folder).items()}
    for name, stated in files.items():
        if name in (DESCRIPTION, README):
            continue
        path = folder / name
        found = sha256_of(path) if path.is_file() else "missing"
        if found != stated:
            raise CheckpointError(
                f"{path}: SHA-256 is {found}, but {MANIFEST} states {stated}; the file was changed or damaged, take "
                "the folder from its run again"
            )


def files_fingerprint(folder: Path) -> str:
    """Return a short hash of the files of a checkpoint, as its manifest states them.

    Raises:
        CheckpointError: The manifest does not state them.
    """
    return fingerprint(_stated_files(folder))


def _stated_files(folder: Path) -> dict[str, Any]:
    """Return the size and SHA-256 of each file by its name, as the manifest states them."""
    try:
        files: dict[str, Any] = read_json(folder / MANIFEST)["files"]
        for name in (WEIGHTS, *files):
            files[name]["sha256"]
    except (DataError, KeyError, TypeError, AttributeError):
        raise CheckpointError(f"{folder}: {MANIFEST} does not state the SHA-256 of {WEIGHTS}") from None
    return files
