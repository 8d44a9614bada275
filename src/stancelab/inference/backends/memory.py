"""How much memory the process may take, so that a network that asks for more ends in an error."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from stancelab.cores import CGROUPS, OWN_GROUP, control_groups

if TYPE_CHECKING:
    from pathlib import Path

#: The files that state the limit of a control group: of version 2, and of version 1.
_LIMITS: Final = ("memory.max", "memory.limit_in_bytes")


def most_memory(cgroups: Path = CGROUPS, own: Path = OWN_GROUP) -> int | None:
    """Return how many bytes the machine, or the process's control groups, have; None where nothing says it.

    Args:
        cgroups: Where control groups are mounted.
        own: The file that names the process's control groups.
    """
    found = [limit for folder in control_groups(cgroups, own, "memory") if (limit := _limit(folder)) is not None]
    if hasattr(os, "sysconf") and {"SC_PHYS_PAGES", "SC_PAGE_SIZE"} <= os.sysconf_names.keys():
        found.append(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    return min((limit for limit in found if limit > 0), default=None)


def _limit(folder: Path) -> int | None:
    """Return how many bytes a control group may take, None where it has no limit."""
    for name in _LIMITS:
        try:
            return int((folder / name).read_text(encoding="utf-8"))
        except (OSError, ValueError):  # not there, or "max"
            continue
    return None
