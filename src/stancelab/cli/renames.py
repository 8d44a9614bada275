"""Old spellings of settings and experiments, which work for one version more and are warned of."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Any, Final

from stancelab.cli.defaults import chosen
from stancelab.cli.own_configs import OwnConfigs, config_file
from stancelab.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

#: Old setting -> the new one, in the same group.
SETTINGS: Final = {
    "evaluation.probes": "evaluation.perturbations",
    "evaluation.bootstrap_draws": "evaluation.bootstrap_resamples",
}
#: Setting -> old value -> the new one.
VALUES: Final = {"evaluation.perturbations": {"negated": "negation_flip"}}
#: Old experiment -> the words that compose it now.
EXPERIMENTS: Final = {
    "newsmtsc_minilm": ("experiment=newsmtsc",),
    "newsmtsc_mpnet": ("experiment=newsmtsc", "model=mpnet"),
    "mpqa_minilm": ("experiment=mpqa",),
    "mpqa_minilm_no_source": ("experiment=mpqa_no_source",),
    "semeval2016_minilm": ("experiment=semeval2016",),
    "joint_minilm": ("experiment=joint",),
    "joint_mpnet": ("experiment=joint", "model=mpnet"),
    "transfer_minilm": ("experiment=transfer",),
    "transfer_mpnet": ("experiment=transfer", "model=mpnet"),
}
#: Where a config has the settings that several runs go through; its keys are whole settings.
_SWEPT: Final = "hydra.sweeper.params"


def renamed(words: Sequence[str], own: OwnConfigs | None) -> list[str]:
    """Return the words of a command line in today's spelling, and warn on stderr of each that has another now.

    Args:
        words: The words after the command.
        own: The user's own configs; an experiment there keeps its name.

    Raises:
        ConfigError: Old experiments to run one after the other differ in what they imply.
    """
    given = {word.partition("=")[0] for word in words}
    today: list[str] = []
    for word in words:
        key, _, value = word.partition("=")
        new = _experiments(value, own, given) if key == "experiment" else (_setting(word),)
        if new != (word,):
            _warn("", word, " ".join(new))
        today += new
    return today


class RenamedConfigs:
    """Turns the user's own configs into today's spelling, and warns once of each old one in a file."""

    def __init__(self) -> None:
        self._warned: set[tuple[str, str]] = set()

    def __call__(self, content: dict[Any, Any], file: Path, group: str, package: str, own: OwnConfigs) -> Any:
        """Return a config in today's spelling.

        Args:
            content: What the file holds.
            file: The file, for warnings.
            group: The group that it is an option of.
            package: The setting that its keys belong to, "" for those of the whole config.
            own: The user's own configs; an experiment there keeps its name.

        Raises:
            ConfigError: It builds on an old experiment that implies more than an experiment now.
        """
        rest = {key: value for key, value in content.items() if key != "defaults"}
        new = self._keys(rest, package, file, own)
        if "defaults" in content:
            entries = content["defaults"]
            is_list = isinstance(entries, list)
            new["defaults"] = [self._entry(each, group, file, own) for each in entries] if is_list else entries
        return new

    def _node(self, node: Any, setting: str, file: Path, own: OwnConfigs) -> Any:
        if isinstance(node, dict):
            return self._keys(node, setting, file, own)
        if isinstance(node, list):
            return [self._node(item, setting, file, own) for item in node]
        if not isinstance(node, str):
            return node
        if setting == "experiment":
            try:
                words = _experiments(node, own, set())
            except ConfigError as error:
                raise ConfigError(f"{file}: {error}") from None
            if len(words) > 1:
                raise ConfigError(f"{file}: the experiment {node!r} is {' '.join(words)} now; set both")
            new = words[0].removeprefix("experiment=")
        else:
            new = _value(setting, node)
        self._warn(file, node, new)
        return new

    def _keys(self, node: dict[Any, Any], setting: str, file: Path, own: OwnConfigs) -> dict[Any, Any]:
        prefix = "" if setting in ("", _SWEPT) else f"{setting}."
        new: dict[Any, Any] = {}
        for key, value in node.items():
            old = f"{prefix}{key}"
            name = _name(old)
            self._warn(file, old, name)
            today = name.removeprefix(prefix) if name != old else key
            # An experiment is a setting of a command line only.
            inner = "" if name == "experiment" and setting != _SWEPT else name.lstrip("+")
            if today == key or today not in node:
                new[today] = self._node(value, inner, file, own)
        return new

    def _entry(self, entry: Any, group: str, file: Path, own: OwnConfigs) -> Any:
        where, names = chosen(entry, group)
        if where != "experiment":
            return entry
        for name in names:
            words = _words(name, own)
            if len(words) > 1:
                more = "".join(f", '- override /{word.replace('=', ': ')}'" for word in words[1:])
                raise ConfigError(
                    f"{file}: the experiment {name!r} in its defaults is {' '.join(words)} now; write "
                    f"'- {words[0].removeprefix('experiment=')}'{more}"
                )
            new = words[0].removeprefix("experiment=")
            self._warn(file, name, new)
            entry = _replaced(entry, name, new)
        return entry

    def _warn(self, file: Path, old: str, new: str) -> None:
        if new != old and (str(file), old) not in self._warned:
            self._warned.add((str(file), old))
            _warn(f"{file}: ", old, new)


def _replaced(entry: Any, old: str, new: str) -> Any:
    """Return an entry of a defaults list with another name for one of its options."""
    if isinstance(entry, str):
        return re.sub(rf"(^|/){old}(?=$|@|\.yaml)", rf"\g<1>{new}", entry)
    return {
        key: [new if name == old else name for name in value] if isinstance(value, list) else new
        for key, value in entry.items()
    }


def _warn(where: str, old: str, new: str) -> None:
    sys.stderr.write(f"stancelab: warning: {where}{old!r} is spelled {new} now; the old spelling will go\n")


def _words(name: str, own: OwnConfigs | None) -> tuple[str, ...]:
    """Return the words that compose an experiment now."""
    is_old = name in EXPERIMENTS and config_file("experiment", name, own) is None
    return EXPERIMENTS[name] if is_old else (f"experiment={name}",)


def _experiments(value: str, own: OwnConfigs | None, given: set[str]) -> tuple[str, ...]:
    """Return the words for one or more experiments, which may stand in quotes or brackets.

    Args:
        value: What the command line or a sweep has for `experiment`.
        own: The user's own configs.
        given: The keys of the command line, which come before what the name of an old experiment implies.
    """
    head, inner, tail = _bracketed(value)
    names = [name.strip().strip("'\"") for name in inner.split(",")]
    found = [_words(name, own) for name in names]
    if all(words == (f"experiment={name}",) for words, name in zip(found, names, strict=True)):
        return (f"experiment={value}",)
    implied = {tuple(word for word in words[1:] if word.partition("=")[0] not in given) for words in found}
    if len(implied) > 1:
        each = "; ".join(f"{name} is {' '.join(words)}" for words, name in zip(found, names, strict=True))
        raise ConfigError(
            f"experiment={value}: old names that imply different settings cannot be run in one sweep: {each}. Use "
            "these words, one sweep for each model, or the experiments with several models, as in "
            f"{found[0][0]} model=minilm,mpnet -m"
        )
    today = dict.fromkeys(words[0].removeprefix("experiment=") for words in found)
    return (f"experiment={head}{','.join(today)}{tail}", *implied.pop())


def _bracketed(value: str) -> tuple[str, str, str]:
    """Return what stands before, in and behind the brackets of a value such as [a,b] or choice(a,b)."""
    match = re.fullmatch(r"(\[|choice\()(.*)([\])])", value.strip())
    return (match[1], match[2], match[3]) if match else ("", value, "")


def _setting(word: str) -> str:
    key, equals, value = word.partition("=")
    name = _name(key)
    return f"{name}{equals}{_value(name.lstrip('+~'), value)}"


def _name(key: str) -> str:
    """Return a setting in today's spelling; a sign before it stays."""
    bare = key.lstrip("+~")
    return key.removesuffix(bare) + SETTINGS.get(bare, bare)


def _value(setting: str, value: str) -> str:
    """Return a value in today's spelling, with the settings that it refers to."""
    for old, new in VALUES.get(setting, {}).items():
        value = re.sub(rf"\b{old}\b", new, value)
    for old, new in SETTINGS.items():
        value = re.sub(rf"(\$\{{(?:[\w.]+:)?\.*){re.escape(old)}\b", rf"\g<1>{new}", value)
    return value
