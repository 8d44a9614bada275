"""The folder that a run writes into: one of its own, which is removed where the run made nothing."""

from __future__ import annotations

import re
import shutil
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from stancelab.errors import ConfigError
from stancelab.files import locked
from stancelab.layout import AT_WORK, HYDRA, MULTIRUN, RUN_LOG, TENSORBOARD

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager


class RunFolders:
    """Gives out folders that no other process writes into: runs of one name that start in one second are two runs.

    One path gets one folder for as long as this lives, so that the runs of a sweep find the sweep's. Hydra asks before
    the settings are checked, so the name is checked here: it must not lead out of the folder of all runs.

    Args:
        suffix: What stands behind every name.
    """

    def __init__(self, suffix: str = "") -> None:
        self._given: dict[str, str] = {}
        self._suffix = suffix

    def __call__(self, parent: str, name: str, started: str) -> str:
        """Make a folder and return it: PARENT/NAME/STARTED, or where that is there already with -2, -3, ... behind it.

        Args:
            parent: The folder of the command's runs.
            name: The run's name.
            started: When it was started.

        Raises:
            ConfigError: The name is none.
        """
        problem = name_problem(str(name))
        if problem is not None:
            raise ConfigError(problem)
        path = f"{parent}/{name}{self._suffix}/{started}"
        if path not in self._given:
            self._given[path] = _made(path)
        return self._given[path]

    def made(self) -> list[Path]:
        """Return the folders that were given out."""
        return [Path(path) for path in self._given.values()]


def ablation_suffix(words: Sequence[str]) -> str:
    """Return what a run's name gets where its command line hides parts of the row from the model, else "".

    The text-only ablation of an experiment has its name, and would lie among its runs as another seed of it. A name on
    the command line stays as it is.
    """
    settings = dict(word.lstrip("+").partition("=")[::2] for word in words)
    match = re.fullmatch(r"\[([^\[\]]*)\]", settings.get("model.input.hide", "").strip())
    hidden = sorted({part.strip(" '\"") for part in match[1].split(",")} - {""}) if match else []
    if not hidden or "name" in settings:
        return ""
    return "-text_only" if len(hidden) > 1 else f"-no_{hidden[0]}"


def name_problem(name: str) -> str | None:
    """Return why a run cannot be called by a name, which becomes a folder; None where it can.

    A name may hold "/", which puts runs into groups.
    """
    parts = name.split("/")
    if name.startswith(("/", "~")) or not name.strip() or {"", ".", ".."} & {part.strip() for part in parts}:
        return (
            f"name: found {name!r}, allowed is a name, or several joined by '/', that stay in the folder of the runs "
            "(no '..', no path from the root); output_root=FOLDER writes somewhere else"
        )
    return None


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


def at_work(folder: Path) -> AbstractContextManager[None]:
    """Hold the lock that tells others, while the block runs, that a process is at work on a run."""
    return locked(folder / AT_WORK)


def remove_empty(folders: Sequence[Path]) -> None:
    """Remove the folders of runs that failed or were interrupted before they made anything but logs."""
    for folder in folders:
        if folder.is_dir() and {path.name for path in folder.iterdir()} <= {HYDRA, RUN_LOG, TENSORBOARD, MULTIRUN}:
            shutil.rmtree(folder)
            for parent in folder.parents[:3]:
                if parent.is_dir() and not any(parent.iterdir()):
                    parent.rmdir()


def file_trouble(error: OSError, folder: Path | None = None) -> str:
    """Return what a person needs to know of a file or folder that cannot be read or written.

    Args:
        error: What the system says.
        folder: What was written into, for errors that name no file.
    """
    # Of a copy the second one is what is written.
    named = error.filename2 or error.filename or folder
    where = f"{named}: " if named else ""
    return f"{where}{error.strerror or error}; check the path, its permissions and the space left"
