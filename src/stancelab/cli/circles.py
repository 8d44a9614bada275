"""Configs of one's own that include themselves, which Hydra would follow without an end."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from stancelab.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stancelab.cli.own_configs import OwnConfigs


def check_circles(words: Sequence[str], own: OwnConfigs) -> None:
    """Raise a `ConfigError` where a config that the command line names includes itself, by others or not.

    Args:
        words: The words of a command line.
        own: The user's own configs.
    """
    for word in words:
        group, equals, value = word.lstrip("+").partition("=")
        if equals and (own.folder / group).is_dir():
            for name in re.split(r"[\[\],()\s'\"]+", value):
                if name:
                    _follow(own.folder, group, name, [])


def _follow(folder: Path, group: str, name: str, way: list[str]) -> None:
    config = f"{group}/{name}"
    if config in way:
        circle = " -> ".join([*way[way.index(config) :], config])
        raise ConfigError(f"{folder / group / f'{name}.yaml'}: includes itself ({circle}); take it out of its defaults")
    for other_group, other in _included(folder / group / f"{name}.yaml", group):
        _follow(folder, other_group, other, [*way, config])


def _included(file: Path, group: str) -> list[tuple[str, str]]:
    """Return group and name of the configs that a file's defaults list includes."""
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return []  # what is wrong with it is said where it is read
    entries: Any = content.get("defaults") if isinstance(content, dict) else None
    found = []
    for entry in entries if isinstance(entries, list) else []:
        if isinstance(entry, str) and entry != "_self_":
            where, _, name = entry.partition("@")[0].removesuffix(".yaml").rpartition("/")
            found.append((where.lstrip("/") if where.startswith("/") else _below(group, where), name))
    return found


def _below(group: str, where: str) -> str:
    return str(Path(group) / where) if where else group
