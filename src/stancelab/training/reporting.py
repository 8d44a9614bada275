"""Where a training is reported to while it runs: TensorBoard's files, or a service that transformers knows."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

from stancelab.errors import ConfigError, MissingPackageError
from stancelab.extras import require

if TYPE_CHECKING:
    from collections.abc import Sequence

TENSORBOARD: Final = "tensorboard"
_WANDB: Final = "wandb"
#: How the services call what holds the runs, where the user has not named it.
_PROJECT: Final = {"WANDB_PROJECT": "stancelab", "MLFLOW_EXPERIMENT_NAME": "stancelab"}


def check_reports(names: Sequence[str]) -> None:
    """Check, before any work, that what is reported to can be used.

    Args:
        names: `training.report_to`; each is the name of its package, too.

    Raises:
        MissingPackageError: A package is not installed.
        ConfigError: Nobody is logged in to a service that needs it.
    """
    for name in names:
        if name == TENSORBOARD:
            require(TENSORBOARD, "train", "training.report_to=[tensorboard]")
        elif not _is_installed(name):
            raise MissingPackageError(f"training.report_to=[{name}] needs {name}: pip install {name}")
    if _WANDB in names and not _is_logged_in():
        raise ConfigError(
            "training.report_to: nobody is logged in to Weights & Biases here; 'wandb login' does it, "
            "WANDB_MODE=offline keeps the reports in the folder wandb/ for later"
        )


def services(names: Sequence[str]) -> list[str]:
    """Return the services among the names, and name the project that they put the runs into."""
    found = [name for name in names if name != TENSORBOARD]
    if found:
        for variable, project in _PROJECT.items():
            os.environ.setdefault(variable, project)
    return found


def _is_installed(name: str) -> bool:
    """Tell whether a package is there; a folder of its name, as wandb leaves one, is none."""
    spec = find_spec(name)
    return spec is not None and spec.origin is not None


def _is_logged_in() -> bool:
    """Tell whether wandb has a key, or needs none; without one it would ask in the middle of the work, or end it."""
    if os.environ.get("WANDB_MODE") in ("offline", "disabled", "dryrun") or os.environ.get("WANDB_API_KEY"):
        return True
    netrc = Path(os.environ.get("NETRC") or "~/.netrc").expanduser()
    try:
        return "wandb" in netrc.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return False
