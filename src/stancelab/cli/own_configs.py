"""The folder with the user's own configs: which one is used, and what it offers beside the project's."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Final

import yaml

from stancelab.cli.config import config_folder
from stancelab.errors import ConfigError, shorten
from stancelab.yaml_texts import load_texts

if TYPE_CHECKING:
    from collections.abc import Sequence

CONFIG_DIR_OPTIONS: Final = ("--config-dir", "-cd")
VARIABLE: Final = "STANCELAB_CONFIG_DIR"
FILE: Final = "stancelab.yaml"
KEY: Final = "config_dir"


@dataclass(frozen=True)
class OwnConfigs:
    """The folder with the user's own configs.

    Attributes:
        folder: Where it is, as an absolute path; groups are its folders, as in `configs/`.
        named_by: What named it: the option, the environment variable or the file.
    """

    folder: Path
    named_by: str


def find_own_configs(words: Sequence[str]) -> OwnConfigs | None:
    """Return the user's own configs, None where there are none.

    The option --config-dir comes first, then the variable STANCELAB_CONFIG_DIR, then a file stancelab.yaml in the
    working directory, then one beside the table or folder that data.path names.

    Raises:
        ConfigError: The option has no value, what is named is no folder, or stancelab.yaml cannot be read.
    """
    if by_option := _given_by_option(words):
        return _named(Path(by_option[-1]), CONFIG_DIR_OPTIONS[0])
    if by_variable := os.environ.get(VARIABLE):
        return _named(Path(by_variable), VARIABLE)
    for folder in _folders_of_files(words):
        file = folder / FILE
        if file.is_file():
            return _named(file.parent / _config_dir_of(file), str(file))
    return None


def without_config_dir(words: Sequence[str]) -> list[str]:
    """Return the words of a command line without the option --config-dir and its value."""
    return [
        word
        for before, word in pairwise(["", *words])
        if word.partition("=")[0] not in CONFIG_DIR_OPTIONS and before not in CONFIG_DIR_OPTIONS
    ]


def options_of(group: str, own: OwnConfigs | None) -> list[str]:
    """Return the configs that a group holds, the project's and those in the user's own folder."""
    folders = [config_folder(), *([] if own is None else [own.folder])]
    return sorted({path.stem for folder in folders for path in (folder / group).glob("*.yaml")})


def hidden_configs(own: OwnConfigs) -> list[Path]:
    """Return the user's own configs that are never read: the project has one of the same group and name."""
    project = config_folder()
    files = (path for path in sorted(own.folder.glob("*/*.yaml")) if (project / path.relative_to(own.folder)).is_file())
    return list(files)


def config_file(group: str, name: str, own: OwnConfigs | None) -> Path | None:
    """Return the file of an option of a group, the project's before the user's own, as Hydra has it; None for none."""
    folders = [config_folder(), *([] if own is None else [own.folder])]
    return next((path for folder in folders if (path := folder / group / f"{name}.yaml").is_file()), None)


def _folders_of_files(words: Sequence[str]) -> list[Path]:
    """Return where a stancelab.yaml is looked for."""
    settings = [word.partition("=") for word in words]
    paths = [first_path(unquoted(value)) for key, _, value in settings if key.lstrip("+") == "data.path"]
    return [Path(), *(in_home(path).parent for path in paths[-1:] if path)]


def first_path(value: str) -> str:
    """Return the first file that a value of data.path names, where it is a list or a mapping."""
    if value[:1] not in ("[", "{"):
        return value
    first = re.match(r"[\[{]\s*(?:[\w-]+\s*:\s*)?\[?\s*(['\"]?)([^,'\"\]}]*)\1", value)
    return first[2].strip() if first else value


def in_home(path: str) -> Path:
    """Return a path with a home folder written out; "~" before an unknown user's name stays as it is."""
    return Path(os.path.expanduser(path))  # noqa: PTH111 - Path.expanduser raises for an unknown user


def unquoted(value: str) -> str:
    """Return a value of a command line without the quotes that it may stand in."""
    is_quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "'\""
    return value[1:-1] if is_quoted else value


def _given_by_option(words: Sequence[str]) -> list[str]:
    folders: list[str] = []
    for word, after in pairwise([*words, "-"]):
        option, equals, value = word.partition("=")
        if option not in CONFIG_DIR_OPTIONS:
            continue
        folder = value if equals else after
        if not folder or (not equals and folder.startswith("-")):
            raise ConfigError(f"{option}: no folder is given; write {option} FOLDER")
        folders.append(folder)
    return folders


def _config_dir_of(file: Path) -> Path:
    expected = f"expected one line, '{KEY}: FOLDER', with the folder of your own configs relative to this file"
    try:
        content = load_texts(file.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file}: is no YAML ({str(error).splitlines()[0]}); {expected}") from error
    if not isinstance(content, dict) or list(content) != [KEY] or not isinstance(content[KEY], str):
        raise ConfigError(f"{file}: found {shorten(content)}; {expected}")
    return in_home(content[KEY])


def _named(folder: Path, named_by: str) -> OwnConfigs:
    absolute = in_home(str(folder)).absolute()
    if not absolute.is_dir():
        raise ConfigError(f"{named_by}: {folder} is no folder; expected one with groups as folders, as in configs/")
    return OwnConfigs(absolute, named_by)
