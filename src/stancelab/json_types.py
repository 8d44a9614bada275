"""What is wrong with the types of JSON content that somebody else may have written, in one line for each key."""

from __future__ import annotations

import json
import re
from dataclasses import is_dataclass
from typing import TYPE_CHECKING, Any, Final, get_args, get_origin, get_type_hints

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: A file that says what a folder holds is larger only by mistake or malice; it is read as a whole.
MOST_BYTES: Final = 64 * 2**20
#: What the types of msgspec's messages are called for people.
_NAMES: Final = {
    "str": "text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "array": "a list",
    "object": "an object",
    "null": "null",
}
_EXPECTED: Final = re.compile(r"Expected `(?P<expected>[^`]*)`, got `(?P<found>\w+)`")
_SHOWN: Final = 60
#: So many unknown keys are told.
_MOST_KEYS: Final = 5


def problems_of_types(content: Mapping[str, Any], types: Mapping[str, Any]) -> list[str]:
    """Return which values are not of the type of their key, one line each; nothing is converted.

    Args:
        content: The object, as `json` reads it.
        types: Key -> type, as `typing.get_type_hints` gives them; other keys are passed over.
    """
    found = []
    for key, value in content.items():
        if key not in types:
            continue
        try:
            msgspec.convert(value, types[key], strict=True)
        except msgspec.ValidationError as error:
            found.append(_line(key, value, str(error)))
    return found


def lacking_keys(content: object, required: Iterable[str]) -> list[str]:
    """Return one line for each key that is required and missing, or one where the content is no object."""
    if not isinstance(content, dict):
        return [f"found {shown(content)}, allowed is an object"]
    return [f"{key}: is missing" for key in required if key not in content]


def unknown_keys(content: Mapping[str, Any], kind: type, place: str = "") -> list[str]:
    """Return one line for each key that a dataclass does not have, also in the objects within; the first few.

    Args:
        content: The object, as `json` reads it.
        kind: The dataclass.
        place: What stands before a key, such as "encoder.".
    """
    types = get_type_hints(kind)
    found = [
        f"{place}{_one_line(key)}: no such key in this version of stancelab" for key in content if key not in types
    ]
    for key, value in content.items():
        hint = types.get(key)
        is_by_name = get_origin(hint) is dict
        inner = next((each for each in (hint, *get_args(hint)) if isinstance(each, type) and is_dataclass(each)), None)
        if inner is None or not isinstance(value, dict):
            continue
        for name, part in value.items() if is_by_name else [(None, value)]:
            if isinstance(part, dict):
                found += unknown_keys(part, inner, f"{place}{key}." + ("" if name is None else f"{_one_line(name)}."))
    return found[:_MOST_KEYS]


def is_share(value: object) -> bool:
    """Tell whether a value is a number from 0 to 1; true, false and NaN are none."""
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1


def is_writable(content: Any) -> bool:
    """Tell whether JSON content can be written as UTF-8: no text in it holds half of a character."""
    try:
        json.dumps(content, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def shown(value: object) -> str:
    """Return a value for a message, cut where it is long."""
    # Of text the beginning alone is written out: it may be as long as the file.
    text = repr(value[: 2 * _SHOWN] if isinstance(value, str | list) else value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."


def _one_line(key: str) -> str:
    """Return a key for a message, cut where it is long."""
    return " ".join(key[:_SHOWN].split())


def _line(key: str, value: object, message: str) -> str:
    """Return msgspec's message, which ends in the place within the value, as the project's messages are."""
    reason, _, place = message.partition(" - at ")
    inside = place.strip("`").removeprefix("key in ").removeprefix("`").lstrip("$")
    match = _EXPECTED.fullmatch(reason)
    at = f"{key}{inside}"
    found: object = value
    for name, number in re.findall(r"\.(\w+)|\[(\d+|\.\.\.)\]", inside):
        if number == "...":  # msgspec does not say which key it is
            found = None
            break
        found = found[name or int(number)]  # type: ignore[index]
    if match is None:
        return f"{at}: found {shown(value)}, {reason[:1].lower()}{reason[1:]}"
    allowed = " or ".join(_NAMES.get(each, each) for each in match["expected"].split(" | "))
    what = shown(found) if "[...]" not in inside else _NAMES.get(match["found"], match["found"])
    return f"{at}: found {what}, allowed is {allowed}"
