"""The check that a command line sets nothing that its command does not use."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import yaml

from stancelab.cli.commands import COMMANDS
from stancelab.cli.config import known_keys, used_fields
from stancelab.cli.defaults import chosen
from stancelab.cli.options import split_words
from stancelab.cli.own_configs import OwnConfigs, config_file, unquoted
from stancelab.cli.usual_names import usual_setting
from stancelab.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence

#: The top-level name that an interpolation refers to, as in ${seed}, ${..seed} and ${oc.select:seed,0}.
_REFERENCE: Final = re.compile(r"\$\{(?:[\w.]+:)?\s*\.*(\w+)")


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
    swept: list[tuple[str, str]] = []
    for word in settings:
        group, names = _chosen_by(word)
        if group in ("experiment", "sweep"):
            swept += [(word, key) for name in names for key in _sweep_keys(_content(group, name, own))]
    in_use = _in_use({*used, "hydra"}, [*((_top(word), word) for word in settings), *_texts(command, settings, own)])
    given = [(word, word) for word in settings] + swept
    problems = [
        _problem(command, word, setting)
        for word, setting in given
        if _top(setting) not in in_use or _ignores(command, setting)
    ]
    found = [problem for problem in problems if problem]
    if found:
        raise ConfigError("\n".join(found))


def _in_use(used: set[str], texts: Sequence[tuple[str, str]]) -> set[str]:
    """Return the top-level names that a command uses, and those that the settings of one in use refer to.

    Args:
        used: What the command itself uses.
        texts: Top-level names, each with what is set there.
    """
    referred = {name for top, text in texts if top in used for name in _REFERENCE.findall(text)}
    return used if referred <= used else _in_use(used | referred, texts)


def _texts(command: str, settings: Sequence[str], own: OwnConfigs | None) -> list[tuple[str, str]]:
    """Return top-level names, each with what the configs that are chosen set there.

    Configs are chosen by the command line, by the command's own defaults, and by the defaults of both.
    """
    texts: list[tuple[str, str]] = []
    waiting = [("", command), *((group, name) for group, names in map(_chosen_by, settings) for name in names)]
    seen: set[tuple[str, str]] = set()
    while waiting:
        group, name = waiting.pop()
        if (group, name) in seen:
            continue
        seen.add((group, name))
        content = _content(group, name, own)
        entries = content.pop("defaults", None)
        for entry in entries if isinstance(entries, list) else []:
            where, names = chosen(entry, group)
            waiting += [(where, each) for each in names]
        if group in ("experiment", "sweep"):
            texts += [(str(key), str(value)) for key, value in content.items()]
        elif group:
            texts.append((_top(group), str(content)))
    return texts


def _chosen_by(word: str) -> tuple[str, list[str]]:
    """Return the group and the options that a word chooses, where its key is a group."""
    key, _, value = word.partition("=")
    inner = re.sub(r"^(\[|choice\()|[\])]$", "", value.strip())
    return key.lstrip("+").partition("@")[0], [unquoted(name.strip()) for name in inner.split(",")]


def _problem(command: str, word: str, setting: str) -> str | None:
    """Return what is wrong with a setting that a command does not use; None where no command has it."""
    others = [name for name in COMMANDS if _top(setting) in _used_by(name) and not _ignores(name, setting)]
    if not others:
        return None
    users = f"{', '.join(others[:-1])} and {others[-1]} do" if len(others) > 1 else f"{others[0]} does"
    name = setting.partition("=")[0].lstrip("+~")
    where = (
        f"{word}: sets {name}, which stancelab {command} does not use"
        if setting != word
        else (f"{name}: stancelab {command} does not use it")
    )
    called = usual_setting(name, known_keys(COMMANDS[command].config)) if setting == word and "." not in name else ""
    if called:
        return f"{where}; {users}. Here it is called {called!r}"
    return f"{where}; {users}. Leave it out; an experiment may carry settings of other commands"


def _used_by(command: str) -> set[str]:
    names = {item.name for item in used_fields(COMMANDS[command].config)}
    return names if COMMANDS[command].keeps_run else names - {"name"}


def _ignores(command: str, setting: str) -> bool:
    """Tell whether a setting lies inside a group that the command uses, but is none that it works with."""
    return setting.partition("=")[0].lstrip("+~") in COMMANDS[command].config.ignores


def _top(setting: str) -> str:
    """Return the top-level name that a setting changes: data for data=x, +data@data.corpora.x=x and data.path=x."""
    key = setting.partition("=")[0].lstrip("+~")
    return re.split(r"[./:]", key.rpartition("@")[2])[0]


def _content(group: str, name: str, own: OwnConfigs | None) -> dict[Any, Any]:
    try:
        file = config_file(group, name, own) if name else None
    except OSError:
        return {}  # a value too long for a file's name
    if file is None:
        return {}  # an unknown name: Hydra answers
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError):
        return {}  # the error comes when it is composed
    return content if isinstance(content, dict) else {}


def _sweep_keys(content: dict[Any, Any]) -> list[str]:
    """Return the settings that a config runs through."""
    node: Any = content
    for key in ("hydra", "sweeper", "params"):
        node = node.get(key) if isinstance(node, dict) else None
    return [str(key) for key in node] if isinstance(node, dict) else []
