"""Which of several processes of one training this is, as torchrun tells it; only the first one writes and speaks."""

from __future__ import annotations

import os


def number() -> int:
    """Return the number of this process, from 0."""
    return int(os.environ.get("RANK", "0"))


def count() -> int:
    """Return how many processes share the training; 1 without torchrun."""
    return int(os.environ.get("WORLD_SIZE", "1")) if "RANK" in os.environ else 1


def is_first() -> bool:
    """Tell whether this process is the first, or the only one."""
    return number() == 0
