"""Space on the disk: whether a training has enough of it, and what is said where a file cannot be written."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from safetensors import SafetensorError

from stancelab.errors import ConfigError, StancelabError
from stancelab.files import free_space, size_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: Weights of 4 bytes and the two moments of AdamW, in a state.
_BYTES_OF_STATE: Final = 12
#: States at once: two are kept while the next one is written. The checkpoint is written beside two of them.
_STATES: Final = 3


def check_space(folder: Path, network: Any) -> None:
    """Check that the states of a training fit on the disk.

    Args:
        folder: Where the states are kept; it need not be there.
        network: The network that is trained.

    Raises:
        ConfigError: They do not.
    """
    needed = _STATES * _BYTES_OF_STATE * sum(weights.numel() for weights in network.parameters())
    free = free_space(folder)
    if free < needed:
        raise ConfigError(
            f"{folder}: the states of this training need {size_text(needed)}, and {size_text(free)} are free on the "
            "disk; free space, or write somewhere else with output_root=FOLDER"
        )


@contextmanager
def explain_write_error(folder: Path) -> Iterator[None]:
    """Turn what safetensors, torch and the system raise where a file cannot be written into a `StancelabError`.

    Args:
        folder: What is written.
    """
    try:
        yield
    except StancelabError:
        raise
    except (OSError, RuntimeError, SafetensorError) as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise StancelabError(
            f"{folder}: cannot be written ({reason}); {size_text(free_space(folder))} are free on the disk: free "
            "space, or write somewhere else with output_root=FOLDER"
        ) from error
