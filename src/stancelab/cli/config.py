"""What the settings of every command have in common: their base, their checks, and where the configs are.

The dataclasses of the commands are the schemas of `configs/`: a key that is not in them or a value of another type is
refused when the config is composed. `build` then checks ranges and what no type can say, all groups at once, before any
work is done.
"""

from __future__ import annotations

import dataclasses
from dataclasses import asdict, dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Final, TypeVar, cast

from omegaconf import MISSING, DictConfig, OmegaConf

from stancelab.cli.run_folders import name_problem
from stancelab.cli.usual_names import nearest_setting
from stancelab.errors import ConfigError, list_problems
from stancelab.layout import PACKAGE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

ConfigT = TypeVar("ConfigT", bound="CommandConfig")

#: Settings of every command.
COMMON: Final = ("name", "output_root")
#: Settings whose keys are the user's own, such as the names of corpora and of targets.
_FREE: Final = ("corpora", "corpus_shares", "prevalence", "target_names", "checkpoint", "predictions", "runs", "path")


@dataclass
class CommandConfig:
    """What every command has.

    Attributes:
        name: What the run is called in `outputs/`.
        output_root: Where prepared datasets and runs are written.
    """

    #: The fields that the command works with besides `COMMON`; None for all.
    uses: ClassVar[tuple[str, ...] | None] = None
    #: Settings inside a group in use that the command does not work with.
    ignores: ClassVar[tuple[str, ...]] = ()
    #: Command lines for the help, where they do not stand in the head of `configs/COMMAND.yaml`.
    examples: ClassVar[tuple[str, ...]] = ()
    #: What to write for a value that is missing or of another type, by the key of the setting.
    hints: ClassVar[dict[str, str]] = {}
    #: Words without a value, and the settings that each stands for; commands that Hydra composes have none.
    words: ClassVar[dict[str, str]] = {}

    name: str = MISSING
    output_root: str = "outputs"


def build(config: DictConfig, kind: type[ConfigT]) -> ConfigT:
    """Turn a composed config into its dataclass and check every group.

    Raises:
        ConfigError: Lists everything that is missing, of the wrong type or out of range.
    """
    keys = known_keys(kind)
    unknown = [key for key in _flatten(config, "") if key not in keys and not _in_free_dict(key, keys)]
    if unknown:
        raise ConfigError("\n".join(f"unknown setting {key!r}.{nearest_setting(key, keys)}" for key in unknown))
    # A setting that ~KEY took out is missing too, where it has no default.
    taken_out = OmegaConf.missing_keys(OmegaConf.structured(kind)).difference(_flatten(config, ""))
    missing = sorted(OmegaConf.missing_keys(config) | taken_out)
    if missing:
        how = kind.hints.get(missing[0], f"write for example {missing[0]}=VALUE")
        raise ConfigError(f"not given: {', '.join(missing)}; {how}")
    # An empty path would be the working folder; a shell puts nothing in place of a variable that is not set.
    needed = [*sorted(OmegaConf.missing_keys(OmegaConf.structured(kind))), "output_root"]
    empty = [key for key in needed if key in config and not str(config[key]).strip()]
    if empty:
        raise ConfigError(f"given without a value: {', '.join(empty)}; write for example {empty[0]}=VALUE")
    built = cast("ConfigT", OmegaConf.to_object(config))
    if not isinstance(built, kind):
        raise ConfigError(f"the config is {type(built).__name__}, expected {kind.__name__}")
    problems = [problem for problem in [name_problem(built.name)] if problem is not None]
    for item in dataclasses.fields(built):
        group = getattr(built, item.name)
        if dataclasses.is_dataclass(group) and hasattr(group, "problems"):
            problems += [f"{item.name}.{line}" for line in group.problems()]
    seed = getattr(built, "seed", 0)
    if not 0 <= seed < 2**32:
        problems.append(f"seed: found {seed}, allowed are 0 to 4294967295")
    if problems:
        raise ConfigError("these settings cannot be used:\n" + list_problems(problems))
    return built


def known_keys(kind: type[CommandConfig]) -> list[str]:
    """Return all keys of a command's config, in dotted form."""
    return list(default_values(kind))


def default_values(kind: type[CommandConfig]) -> Mapping[str, Any]:
    """Return all keys of a command's config with their defaults, None for those that have none."""
    hashable: Any = kind  # mypy takes the class for one of its objects, which have no hash
    return _default_values(hashable)


@cache
def _default_values(kind: Any) -> Mapping[str, Any]:
    config = OmegaConf.structured(kind)
    return {key: OmegaConf.select(config, key, throw_on_missing=False) for key in _flatten(config, "")}


def as_plain(config: Any) -> dict[str, Any]:
    """Return what a command works with of its config as plain dicts and lists, for manifests and reports."""
    used = {item.name for item in used_fields(type(config))}
    return {name: value for name, value in asdict(config).items() if name in used}


def used_fields(kind: Any) -> list[dataclasses.Field[Any]]:
    """Return the fields that a command works with; an experiment may set the others for other commands."""
    uses = getattr(kind, "uses", None)
    return [item for item in dataclasses.fields(kind) if uses is None or item.name in (*COMMON, *uses)]


def _in_free_dict(key: str, keys: list[str]) -> bool:
    """Tell whether a key lies in a dict whose keys are the user's own, such as the corpora's or the targets' names."""
    return any(key.startswith(f"{name}.") for name in keys if name.rpartition(".")[2] in _FREE)


def _flatten(node: DictConfig, prefix: str) -> list[str]:
    keys = []
    for key in node:
        name = f"{prefix}{key!s}"
        keys.append(name)
        if not OmegaConf.is_missing(node, key) and isinstance(node[key], DictConfig):
            keys += _flatten(node[key], f"{name}.")
    return keys


def config_folder(package: Path = PACKAGE) -> Path:
    """Return the folder of the configs: in the installed package, or at the top of a clone.

    Args:
        package: Where the package lies.

    Raises:
        ConfigError: Neither holds configs.
    """
    installed, clone = package / "_configs", package.parents[1] / "configs"
    folder = installed if installed.is_dir() else clone
    if not (folder / "train.yaml").is_file():
        raise ConfigError(f"no configs found in {installed} or {clone}; install stancelab again")
    return folder
