"""Settings that are given in Python: of the right class, with values of the right types.

The command line converts words by these types; what Python passes would end in an error of the first comparison.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from numbers import Number
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args, get_type_hints

from stancelab.errors import ConfigError, list_problems, shorten
from stancelab.json_types import problems_of_types

if TYPE_CHECKING:
    from stancelab.errors import Settings


def check_settings(**groups: Settings) -> None:
    """Raise a `ConfigError` that lists what is wrong with some groups of settings, each by its name."""
    problems = [f"{name}.{line}" for name, group in groups.items() for line in type_problems(group)]
    if not problems:
        problems = [f"{name}.{line}" for name, group in groups.items() for line in group.problems()]
    if problems:
        raise ConfigError("these settings cannot be used:\n" + list_problems(problems))


def check_kind(name: str, given: object, kind: type) -> None:
    """Raise a `ConfigError` where an argument is no object of the class of its settings.

    Args:
        name: The argument.
        given: What was given.
        kind: The class.
    """
    if not isinstance(given, kind):
        raise ConfigError(f"{name}: found {_found(given)}, expected {kind.__name__}(...)")


def type_problems(settings: Settings) -> list[str]:
    """Return which values are of another type than their setting, one line each.

    A path stands for its text, a number of NumPy for that of Python, and a tuple for a list.

    Args:
        settings: The settings, an object of a dataclass.
    """
    hints = get_type_hints(type(settings))
    found: list[str] = []
    for name, value in ((each.name, getattr(settings, each.name)) for each in fields(settings)):  # type: ignore[arg-type]
        kinds = get_args(hints[name]) or (hints[name],)
        inner = next((kind for kind in kinds if isinstance(kind, type) and is_dataclass(kind)), None)
        if inner is None:
            found += problems_of_types({name: _plain(value)}, hints)
        elif isinstance(value, inner):
            found += [f"{name}.{line}" for line in type_problems(value)]  # type: ignore[arg-type]
        elif value is not None or type(None) not in kinds:
            found.append(f"{name}: found {_found(value)}, expected {inner.__name__}(...)")
    return found


def _found(given: object) -> str:
    return "None" if given is None else f"{type(given).__name__} ({shorten(repr(given))})"


def _plain(value: Any) -> Any:
    """Return a value as the command line would give it."""
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, Number) and hasattr(value, "item"):
        return value.item()
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        return {_plain(key): _plain(each) for key, each in value.items()}
    return value
