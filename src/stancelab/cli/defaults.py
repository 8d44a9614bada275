"""The defaults lists of configs: which options of which groups they choose."""

from __future__ import annotations

from typing import Any, Final

#: Where a defaults list puts the config that it stands in.
_SELF: Final = "_self_"


def chosen(entry: Any, group: str) -> tuple[str, list[str]]:
    """Return the group and the options that an entry of a defaults list chooses.

    Args:
        entry: As YAML has it: `newsmtsc`, `override /model: mpnet`, `/data@data.corpora.x: [mpqa]`.
        group: The group of the config that the list stands in, "" for a config beside the groups.
    """
    if isinstance(entry, str) and entry != _SELF:
        where, _, name = _absolute(entry, group).rpartition("/")
        return where, [name.removesuffix(".yaml")]
    if isinstance(entry, dict) and len(entry) == 1:
        [(key, value)] = entry.items()
        names = value if isinstance(value, list) else [value]
        words = str(key).split()
        return _absolute(words[-1] if words else "", group), [str(name) for name in names if name is not None]
    return group, []


def _absolute(path: str, group: str) -> str:
    path = path.partition("@")[0]
    return path.lstrip("/") if path.startswith("/") or not group else f"{group}/{path}"
