"""The words of a command line that are no settings: options, and runs that are named without a key."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from stancelab.cli.own_configs import CONFIG_DIR_OPTIONS
from stancelab.errors import ConfigError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Sequence

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

#: A setting that is taken out, as in ~evaluation; a folder in one's home begins with ~/.
_TAKES_OUT: Final = re.compile(r"~[\w.@]+")


def check_options(words: Sequence[str], allowed: Sequence[str] = HYDRA_OPTIONS) -> None:
    """Check that the options among the words of a command line are known; settings have no dashes.

    Raises:
        ConfigError: One is not.
    """
    for before, word in pairwise(["", *words]):
        name = word.partition("=")[0]
        if name.startswith("-") and name not in allowed and before not in _WITH_VALUE:
            setting = f" A setting is written without dashes: {word.lstrip('-')}" if "=" in word else ""
            raise ConfigError(f"no option {name!r}.{setting or did_you_mean(name, allowed)}")


def split_words(words: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the settings and the options (with their values) among the words of a command line."""
    settings: list[str] = []
    options: list[str] = []
    for before, word in pairwise(["", *words]):
        is_setting = not word.startswith("-") and before not in _WITH_VALUE
        (settings if is_setting else options).append(word)
    return settings, options


def gather_runs(words: Sequence[str]) -> list[str]:
    """Rewrite words that are neither settings nor options as `runs=[...]`, as `stancelab compare RUN RUN` has them."""
    runs: list[str] = []
    others: list[str] = []
    for before, word in pairwise(["", *words]):
        is_setting = "=" in word or _TAKES_OUT.fullmatch(word) is not None
        is_run = not is_setting and not word.startswith("-") and before not in _WITH_VALUE
        (runs if is_run else others).append(word)
    return [f"runs=[{','.join(runs)}]", *others] if runs else others
