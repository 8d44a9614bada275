"""`stancelab --help` and `stancelab COMMAND --help`: every key with its value and what it means."""

from __future__ import annotations

import dataclasses
import inspect
import re
import textwrap
from typing import TYPE_CHECKING, Any

from stancelab.cli.commands import COMMANDS
from stancelab.cli.config import config_folder, used_fields
from stancelab.cli.own_configs import FILE, KEY, VARIABLE, OwnConfigs, options_of

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH = 100


def overview() -> str:
    """Return the list of commands."""
    lines = ["Usage: stancelab COMMAND [GROUP=OPTION] [KEY=VALUE] ...", "", "Commands:"]
    lines += [f"  {name:10s} {command.summary}" for name, command in COMMANDS.items()]
    lines += ["", "stancelab COMMAND --help shows a command's groups and keys; it takes settings too.", ""]
    return "\n".join(lines)


def command_help(command: str, words: list[str], own: OwnConfigs | None) -> str:
    """Return a command's groups and keys, with the values they have under the settings in `words`.

    Raises:
        StancelabError: The settings cannot be composed.
    """
    kind = COMMANDS[command].config
    composed = COMMANDS[command].composed
    lines = [f"stancelab {command}: {COMMANDS[command].summary}", "", *_examples(command)]
    if composed:
        from stancelab.cli.with_hydra import compose

        config = compose(command, words, own)
        groups = _groups(command, own)
        lines += ["Groups:", *(f"  {group + '=':14s}{', '.join(options)}" for group, options in groups.items()), ""]
    else:
        from stancelab.cli.without_hydra import merge

        config, groups = merge(command, words), {}
    ignored = kind.ignores if COMMANDS[command].keeps_run else (*kind.ignores, "name")
    lines += ["Keys, with their values:", *_keys(kind, config, "", ignored), ""]
    if composed:
        sweep = "; sweep=NAME names values to run through" if "sweep" in groups else ""
        lines += [
            f"Several values: KEY=A,B,C -m runs the command once for each{sweep}.",
            f"Your own configs: --config-dir FOLDER, the variable {VARIABLE}, or a file {FILE} with the line",
            f"{KEY}: FOLDER in the working directory or beside data.path; with the same groups as folders.",
            "--cfg job prints the composed config and does nothing else.",
            "",
        ]
    return "\n".join(lines)


def _groups(command: str, own: OwnConfigs | None) -> dict[str, list[str]]:
    """Return the groups that a command has with their options."""
    primary = (config_folder() / f"{command}.yaml").read_text(encoding="utf-8")
    names = [item.name for item in used_fields(COMMANDS[command].config)]
    names += [group for group in ("experiment", "sweep") if f"{group}: null" in primary]
    return {name: options for name in names if (options := options_of(name, own))}


def _examples(command: str) -> list[str]:
    """Return the launch lines of a command: its config's own, or those in the head of `configs/COMMAND.yaml`."""
    lines = list(COMMANDS[command].config.examples)
    if COMMANDS[command].composed:
        primary = (config_folder() / f"{command}.yaml").read_text(encoding="utf-8")
        lines += re.findall(r"^#\s{3}(stancelab .*)$", primary, re.MULTILINE)
    return ["Examples:", *(f"  {line}" for line in lines), ""]


def _keys(kind: Any, config: Any, prefix: str, ignored: Sequence[str]) -> list[str]:
    explained = meanings(kind)
    lines = []
    for item in used_fields(kind):
        name = f"{prefix}{item.name}"
        nested: Any = item.default_factory
        if dataclasses.is_dataclass(nested):
            lines += ["", *_wrapped(f"  {name}:", explained.get(item.name, ""))]
            lines += _keys(nested, config[item.name], f"{name}.", ignored)
        elif name not in ignored:
            value = "???" if _is_missing(config, item.name) else config[item.name]
            lines += _wrapped(f"  {name}={_shown(value)}", explained.get(item.name, ""))
    return lines


def _is_missing(config: Any, key: str) -> bool:
    from omegaconf import OmegaConf

    return OmegaConf.is_missing(config, key)


def _shown(value: Any) -> str:
    if value is None:
        return "null"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _wrapped(head: str, meaning: str) -> list[str]:
    indent = " " * 42
    first = f"{head:41s} "
    if len(head) > 41:
        return [head, *textwrap.wrap(meaning, WIDTH, initial_indent=indent, subsequent_indent=indent)]
    return textwrap.wrap(first + meaning, WIDTH, subsequent_indent=indent, drop_whitespace=True) or [head]


def meanings(kind: type) -> dict[str, str]:
    """Return field -> meaning, from the `Attributes:` sections of a class and its bases."""
    found: dict[str, str] = {}
    for base in reversed(kind.__mro__):
        section = (inspect.cleandoc(base.__doc__ or "")).partition("Attributes:\n")[2]
        for match in re.finditer(r"^ {4}(\w+): (.*(?:\n {8}.*)*)", section, re.MULTILINE):
            found[match[1]] = re.sub(r"\s+", " ", match[2])
    return found
