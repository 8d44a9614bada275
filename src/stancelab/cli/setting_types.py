"""The types of settings, and the values that OmegaConf would turn into them without a word."""

from __future__ import annotations

import re
from types import UnionType
from typing import TYPE_CHECKING, Any, Final, Union, get_args, get_origin, get_type_hints

import yaml

from stancelab.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: Attributes of a command's config that are no settings.
_NO_SETTINGS: Final = ("uses", "ignores", "examples", "hints", "words")
#: What Hydra reads as true, false or a number, and writes in another way where a text is expected.
_REWRITTEN: Final = re.compile(r"(?i:true|false|[+-]?(?:inf|\d*\.?\d+(?:e[+-]?\d+)?|\d+\.|\d+(?:_\d+)+)|nan)")
_INTEGER: Final = re.compile(r"0|-?[1-9]\d*")


def types_of(kind: type[Any], key: str) -> tuple[Any, ...]:
    """Return the types that a dotted key of a command's config may have, none where there is no such key."""
    owner: Any = kind
    for part in key.split("."):
        hints = get_type_hints(owner) if isinstance(owner, type) else {}
        if part not in hints or part in _NO_SETTINGS:
            return ()
        owner = hints[part]
    is_union = get_origin(owner) in (Union, UnionType)  # else its arguments are those of a list, say
    return get_args(owner) if is_union else (owner,)


def check_switches(words: Sequence[str], kind: type[Any]) -> None:
    """Check that switches are not given numbers, of which OmegaConf takes every one but 0 for true.

    Raises:
        ConfigError: Names the first that is; 0 and 1 are allowed.
    """
    for word in words:
        key, _, value = word.partition("=")
        try:
            found: Any = yaml.safe_load(value)
        except (yaml.YAMLError, ValueError):
            continue  # what cannot be read is told where it is merged
        for name, number in _switches(kind, key.lstrip("+"), found):
            if number not in (0, 1):
                where = word if name == key else f"{word}: {name}"
                raise ConfigError(f"{where}: found {number}, expected true or false")


def _switches(kind: type[Any], key: str, found: Any) -> Iterator[tuple[str, int]]:
    """Yield the switches that a value gives a number, with that number."""
    if isinstance(found, dict):
        for name, value in found.items():
            yield from _switches(kind, f"{key}.{name}", value)
    elif isinstance(found, int) and not isinstance(found, bool) and bool in types_of(kind, key):
        yield key, found


def is_rewritten(kind: type[Any], key: str, value: str) -> bool:
    """Tell whether Hydra would write a value in another way than it is given, though its setting takes text.

    "true" would be "True", "1e3" be "1000.0" and "1_000" be "1000": the name of a file, of a column or of a run.
    """
    is_like = _REWRITTEN.fullmatch(value) is not None and _INTEGER.fullmatch(value) is None
    return is_like and str in types_of(kind, key.lstrip("+"))
