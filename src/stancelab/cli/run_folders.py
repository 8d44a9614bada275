"""The folder that a run writes into: one of its own, which is removed where the run made nothing."""

from __future__ import annotations

import shutil
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


class RunFolders:
    """Gives out folders that no other process writes into: runs of one name that start in one second are two runs.

    One path gets one folder for as long as this lives, so that the runs of a sweep find the sweep's.
    """

    def __init__(self) -> None:
        self._given: dict[str, str] = {}

    def __call__(self, path: str) -> str:
        """Make a folder and return it: the path, or where that is there already the path with -2, -3, ... behind it."""
        if path not in self._given:
            self._given[path] = _made(path)
        return self._given[path]


def _made(path: str) -> str:
    for number in count(1):
        own = path if number == 1 else f"{path}-{number}"
        try:
            # Only one of two processes can make it; a look before it would let both pass.
            Path(own).mkdir(parents=True)
        except FileExistsError:
            continue
        except OSError:
            return path  # the command meets the same error where it can be reported
        return own
    raise AssertionError("unreachable")


def remove_empty(folders: Sequence[Path]) -> None:
    """Remove the folders of runs that failed before they made anything."""
    for folder in folders:
        if folder.is_dir() and {path.name for path in folder.iterdir()} <= {".hydra", "run.log"}:
            shutil.rmtree(folder)
            for parent in folder.parents[:3]:
                if parent.is_dir() and not any(parent.iterdir()):
                    parent.rmdir()


def file_trouble(error: OSError) -> str:
    """Return what a person needs to know of a file or folder that cannot be read or written."""
    where = f"{error.filename}: " if error.filename else ""
    return f"{where}{error.strerror or error}; check the path, its permissions and the space left"
