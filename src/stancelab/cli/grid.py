"""The sweep over all combinations of values: Hydra's own sweeper, with folders that name the settings."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from hydra._internal.core_plugins.basic_sweeper import BasicSweeper
from hydra.core.plugins import Plugins

from stancelab.cli.overrides import as_string
from stancelab.cli.run_folders import remove_empty
from stancelab.cli.sweep import Stop, check_alone, check_runs
from stancelab.cli.sweep_folders import setting_folders, varied_words
from stancelab.cli.sweep_table import SweptRun

if TYPE_CHECKING:
    from collections.abc import Callable

    from omegaconf import DictConfig


class Grid(BasicSweeper):
    """Hydra's own sweeper, but for what the module says.

    Attributes:
        tell: Takes the folders and settings of the runs that a sweep is about to make.
    """

    tell: ClassVar[Any] = staticmethod(lambda runs: None)

    def __init__(self, max_batch_size: int | None, params: Any = None) -> None:
        # Hydra loads its plugins anew when it looks for them, after which the call of `super` in its own class fails.
        self.overrides = None
        self.batch_index = 0
        self.max_batch_size = max_batch_size
        self.params = params or {}
        self.hydra_context = self.config = self.launcher = None

    def split_arguments(self, overrides: Any, max_batch_size: int | None) -> list[list[list[str]]]:  # type: ignore[override]
        """Return the words of each run, in batches, with its folder among them."""
        batches = BasicSweeper.split_arguments(overrides, max_batch_size)
        assert self.config is not None
        assert self.hydra_context is not None
        jobs = [words for batch in batches for words in batch]
        check_alone()
        folder = sweep_folder(self.config)
        try:
            check_runs(self.hydra_context, self.config, jobs)
        except Stop:
            remove_empty([folder])
            raise
        varied = varied_words(jobs)
        names = setting_folders(varied)
        self.tell([SweptRun(folder / name, words) for name, words in zip(names, varied, strict=True)])
        each = iter(names)
        return [[[*words, *folder_words(folder, next(each))] for words in batch] for batch in batches]


def sweep_folder(config: DictConfig) -> Path:
    """Return the folder of a sweep, which is made where it is first asked for."""
    return Path(str(config.hydra.sweep.dir))


def folder_words(folder: Path, name: str) -> list[str]:
    """Return the words that fix where a run of a sweep writes, for processes that cannot work it out themselves.

    Args:
        folder: The folder of the sweep.
        name: The name of the run's folder in it.
    """
    return [f"hydra.sweep.dir={as_string(str(folder))}", f"hydra.sweep.subdir={as_string(name)}"]


def register(tell: Callable[[list[SweptRun]], None]) -> None:
    """Let Hydra take `Grid` in the place of its own sweeper."""
    Grid.tell = staticmethod(tell)
    own = f"{BasicSweeper.__module__}.{BasicSweeper.__name__}"
    Plugins.instance().class_name_to_class[own] = Grid
