"""The check that a command line sets nothing that its command does not use."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import yaml

from stancelab.cli.commands import COMMANDS
from stancelab.cli.config import used_fields
from stancelab.cli.options import split_words
from stancelab.cli.own_configs import OwnConfigs, config_file
from stancelab.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence


def check_used(command: str, words: Sequence[str], own: OwnConfigs | None) -> None:
    """Check that the command uses every setting that its command line gives, one by one or with sweep=NAME.

    An experiment or a config of the user's own may carry settings of other commands: those are not checked. A setting
    that one in use refers to, as in `split.sample_seed=${seed}`, is in use too.

    Args:
        command: The command's name.
        words: The words that follow it.
        own: The user's own configs.

    Raises:
        ConfigError: Names each such setting and the commands that use it.
    """
    used = _used_by(command)
    # Words without a key are folders of runs.
    settings = [word for word in split_words(words)[0] if "=" in word or word.startswith("~")]
    texts = [word for word in settings if _top(word) in used]
    swept: list[tuple[str, str]] = []
    for word in settings:
        group, _, name = word.partition("=")
        if group in ("experiment", "sweep"):
            content = _content(group, name, own)
            texts += [str(value) for key, value in content.items() if key in used]
            swept += [(word, str(key)) for key in _sweep_keys(content)]
    referred = set(re.findall(r"\$\{(\w+)", " ".join(texts)))
    given = [(word, word) for word in settings] + swept
    problems = [
        _problem(command, word, setting) for word, setting in given if not {_top(setting)} & {*used, *referred, "hydra"}
    ]
    found = [problem for problem in problems if problem]
    if found:
        raise ConfigError("\n".join(found))


def _problem(command: str, word: str, setting: str) -> str | None:
    """Return what is wrong with a setting that a command does not use; None where no command has it."""
    others = [name for name in COMMANDS if _top(setting) in _used_by(name)]
    if not others:
        return None
    users = f"{', '.join(others[:-1])} and {others[-1]} do" if len(others) > 1 else f"{others[0]} does"
    name = setting.partition("=")[0].lstrip("+~")
    where = (
        f"{word}: sets {name}, which stancelab {command} does not use"
        if setting != word
        else (f"{name}: stancelab {command} does not use it")
    )
    return f"{where}; {users}. Leave it out; an experiment may carry settings of other commands"


def _used_by(command: str) -> set[str]:
    return {item.name for item in used_fields(COMMANDS[command].config)}


def _top(setting: str) -> str:
    """Return the top-level name that a setting changes: data for data=x, +data@data.corpora.x=x and data.path=x."""
    key = setting.partition("=")[0].lstrip("+~")
    return re.split(r"[./:]", key.rpartition("@")[2])[0]


def _content(group: str, name: str, own: OwnConfigs | None) -> dict[Any, Any]:
    file = config_file(group, name, own)
    if file is None:
        return {}  # an unknown name, or several: Hydra answers
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
    except yaml.YAMLError:
        return {}
    return content if isinstance(content, dict) else {}


def _sweep_keys(content: dict[Any, Any]) -> list[str]:
    """Return the settings that a config runs through."""
    node: Any = content
    for key in ("hydra", "sweeper", "params"):
        node = node.get(key) if isinstance(node, dict) else None
    return [str(key) for key in node] if isinstance(node, dict) else []
