"""How many threads or processes compute: those that fit the cores that this process may use.

A container is often given fewer cores than the machine has, by its affinity or by a quota of its control group; a pool
of threads for all cores of the machine then mostly waits.
"""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import Final

#: Where control groups are mounted, and the file that names those of this process.
CGROUPS: Final = Path("/sys/fs/cgroup")
OWN_GROUP: Final = Path("/proc/self/cgroup")


def fitting_threads() -> int:
    """Return how many threads are to compute: OMP_NUM_THREADS where it is set, else one for each core."""
    given = os.environ.get("OMP_NUM_THREADS", "").partition(",")[0].strip()
    return int(given) if given.isdecimal() and int(given) else available_cores()


def available_cores(cgroups: Path = CGROUPS, own: Path = OWN_GROUP) -> int:
    """Return how many cores this process may use: by its affinity and the quotas of its control groups.

    Args:
        cgroups: Where control groups are mounted.
        own: The file that names the process's control groups.
    """
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    quotas = [quota for folder in control_groups(cgroups, own, "cpu") if (quota := _quota(folder)) is not None]
    return max(1, min([count, *map(math.ceil, quotas)]))


def control_groups(cgroups: Path, own: Path, controller: str) -> list[Path]:
    """Return the folders of the process's control groups and of those above them, of version 2 and of version 1.

    Args:
        cgroups: Where control groups are mounted.
        own: The file that names the process's control groups.
        controller: What they limit, such as "cpu".
    """
    found = [cgroups, cgroups / controller]
    try:
        lines = own.read_text(encoding="utf-8").splitlines()
    except OSError:
        return found
    for line in lines:
        _, controllers, path = (*line.split(":", 2), "", "", "")[:3]
        top = cgroups if not controllers else cgroups / controller if controller in controllers.split(",") else None
        if top is not None:
            group = Path(path.lstrip("/"))
            found += [top / each for each in (group, *group.parents)]
    return found


def _quota(folder: Path) -> float | None:
    """Return how many cores' time a control group may take, None where it has no limit."""
    try:
        if (folder / "cpu.max").is_file():
            limit, period = (folder / "cpu.max").read_text(encoding="utf-8").split()
        else:
            limit, period = (
                (folder / f"cpu.cfs_{name}_us").read_text(encoding="utf-8") for name in ("quota", "period")
            )
        return int(limit) / int(period) if int(limit) > 0 else None
    except (OSError, ValueError):  # "max", and groups without the controller
        return None
