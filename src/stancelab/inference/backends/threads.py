"""How threads that compute wait, so that they leave the cores to whatever else runs there.

Threads of OpenMP that wait by spinning take the cores from other processes, and from each other; with the policy
"passive" they sleep. A training has many short waits, for which waking a thread takes longer than the wait: there they
spin for a moment and then sleep.
"""

from __future__ import annotations

import os
from typing import Final

#: What each OpenMP library reads: GNU's and LLVM's the first two, Intel's the third.
_PASSIVE: Final = {"OMP_WAIT_POLICY": "PASSIVE", "GOMP_SPINCOUNT": "0", "KMP_BLOCKTIME": "0"}
#: Turns of a loop for GNU's library (docs/training.md has what others cost), and a millisecond for LLVM's and Intel's,
#: the least that they know.
_BRIEFLY: Final = {"GOMP_SPINCOUNT": "20000", "KMP_BLOCKTIME": "1"}


def wait_passively() -> None:
    """Let threads of OpenMP sleep while they wait, unless the environment says how they wait.

    It holds for libraries that are loaded later.
    """
    _set_unless_given(_PASSIVE)


def wait_briefly() -> None:
    """Let threads of OpenMP spin for a moment and then sleep while they wait, unless the environment says how.

    It holds for libraries that are loaded later.
    """
    _set_unless_given(_BRIEFLY)


def _set_unless_given(policy: dict[str, str]) -> None:
    if not _PASSIVE.keys() & os.environ.keys():
        os.environ.update(policy)


def use_threads(count: int | None) -> None:
    """Say how many threads are to compute, and let them sleep while they wait; it holds for libraries loaded later.

    Args:
        count: How many, None for as many as fit.
    """
    wait_passively()
    if count is not None:
        os.environ["OMP_NUM_THREADS"] = str(count)
