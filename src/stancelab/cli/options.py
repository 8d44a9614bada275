"""The words of a command line that are no settings: options, and runs that are named without a key."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from stancelab.cli.own_configs import CONFIG_DIR_OPTIONS
from stancelab.cli.usual_names import usual_setting
from stancelab.errors import ConfigError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

HELP: Final = ("-h", "--help")
MULTIRUN: Final = ("-m", "--multirun")
_WITH_VALUE: Final = (
    *CONFIG_DIR_OPTIONS, "--config-path", "-cp", "--config-name", "-cn", "--cfg", "-c", "--package", "-p",
    "--experimental-rerun",
)  # fmt: skip
#: The options of the commands that Hydra composes.
HYDRA_OPTIONS: Final = (
    *MULTIRUN, *_WITH_VALUE, *HELP, "--resolve", "--run", "-r", "--info", "-i", "--hydra-help", "--version",
    "--shell-completion", "-sc",
)  # fmt: skip

#: What other programs call a run that does nothing.
_TRIALS: Final = ("--dry-run", "--dry_run", "--dryrun", "--check")
_FLAG: Final = re.compile(r"--[a-z][a-z_-]*")
#: A setting that is taken out, as in ~evaluation; a folder in one's home begins with ~/.
_TAKES_OUT: Final = re.compile(r"~[\w.@]+")


def check_options(words: Sequence[str], allowed: Sequence[str] = HYDRA_OPTIONS, settings: Collection[str] = ()) -> None:
    """Check that the options among the words of a command line are known; settings have no dashes.

    Args:
        words: The words after the command.
        allowed: The options that there are.
        settings: The settings that there are, for the message.

    Raises:
        ConfigError: One is not.
    """
    for before, word, after in zip(["", *words], words, [*words[1:], ""], strict=False):
        name, equals, value = word.partition("=")
        if not name.startswith("-") or name in allowed or before in _WITH_VALUE:
            continue
        bare = name.lstrip("-")
        setting = bare if bare in settings else usual_setting(bare, settings)
        if setting or equals:
            follows = after if after and "=" not in after and not after.startswith("-") else "VALUE"
            written = f"{setting or bare}={value if equals else follows}"
            raise ConfigError(f"no option {name!r}. A setting is written without dashes: {written}")
        raise ConfigError(f"no option {name!r}.{_other_option(name, allowed)}")


def _other_option(name: str, allowed: Sequence[str]) -> str:
    """Return what may be meant by an option that there is not, as a sentence with a blank in front."""
    if not allowed:
        return " Settings are written KEY=VALUE; --help lists them"
    if name in _TRIALS and "--cfg" in allowed:
        return " --cfg job prints the settings and does nothing else"
    return did_you_mean(name, allowed)


def flags_as_settings(words: Sequence[str], defaults: Mapping[str, object]) -> list[str]:
    """Rewrite options that are called as one yes-or-no setting of the command, such as --dry-run, as this setting.

    Args:
        words: The words after the command.
        defaults: The settings that there are, with their defaults.
    """
    rewritten = []
    for before, word in pairwise(["", *words]):
        setting = ""
        if _FLAG.fullmatch(word) and word not in HYDRA_OPTIONS and before not in _WITH_VALUE:
            setting = usual_setting(word, defaults)
        is_same = setting.rpartition(".")[2] == word.lstrip("-").replace("-", "_")
        is_flag = bool(setting) and is_same and isinstance(defaults[setting], bool)
        rewritten.append(f"{setting}=true" if is_flag else word)
    return rewritten


def split_words(words: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the settings and the options (with their values) among the words of a command line."""
    settings: list[str] = []
    options: list[str] = []
    for before, word in pairwise(["", *words]):
        is_setting = not word.startswith("-") and before not in _WITH_VALUE
        (settings if is_setting else options).append(word)
    return settings, options


def is_sweep(words: Sequence[str]) -> bool:
    """Tell whether a command line runs its command once for each of several values."""
    return any(word in MULTIRUN or word.startswith("sweep=") for word in words)


def gather_runs(words: Sequence[str]) -> list[str]:
    """Rewrite words that are neither settings nor options as `runs=[...]`, as `stancelab compare RUN RUN` has them."""
    runs: list[str] = []
    others: list[str] = []
    for before, word in pairwise(["", *words]):
        is_setting = "=" in word or _TAKES_OUT.fullmatch(word) is not None
        is_run = not is_setting and not word.startswith("-") and before not in _WITH_VALUE
        (runs if is_run else others).append(word)
    return [f"runs=[{','.join(runs)}]", *others] if runs else others
