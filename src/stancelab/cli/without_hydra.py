"""Commands that work with a checkpoint: KEY=VALUE words are merged into a dataclass by OmegaConf alone."""

from __future__ import annotations

import logging
import os
import sys
from contextlib import contextmanager
from dataclasses import is_dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import yaml
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException

from stancelab.cli.commands import COMMANDS
from stancelab.cli.config import CommandConfig, build, known_keys
from stancelab.cli.explain import explain, unknown_setting
from stancelab.cli.literal import escaped_path
from stancelab.cli.options import check_options
from stancelab.cli.own_configs import unquoted
from stancelab.cli.run_folders import RunFolders, at_work, file_trouble, remove_empty
from stancelab.cli.setting_types import is_list, refuse_numbers_for_switches, types_of
from stancelab.cli.written import load_settings
from stancelab.errors import ConfigError, StancelabError, did_you_mean
from stancelab.layout import RUN_LOG

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


#: How null is written.
_NULL: Final = ("null", "~")


def run_plain(command: str, words: Sequence[str], line: str) -> None:
    """Merge the words into the command's config and run the command, in a run folder of its own.

    Args:
        command: Its name.
        words: The words that follow it.
        line: The whole command line, for the manifest.

    Raises:
        StancelabError: A user can mend what went wrong.
    """
    found: Any = COMMANDS[command]
    try:
        config = build(merge(command, words), found.config)
    except OmegaConfBaseException as error:
        raise ConfigError(_explained(error, found.config, words)) from error
    if not found.keeps_run:
        found.execute(config, Path(config.output_root), line)
        return
    started = datetime.now().strftime("%Y-%m-%d_%H-%M-%S")
    run_folder = Path(RunFolders()(os.path.join(config.output_root, command), config.name, started))  # noqa: PTH118
    run_folder.mkdir(parents=True, exist_ok=True)
    try:
        with at_work(run_folder), _logging_to(run_folder / RUN_LOG):
            found.execute(config, run_folder, line)
    except (StancelabError, KeyboardInterrupt, BrokenPipeError):
        remove_empty([run_folder])
        raise
    except OSError as error:
        remove_empty([run_folder])
        raise StancelabError(file_trouble(error, run_folder)) from error


def merge(command: str, words: Sequence[str]) -> DictConfig:
    """Return the config of a command under the settings in `words`.

    A value for a setting that holds text is taken as it is written; others are read as YAML. A list may be written
    without its brackets.

    Raises:
        ConfigError: An option, a key or a value cannot be used.
    """
    kind = COMMANDS[command].config
    check_options(words, allowed=(), settings=known_keys(kind))
    refuse_numbers_for_switches()
    config: DictConfig = OmegaConf.structured(kind)
    for given in words:
        word = kind.words.get(given, given)
        key, equals, value = word.partition("=")
        if not key or not equals:
            known = f", or {' or '.join(kind.words)}" if kind.words else ""
            raise ConfigError(f"cannot read {word!r}; write KEY=VALUE{known}.{did_you_mean(word, kind.words)}")
        try:
            read = _read(kind, key, value)
            is_group = isinstance(read, dict) and is_dataclass(OmegaConf.get_type(OmegaConf.select(config, key)))
            OmegaConf.update(config, key, read, merge=is_group)
        except OmegaConfBaseException as error:
            raise ConfigError(_explained(error, kind, [word])) from error
    return config


def _explained(error: OmegaConfBaseException, kind: type[CommandConfig], words: Sequence[str]) -> str:
    """Return what a person needs to know of an error, behind the word that is to blame."""
    message = explain(error, kind, None, sweeps=False) or str(error)
    key, _, rest = message.partition(": ")
    to_blame = [word for word in words if word.partition("=")[0] == key]
    hint = f"; {kind.hints[key]}" if key in kind.hints else ""
    return f"{to_blame[-1]}: {rest}{hint}" if to_blame else message


def _read(kind: type[CommandConfig], key: str, value: str) -> Any:
    """Return a value as its setting's type has it written."""
    types = types_of(kind, key)
    if not types:
        raise ConfigError(unknown_setting(key, kind))
    if str in types:
        if value in _NULL and type(None) in types:
            return None
        return escaped_path(os.path.expanduser(unquoted(value)))  # noqa: PTH111
    if any(map(is_list, types)) and not value.startswith(("[", "{")) and value not in _NULL:
        return [unquoted(item.strip()) for item in value.split(",")]
    try:
        if list[str] in types and value[:1] == "[":
            return yaml.load(value, yaml.BaseLoader)  # noqa: S506 - makes texts alone, also of null
        return load_settings(value, types)
    except yaml.YAMLError as error:
        raise ConfigError(f"cannot read {f'{key}={value}'!r}: {str(error).splitlines()[0]}") from error


@contextmanager
def _logging_to(file: Path) -> Iterator[None]:
    """Write messages to the terminal as they are, and with time and origin to a file."""
    terminal = logging.StreamHandler(sys.stderr)
    terminal.setFormatter(logging.Formatter("%(message)s"))
    kept = logging.FileHandler(file, encoding="utf-8")
    kept.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    level = root.level
    root.setLevel(logging.INFO)
    logging.captureWarnings(capture=True)
    for handler in (terminal, kept):
        root.addHandler(handler)
    try:
        yield
    finally:
        for handler in (terminal, kept):
            root.removeHandler(handler)
            handler.flush()
        kept.close()
        root.setLevel(level)
        logging.captureWarnings(capture=False)
