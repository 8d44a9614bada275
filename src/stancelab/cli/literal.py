"""Names of files on a command line that Hydra or OmegaConf would take for something else."""

from __future__ import annotations

import re
from typing import Any, Final

import yaml

from stancelab.cli.own_configs import in_home
from stancelab.yaml_texts import load_texts

#: What begins the name of another setting.
START: Final = "${"
_PATH: Final = re.compile(r"\+*data\.(corpora\.\w+\.)?path")


def escaped_path(value: str) -> str:
    r"""Return a value with `\${` for `${` where a file of just that name is there; else the value as it is."""
    if START not in value:
        return value
    return value.replace(START, f"\\{START}") if in_home(value).exists() else value


def path_mapping(key: str, value: str) -> dict[str, list[str] | str] | None:
    """Return the mapping from splits to files that `data.path={train: FILE, test: [FILE]}` holds, read as YAML.

    None stands for another setting, or a value that is no such mapping.
    """
    if not (_PATH.fullmatch(key) and value.startswith("{") and value.endswith("}")):
        return None
    try:
        found: Any = load_texts(value)
    except yaml.YAMLError:
        return None
    if not isinstance(found, dict) or not found or None in found.values():
        return None
    return {
        str(split): [str(file) for file in files] if isinstance(files, list) else str(files)
        for split, files in found.items()
    }
