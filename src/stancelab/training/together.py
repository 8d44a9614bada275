"""Several processes at one training: what they wait for and agree on."""

from __future__ import annotations

import atexit
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Final, TypeVar

from stancelab.processes import count, is_first

if TYPE_CHECKING:
    from collections.abc import Iterator

T = TypeVar("T")

#: The others wait so long for the first process, which may prepare a large corpus or ask a teacher.
_PATIENCE: Final = timedelta(days=1)


def join() -> None:
    """Connect the processes that torchrun has started; without torchrun nothing is done."""
    import torch
    from torch import distributed

    if count() == 1 or distributed.is_initialized():
        return
    has_nccl = torch.cuda.is_available() and distributed.is_nccl_available()
    distributed.init_process_group("cpu:gloo,cuda:nccl" if has_nccl else "gloo", timeout=_PATIENCE)
    atexit.register(_leave)


def agreed(value: T) -> T:
    """Return what the first process has for a value."""
    if count() == 1:
        return value
    from torch import distributed

    join()
    values = [value]
    distributed.broadcast_object_list(values, src=0)
    return values[0]


@contextmanager
def first_alone() -> Iterator[None]:
    """Let the first process through the block before the others, so that they find what it has made."""
    if not is_first():
        agreed(None)
    yield
    if is_first():
        agreed(None)


def _leave() -> None:
    from torch import distributed

    if distributed.is_initialized():
        distributed.destroy_process_group()
