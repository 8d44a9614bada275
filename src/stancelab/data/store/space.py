"""Whether what is prepared fits on the disk, told by its first rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from stancelab.data.store.rows import stored_bytes
from stancelab.errors import ConfigError
from stancelab.files import free_space, size_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from stancelab.schema import Example

#: What lies beside the store at least, as a share of it: the bands of near duplicates, and after them the dataset
#: itself, compressed. It was 0.08 and 0.11 of 20,000 short and longer rows; no dataset that fits is to be refused.
_BESIDE: Final = 0.05


def check_space(folder: Path, corpus: str, examples: Sequence[Example], read: float) -> None:
    """Check that a corpus fits on the disk while it is prepared.

    Args:
        folder: Where it is prepared.
        corpus: Its name.
        examples: Its first rows.
        read: The share of the corpus that they are, above 0.

    Raises:
        ConfigError: It does not.
    """
    needed = int(stored_bytes(examples) / min(read, 1) * (1 + _BESIDE))
    free = free_space(folder)
    if free < needed:
        raise ConfigError(
            f"{corpus}: preparing it needs about {size_text(needed)}, and {size_text(free)} are free on the disk of "
            f"{folder.parent}; free space, or write somewhere else with output_root=FOLDER"
        )
