"""Settings that a command line gives more than once: the last one counts, as with Hydra, and a person is told so."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from stancelab import processes
from stancelab.cli.options import is_sweep, split_words
from stancelab.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def tell_repeated(words: Sequence[str], defaults: Mapping[str, object]) -> None:
    """Warn of settings that are given with several values, one line for each.

    Scripts put words behind their own, so that the last one counts. In a sweep a setting that is given twice, once with
    several values, would make the same runs again. Words that begin with "+" or "~" are left to Hydra.

    Args:
        words: The words after the command.
        defaults: The settings that there are, with their defaults.

    Raises:
        ConfigError: A setting with several values to run through is given more than once.
    """
    given: dict[str, list[str]] = {}
    for word in split_words(words)[0]:
        key, equals, value = word.partition("=")
        if equals and key[:1] not in ("+", "~"):
            given.setdefault(key, []).append(value)
    for key, values in given.items():
        if len(values) == 1:
            continue
        times = "twice" if len(values) == 2 else f"{len(values)} times"
        shown = " and ".join(f"{key}={value}" for value in values)
        if is_sweep(words) and any(_is_several(key, value) for value in values):
            raise ConfigError(
                f"{key}: is given {times} ({shown}); in a sweep a setting is given once, with all its values: {key}=A,B"
            )
        if len(set(values)) > 1 and processes.is_first():
            hint = f"; several values are one list, {key}=[A,B]" if isinstance(defaults.get(key), list) else ""
            sys.stderr.write(f"stancelab: {key}: is given {times} ({shown}); the last one counts{hint}\n")


def _is_several(key: str, value: str) -> bool:
    """Tell whether Hydra takes a value for several to run through."""
    from hydra.core.override_parser.overrides_parser import OverridesParser
    from hydra.errors import HydraException

    try:
        return OverridesParser.create().parse_override(f"{key}={value}").is_sweep_override()
    except HydraException:  # a text that is quoted before Hydra reads it
        return "," in value
