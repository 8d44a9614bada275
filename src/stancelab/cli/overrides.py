"""What a person writes after the command: plain values, several corpora in one word, a clear answer to a mistake."""

from __future__ import annotations

import os
import re
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.errors import HydraException, OverrideParseException

from stancelab.cli.config import CommandConfig, config_folder, known_keys, used_fields
from stancelab.errors import ConfigError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_SEVERAL = re.compile(r"data=\[(?P<names>[^\[\]]*)\]")
_MULTIRUN = ("-m", "--multirun")
_CONFIG_DIR = ("--config-dir", "-cd")
_OPTIONS_WITH_VALUE = (*_CONFIG_DIR, "--config-path", "-cp", "--config-name", "-cn", "--cfg", "-c")
_OPTIONS = (
    *_MULTIRUN, *_OPTIONS_WITH_VALUE, "-h", "--help", "--resolve", "--package", "-p", "--run", "-r", "--info", "-i",
    "--hydra-help", "--version", "--shell-completion", "-sc", "--experimental-rerun",
)  # fmt: skip
_KEY = re.compile(r"(?:full_key: |Could not override '|Key ')(?P<key>[\w.@/-]+)")


def hydra_words(words: Sequence[str]) -> list[str]:
    """Return the words of a command line as Hydra takes them.

    Hydra reads values by a grammar of its own, in which letters beyond ASCII, "~", "=", parentheses and commas have to
    be quoted; a file's name or a label in the user's language need not be here. A value that Hydra cannot read, or
    would take for several runs where -m was not given, is quoted as one string; in a flat list, each such item.
    """
    several_runs = any(word in _MULTIRUN or word.startswith("sweep=") for word in words)
    parser = OverridesParser.create()
    settings, options = [], []
    for before, word in pairwise(["", *expand_corpora(words)]):
        is_setting = not word.startswith("-") and before not in _OPTIONS_WITH_VALUE
        if is_setting:
            settings.append(_quoted(word, parser, several_runs))
        else:
            options.append(word)
    # Hydra takes all settings in one piece: none may follow an option that other settings stand before.
    return [*settings, *options]


def gather_runs(words: Sequence[str]) -> list[str]:
    """Rewrite words that are neither settings nor options as `runs=[...]`, as `stancelab compare RUN RUN` has them."""
    runs: list[str] = []
    others: list[str] = []
    for before, word in pairwise(["", *words]):
        is_run = "=" not in word and not word.startswith("-") and before not in _OPTIONS_WITH_VALUE
        (runs if is_run else others).append(word)
    return [f"runs=[{','.join(runs)}]", *others] if runs else others


def check_options(words: Sequence[str]) -> None:
    """Check that the options among the words of a command line are Hydra's; settings have no dashes.

    Raises:
        ConfigError: One is not.
    """
    for before, word in pairwise(["", *words]):
        name = word.partition("=")[0]
        if name.startswith("-") and name not in _OPTIONS and before not in _OPTIONS_WITH_VALUE:
            setting = f" A setting is written without dashes: {word.lstrip('-')}" if "=" in word else ""
            raise ConfigError(f"no option {name!r}.{setting or did_you_mean(name, _OPTIONS)}")


def settings_in(words: Sequence[str]) -> list[str]:
    """Return the settings among the words of a command line as Hydra takes them, without its options."""
    ready = hydra_words(words)
    pairs = zip(["", *ready], ready, strict=False)
    return [word for before, word in pairs if not word.startswith("-") and before not in _OPTIONS_WITH_VALUE]


def own_folder(words: Sequence[str]) -> Path | None:
    """Return the folder of the user's own configs, which --config-dir names, or None.

    Raises:
        ConfigError: It is no folder.
    """
    named = [after for word, after in pairwise(words) if word in _CONFIG_DIR]
    named += [word.partition("=")[2] for word in words if word.startswith("--config-dir=")]
    if not named:
        return None
    folder = Path(named[-1]).expanduser().absolute()
    if not folder.is_dir():
        raise ConfigError(
            f"--config-dir: {named[-1]} is no folder; expected one with groups as folders, as in configs/"
        )
    return folder


def options_of(group: str, own: Path | None) -> list[str]:
    """Return the configs that a group holds, the project's and those in the user's own folder."""
    folders = [config_folder(), *([] if own is None else [own])]
    return sorted({path.stem for folder in folders for path in (folder / group).glob("*.yaml")})


def expand_corpora(words: Sequence[str]) -> list[str]:
    """Rewrite `data=[a,b]` as Hydra's own words for a config with both corpora under `data.corpora`."""
    expanded: list[str] = []
    for word in words:
        match = _SEVERAL.fullmatch(word.strip())
        if match is None:
            expanded.append(word)
            continue
        names = [name.strip() for name in match["names"].split(",") if name.strip()]
        if len(names) < 2 or len(set(names)) < len(names):
            raise ConfigError(f"{word}: name two or more different corpora, as in 'data=[newsmtsc,mpqa]'")
        expanded += ["data=several", f"data.name={'-'.join(names)}"]
        expanded += [f"+data@data.corpora.{name}={name}" for name in names]
    return expanded


def _quoted(word: str, parser: OverridesParser, several_runs: bool) -> str:
    key, equals, value = word.partition("=")
    value = _at_home(value)
    if not equals or _is_readable(f"{key}={value}", parser, several_runs):
        return f"{key}{equals}{value}"
    items = re.fullmatch(r"\[([^\[\]{}'\"]*)\]", value)
    if items is None and not several_runs:
        return f"{key}={_as_string(value)}"
    parts = [_at_home(part.strip()) for part in (items[1] if items else value).split(",")]
    joined = ",".join(part if _is_readable(f"{key}={part}", parser, True) else _as_string(part) for part in parts)
    return f"{key}=[{joined}]" if items else f"{key}={joined}"


def _at_home(value: str) -> str:
    """Return a path under the home folder written out: no shell does so within a word."""
    return os.path.expanduser(value) if value.startswith("~/") else value  # noqa: PTH111


def _is_readable(word: str, parser: OverridesParser, several_runs: bool) -> bool:
    try:
        override = parser.parse_override(word)
    except HydraException:
        return False
    return several_runs or not override.is_sweep_override()


def _as_string(value: str) -> str:
    # Only a quote, and backslashes right before one, mean something to Hydra between quotes.
    escaped = re.sub(r"(\\*)('|$)", lambda match: match[1] * 2 + (f"\\{match[2]}" if match[2] else ""), value)
    return f"'{escaped}'"


def explain(error: BaseException, kind: type[CommandConfig], own: Path | None) -> str | None:
    """Return what a person needs to know of an error that Hydra or OmegaConf raised, None for any other error.

    Args:
        error: What was raised.
        kind: The command's config.
        own: The folder of the user's own configs, None where there is none.
    """
    chain = list(_causes(error))
    if not any(type(link).__module__.partition(".")[0] in ("hydra", "omegaconf") for link in chain):
        return None
    text = "\n".join(str(link) for link in chain)
    unreadable = next((link for link in chain if isinstance(link, OverrideParseException)), None)
    if unreadable is not None:
        return (
            f"cannot read {unreadable.override!r}: {str(unreadable.message).splitlines()[0]}; write KEY=VALUE, and "
            "quote what the shell or Hydra would take apart: 'KEY=[a,b]', 'KEY=\"a, b\"'"
        )
    if "could not be converted" in text or "is not a subclass" in text or "incompatible" in text or "Invalid" in text:
        return _wrong_value(text)
    if "Could not find '" in text:
        return _unknown_option(text, own)
    match = _KEY.search(text)
    if match and ("is not in struct" in text or "not in '" in text or "Could not override" in text):
        used = {item.name for item in used_fields(kind)}
        groups = [path.name for path in config_folder().iterdir() if path.is_dir() and path.name in used]
        return f"unknown setting {match['key']!r}.{did_you_mean(match['key'], [*known_keys(kind), *groups])}"
    return text.splitlines()[0]


def _wrong_value(text: str) -> str:
    key = re.search(r"full_key: (\S+)", text)
    if "is not a ListConfig" in text:
        name = key[1] if key else "KEY"
        return f"{name}: expected a list; write '{name}=[VALUE]'"
    value = next((line for line in text.splitlines() if re.match(r"\s*(Value|Invalid|Cannot|Incompatible)", line)), "")
    return f"{key[1] if key else 'a setting'}: {value.strip() or text.splitlines()[0]}{_several_hint(value)}"


def _several_hint(value: str) -> str:
    return "; a list is written 'KEY=[a,b]', and several runs, one for each value, need -m" if "," in value else ""


def _unknown_option(text: str, own: Path | None) -> str:
    match = re.search(r"Could not find '(?P<what>[^']+)'", text)
    what = match["what"] if match else ""
    group, _, name = what.rpartition("/")
    options = options_of(group, own) if group else []
    if not options:
        return text.splitlines()[0]
    hint = did_you_mean(name, options)
    return f"{group}={name}: no such config; there are {', '.join(options)}.{hint}{_several_hint(name)}"


def _causes(error: BaseException) -> Iterator[BaseException]:
    link: BaseException | None = error
    while link is not None:
        yield link
        link = link.__cause__ or link.__context__
