"""Commands whose settings Hydra composes from `configs/`: prepare, train, evaluate, and what goes with them."""

from __future__ import annotations

import atexit
import logging
import os
import re
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hydra
from hydra.core.config_store import ConfigStore
from hydra.core.hydra_config import HydraConfig
from hydra.core.plugins import Plugins
from hydra.types import RunMode
from omegaconf import OmegaConf

from stancelab import processes
from stancelab.cli import grid, optuna_sweep, sweep
from stancelab.cli.commands import COMMANDS
from stancelab.cli.config import build, config_folder
from stancelab.cli.explain import explain
from stancelab.cli.options import gather_runs, split_words
from stancelab.cli.overrides import hydra_words
from stancelab.cli.own_configs import OwnConfigs, without_config_dir
from stancelab.cli.own_source import OwnConfigSource
from stancelab.cli.renames import RenamedConfigs
from stancelab.cli.run_folders import RunFolders, ablation_suffix, at_work, file_trouble, remove_empty
from stancelab.cli.setting_types import refuse_numbers_for_switches
from stancelab.cli.steps import say
from stancelab.cli.sweep import Stop
from stancelab.cli.sweep_table import SweptRun, sweep_table
from stancelab.errors import ConfigError, StancelabError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from omegaconf import DictConfig

logger = logging.getLogger(__name__)


def register_schemas() -> None:
    """Make the dataclasses known to Hydra, as the `COMMAND_schema` that each primary config begins with."""
    refuse_numbers_for_switches()
    store = ConfigStore.instance()
    for name, command in COMMANDS.items():
        if command.composed:
            store.store(name=f"{name}_schema", node=command.config)
    optuna_sweep.register_settings()
    Plugins.instance().register(OwnConfigSource)
    OwnConfigSource.renamed = RenamedConfigs()


def hydra_settings(command: str, words: Sequence[str], own: OwnConfigs | None) -> list[str]:
    """Return the words of a command line as Hydra takes them, with the user's own configs in its search path."""
    given = gather_runs(words) if "runs" in COMMANDS[command].config.__dataclass_fields__ else words
    settings, options = split_words(hydra_words(without_config_dir(given), COMMANDS[command].config))
    return [*(settings if own is None else _searched(settings, own)), *options]


def _searched(settings: Sequence[str], own: OwnConfigs) -> list[str]:
    """Return the settings with the user's own configs in Hydra's search path, before what is there."""
    address = f"'{OwnConfigSource.address(own.folder)}'"
    searched: list[str] = []
    found = False
    for word in settings:
        match = re.fullmatch(r"(\+*hydra\.searchpath)=\[(.*)\]", word, re.DOTALL)
        found = found or match is not None
        both = ",".join([address, *([match[2]] if match[2].strip() else [])]) if match else ""
        searched.append(f"{match[1]}=[{both}]" if match else word)
    return searched if found else [*searched, f"hydra.searchpath=[{address}]"]


def compose(command: str, words: Sequence[str], own: OwnConfigs | None) -> DictConfig:
    """Return a command's config under the settings in `words`, without running it.

    Raises:
        ConfigError: The settings cannot be composed.
    """
    register_schemas()
    settings, _ = split_words(hydra_settings(command, words, own))
    try:
        with hydra.initialize_config_dir(str(config_folder()), version_base="1.3"):
            return hydra.compose(command, overrides=settings)
    except StancelabError:
        raise
    except Exception as error:
        message = explain(error, COMMANDS[command].config, own)
        if message is None:
            raise
        raise ConfigError(message) from error


def run_composed(command: str, words: list[str], line: str, own: OwnConfigs | None) -> None:
    """Compose a command's config and run the command, once or for each value of a sweep.

    Args:
        command: Its name.
        words: The words that follow it.
        line: The whole command line, for manifests and reports.
        own: The user's own configs, None where there are none.

    Raises:
        StancelabError: A user can mend what went wrong.
    """
    register_schemas()
    suffix = ablation_suffix(words)
    run_folders = RunFolders(suffix)
    OmegaConf.register_new_resolver("own_folder", run_folders if processes.is_first() else _aside(), replace=True)
    # Hydra would print its own account of an error and exit with 1; with this set it raises.
    os.environ["HYDRA_FULL_ERROR"] = "1"
    sys.argv = [f"stancelab {command}", *hydra_settings(command, words, own)]
    folders: list[Path] = []
    found = COMMANDS[command]

    def check(config: DictConfig) -> None:
        found.check(build(config, found.config))

    swept: list[SweptRun] = []
    sweep.register(check, lambda error: explain(error, found.config, own))
    grid.register(swept.extend)
    optuna_sweep.register(swept.extend)

    def task(config: DictConfig) -> None:
        if suffix:
            config.name += suffix
        _task(command, config, line, own, folders)

    task.__module__ = __name__
    entry = hydra.main(version_base="1.3", config_path=str(config_folder()), config_name=command)(task)
    try:
        try:
            entry()
        finally:
            for told in sweep_table(swept):
                say(told)
    except Stop as stop:
        remove_empty([*folders, *{run.folder.parent for run in swept}])
        raise stop.error from None
    except KeyboardInterrupt:
        # Hydra makes the folder of a run some time before the run begins.
        remove_empty([*folders, *run_folders.made(), *{run.folder.parent for run in swept}])
        raise
    except StancelabError:
        raise
    except Exception as error:
        message = explain(error, COMMANDS[command].config, own)
        if message is None and isinstance(error, OSError):  # Hydra cannot write into the folder
            message = file_trouble(error, next(iter(run_folders.made()), None))
        if message is None:
            raise
        remove_empty(run_folders.made())
        raise StancelabError(message) from error


def _aside() -> Callable[[str, str, str], str]:
    """Return what gives a process that does not write a folder that is thrown away."""
    aside = tempfile.mkdtemp(prefix="stancelab-")
    atexit.register(shutil.rmtree, aside, ignore_errors=True)
    logging.disable(logging.ERROR)  # the first process says it
    return lambda parent, name, started: aside


def _task(command: str, config: DictConfig, line: str, own: OwnConfigs | None, folders: list[Path]) -> None:
    run_folder = Path(os.path.relpath(HydraConfig.get().runtime.output_dir))
    folders.append(run_folder)
    logging.captureWarnings(capture=True)
    if own is not None:
        logger.info("own configs: %s, named by %s", own.folder, own.named_by)
    found: Any = COMMANDS[command]
    try:
        settings = build(config, found.config)
        found.check(settings)
        with at_work(run_folder):
            found.execute(settings, run_folder, line)
    except StancelabError as error:
        raise _carried(error) from error
    except OSError as error:
        raise _carried(StancelabError(file_trouble(error, run_folder))) from error


def _carried(error: StancelabError) -> BaseException:
    """Return what brings an error past Hydra: in a process of another launcher, Hydra itself sends it home."""
    hydra_config = HydraConfig.get()
    is_own = str(hydra_config.launcher.get("_target_")).startswith("hydra._internal.")
    return Stop(error) if is_own or hydra_config.mode != RunMode.MULTIRUN else error
