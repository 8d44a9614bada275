"""Keys of words and chance from keys: the same in every process and on every machine."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def key_of(*parts: str) -> int:
    """Return a 64-bit hash of some strings, never 0."""
    digest = hashlib.blake2b("\x1f".join(parts).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little") or 1


def mix(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Scramble 64-bit values so that near ones end up far apart (the finalizer of SplitMix64, Steele et al. 2014)."""
    values = values + np.uint64(0x9E3779B97F4A7C15)
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def seeded(values: NDArray[np.uint64], seed: int) -> NDArray[np.uint64]:
    """Return a 64-bit hash of each value and a seed: chance that does not depend on the order of the values."""
    return mix(values ^ mix(np.array([seed], dtype=np.uint64)))
