"""The user's own configs as a source of Hydra's: like a folder, but an experiment needs no `# @package _global_`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from hydra.plugins.config_source import ConfigLoadError, ConfigResult, ConfigSource
from omegaconf import OmegaConf

if TYPE_CHECKING:
    from hydra.core.object_type import ObjectType

#: Groups whose configs set keys of the whole config, not of a group of their own name.
_GLOBAL: Final = ("experiment", "sweep")


class OwnConfigSource(ConfigSource):
    """A folder whose experiments and sweeps are in the package `_global_` where their head names none."""

    @staticmethod
    def scheme() -> str:
        """Return what an address of such a folder begins with."""
        return "own"

    @classmethod
    def address(cls, folder: Path) -> str:
        """Return a folder as an entry of Hydra's search path."""
        return f"{cls.scheme()}://{folder}".replace("'", "\\'")

    def load_config(self, config_path: str) -> ConfigResult:
        """Read one config."""
        path = self._file(config_path)
        if not path.is_file():
            raise ConfigLoadError(f"Config not found : {path}")
        header = self._get_header_dict(path.read_text(encoding="utf-8"))
        if header["package"] is None and Path(config_path).parts[0] in _GLOBAL:
            header["package"] = "_global_"
        config = OmegaConf.load(path)
        return ConfigResult(provider=self.provider, path=self.full_path(), config=config, header=header)

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
