"""The types of settings, and the values that OmegaConf would turn into them without a word."""

from __future__ import annotations

import re
from types import UnionType
from typing import Any, Final, Union, get_args, get_origin, get_type_hints

from omegaconf import BooleanNode, ValidationError

#: What a setting may be: the members of its union, or its one type.
Types = tuple[Any, ...]

#: Attributes of a command's config that are no settings.
_NO_SETTINGS: Final = ("uses", "ignores", "examples", "hints", "words")
#: The values that are true or false, in any letter case.
_SWITCHES: Final = {
    **dict.fromkeys(("true", "yes", "on", "y", "1"), True),
    **dict.fromkeys(("false", "no", "off", "n", "0"), False),
}
#: What Hydra reads as true, false or a number, and writes in another way where a text is expected.
REWRITTEN: Final = re.compile(r"(?i:true|false|[+-]?(?:inf|\d*\.?\d+(?:e[+-]?\d+)?|\d+\.|\d+(?:_\d+)+)|nan)")
INTEGER: Final = re.compile(r"0|-?[1-9]\d*")


def types_of(kind: type[Any], key: str) -> Types:
    """Return the types that a dotted key of a command's config may have, none where there is no such key."""
    types: Types = (kind,)
    for part in key.split("."):
        types = type_within(types, part)
    return types


def type_within(types: Types, key: str) -> Types:
    """Return the types of the value that groups of settings, or mappings, have under a key."""
    found: list[Any] = []
    for each in types:
        if is_open(each):
            found.append(get_args(each)[1] if get_args(each) else Any)
        elif isinstance(each, type) and key not in _NO_SETTINGS:
            found.append(get_type_hints(each).get(key))
    return _flat(found)


def types_of_items(types: Types) -> Types:
    """Return the types of the items of lists."""
    return _flat([get_args(each)[0] if is_list(each) else Any for each in types if each is Any or is_list(each)])


def is_open(kind: Any) -> bool:
    """Tell whether a setting may hold pairs whose names are the user's own."""
    origin: Any = get_origin(kind)
    return kind is Any or origin is dict


def is_list(kind: Any) -> bool:
    """Tell whether a setting holds a list."""
    origin: Any = get_origin(kind)
    return origin is list


def _flat(types: list[Any]) -> Types:
    """Return types without unions, each once."""
    flat = (get_args(each) if get_origin(each) in (Union, UnionType) else (each,) for each in types if each is not None)
    return tuple(dict.fromkeys(each for several in flat for each in several))


def refuse_numbers_for_switches() -> None:
    """Let OmegaConf refuse values of switches other than its words for true and false, and 1 and 0.

    OmegaConf takes every number but 0 for true. Values come from words of a command line, from the user's own YAML,
    from sweeps and from references; what converts them is the one place that all of them pass.
    """
    BooleanNode._validate_and_convert_impl = _switch  # type: ignore[assignment, method-assign]


def _switch(node: BooleanNode, value: Any) -> bool:
    """Convert a value as `BooleanNode` does, but for numbers other than 0 and 1."""
    if isinstance(value, bool):
        return value
    found = _SWITCHES.get(str(value).lower()) if isinstance(value, int | str) else None
    if found is None:
        raise ValidationError("Value '$VALUE' is not a valid bool (type $VALUE_TYPE)")
    return found
