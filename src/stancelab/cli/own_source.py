"""The user's own configs as a source of Hydra's: like a folder, but an experiment needs no `# @package _global_`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final

import yaml
from hydra.plugins.config_source import ConfigLoadError, ConfigResult, ConfigSource
from omegaconf import OmegaConf

from stancelab.cli.commands import COMMANDS
from stancelab.cli.own_configs import OwnConfigs
from stancelab.cli.renames import RenamedConfigs
from stancelab.cli.written import load_settings
from stancelab.errors import ConfigError, shorten

if TYPE_CHECKING:
    from hydra.core.object_type import ObjectType

_EXPECTED: Final = "expected YAML of keys and values, as in configs/"
#: Groups whose configs set keys of the whole config, not of a group of their own name.
_GLOBAL: Final = ("experiment", "sweep")


class OwnConfigSource(ConfigSource):
    """A folder whose experiments and sweeps are in the package `_global_` where their head names none.

    Old spellings in its configs are read as today's.
    """

    #: Made anew for each command line: Hydra makes a source for each run of a sweep, and warnings come once.
    renamed: ClassVar[RenamedConfigs] = RenamedConfigs()

    @staticmethod
    def scheme() -> str:
        """Return what an address of such a folder begins with."""
        return "own"

    @classmethod
    def address(cls, folder: Path) -> str:
        """Return a folder as an entry of Hydra's search path."""
        return f"{cls.scheme()}://{folder}".replace("'", "\\'")

    def load_config(self, config_path: str) -> ConfigResult:
        """Read one config.

        Raises:
            ConfigError: The file is no YAML of keys and values, or builds on what is gone.
        """
        path = self._file(config_path)
        if not path.is_file():
            raise ConfigLoadError(f"Config not found : {path}")
        header, package = self._header(path, config_path)
        content = _read(path, package)
        group = Path(config_path).parent.as_posix().removeprefix(".")
        today = self.renamed(content, path, group, package, OwnConfigs(Path(self.path), str(path)))
        config = OmegaConf.create(today)
        return ConfigResult(provider=self.provider, path=self.full_path(), config=config, header=header)

    def _header(self, path: Path, config_path: str) -> tuple[dict[str, str | None], str]:
        """Return the head of a config, and the dotted key of the settings that it has, "" for those of all groups."""
        try:
            header = self._get_header_dict(path.read_text(encoding="utf-8"))
        except UnicodeDecodeError as error:
            raise ConfigError(f"{path}: cannot be read ({shorten(error, 160)}); {_EXPECTED}") from error
        except ValueError as error:
            raise ConfigError(f"{path}: {error}; write '# @package _global_', for example") from error
        if header["package"] is None and Path(config_path).parts[0] in _GLOBAL:
            header["package"] = "_global_"
        group = Path(config_path).parent.as_posix().removeprefix(".").replace("/", ".")
        package = header["package"] or "_group_"
        return header, {"_group_": group, "_global_": ""}.get(package, package)

    def available(self) -> bool:
        """Return whether the folder is there."""
        return self.is_group("")

    def is_group(self, config_path: str) -> bool:
        """Return whether there is a folder of this name."""
        return (Path(self.path) / config_path).is_dir()

    def is_config(self, config_path: str) -> bool:
        """Return whether there is a config of this name."""
        return self._file(config_path).is_file()

    def list(self, config_path: str, results_filter: ObjectType | None) -> list[str]:
        """Return the groups and configs in a group."""
        found: list[str] = []
        for path in (Path(self.path) / config_path).iterdir():
            self._list_add_result(found, str(Path(config_path) / path.name), path.name, results_filter)
        return sorted(set(found))

    def _file(self, config_path: str) -> Path:
        return Path(self.path) / self._normalize_file_name(config_path)


def _read(path: Path, package: str) -> dict[Any, Any]:
    kinds = tuple(command.config for command in COMMANDS.values() if command.composed)
    try:
        with path.open(encoding="utf-8") as stream:
            content = load_settings(stream, kinds, package)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read ({shorten(error, 160)}); {_EXPECTED}") from error
    content = {} if content is None else content
    if not isinstance(content, dict):
        raise ConfigError(f"{path}: {'found a list; ' if isinstance(content, list) else ''}{_EXPECTED}")
    entries = content.get("defaults", [])
    wrong = [each for each in entries if not _is_entry(each)] if isinstance(entries, list) else [entries]
    if wrong:
        raise ConfigError(
            f"{path}: found {shorten(wrong[0])} in its defaults; expected a list of the names of configs or of "
            "one GROUP: NAME each, as in 'defaults: [joint, {override /model: mpnet}]'"
        )
    _check_corpora(path, entries)
    return content


def _check_corpora(path: Path, entries: Any) -> None:
    """Refuse several corpora in a defaults list: Hydra would lay one over the other, and the last alone would count."""
    for entry in entries if isinstance(entries, list) else []:
        [(key, value)] = entry.items() if isinstance(entry, dict) else [("", None)]
        if isinstance(value, list) and key.removeprefix("override").strip().lstrip("/") == "data":
            names = ", ".join(map(str, value))
            raise ConfigError(
                f"{path}: found several corpora in its defaults ({names}), of which the last alone would be read; give "
                f"them on the command line, 'data=[{','.join(map(str, value))}]', or write a config of the group data "
                "with them as its corpora, as configs/data/news.yaml is, and name that one"
            )


def _is_entry(entry: Any) -> bool:
    """Tell whether something can stand in a defaults list."""
    if isinstance(entry, dict) and len(entry) == 1:
        [value] = entry.values()
        return value is None or isinstance(value, str | list)
    return isinstance(entry, str)
