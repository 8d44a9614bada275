"""The types of settings, and the values that OmegaConf would turn into them without a word."""

from __future__ import annotations

import re
from types import UnionType
from typing import Any, Final, Union, get_args, get_origin, get_type_hints

from omegaconf import BooleanNode, ValidationError

#: Attributes of a command's config that are no settings.
_NO_SETTINGS: Final = ("uses", "ignores", "examples", "hints", "words")
#: The values that are true or false, in any letter case.
_SWITCHES: Final = {
    **dict.fromkeys(("true", "yes", "on", "y", "1"), True),
    **dict.fromkeys(("false", "no", "off", "n", "0"), False),
}
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


def is_rewritten(kind: type[Any], key: str, value: str) -> bool:
    """Tell whether Hydra would write a value in another way than it is given, though its setting takes text.

    "true" would be "True", "1e3" be "1000.0" and "1_000" be "1000": the name of a file, of a column or of a run.
    """
    is_like = _REWRITTEN.fullmatch(value) is not None and _INTEGER.fullmatch(value) is None
    return is_like and str in types_of(kind, key.lstrip("+"))
