"""Groups of near-duplicate texts among a million: candidates by MinHash, each verified by exact Jaccard similarity.

A text is the set of its character n-grams, in lower case with single blanks. MinHash signatures (Broder 1997, by the
`rensa` package) are cut into bands; texts that agree in a band are candidates (locality-sensitive hashing, Indyk and
Motwani 1998). Whatever the hashes say, only pairs whose sets overlap enough are joined; groups are the connected
components of such pairs. The bands, 4 bytes for each band and text and so 128 bytes a text at the default threshold,
lie in a mapped file.
"""

from __future__ import annotations

from functools import lru_cache
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from stancelab.data.store.hashing import mix
from stancelab.progress import progress

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from stancelab.progress import Step

PERMUTATIONS: Final = 128
#: The chance that a pair right at the threshold becomes a candidate is at least this.
_RECALL: Final = 0.999
#: In a crowded bucket a text is compared with this many neighbours and with the bucket's first text, not with all.
_NEIGHBOURS: Final = 8
_SEED: Final = 13
#: Texts, or pairs of them, after which it is said how far it is.
_BATCH: Final = 2_000


def bands_for(threshold: float, permutations: int = PERMUTATIONS) -> tuple[int, int]:
    """Return (bands, rows in a band) that find nearly all pairs at the threshold with as few false ones as possible."""
    fitting = [
        rows for rows in range(1, permutations + 1) if 1 - (1 - threshold**rows) ** (permutations // rows) >= _RECALL
    ]
    rows = max(fitting, default=1)
    return permutations // rows, rows


def shingles(text: str, size: int) -> frozenset[str]:
    """Return a text's character n-grams; a text shorter than one is its own."""
    return frozenset(text[i : i + size] for i in range(max(len(text) - size + 1, 1)))


def jaccard(first: frozenset[str], second: frozenset[str]) -> float:
    """Return the Jaccard similarity of two sets, from 0 to 1."""
    shared = len(first & second)
    return shared / (len(first) + len(second) - shared)


def near_duplicate_groups(
    count: int,
    batches: Iterable[tuple[NDArray[np.int64], Sequence[str]]],
    text_of: Callable[[int], str],
    threshold: float,
    size: int,
    folder: Path | None = None,
) -> NDArray[np.int64]:
    """Return the group of each text, numbered from 0; a text without near duplicates is alone in its group.

    Args:
        count: How many texts there are.
        batches: (positions, texts): the texts, normalized and all different, in batches of any order.
        text_of: Returns a text by its position, for verification.
        threshold: Jaccard similarity from which two texts are near duplicates.
        size: Characters in an n-gram.
        folder: Where the bands may lie for the time being; None for the system's place for such files.
    """
    bands, rows = bands_for(threshold)
    if not count:
        return np.empty(0, dtype=np.int64)
    with TemporaryFile(dir=folder) as file:
        hashes = np.memmap(file, np.uint32, mode="w+", shape=(bands, count))
    with progress("Near duplicates, hashing", count, "text") as hashed:
        for positions, texts in batches:
            for start in range(0, len(texts), _BATCH):
                part = slice(start, start + _BATCH)
                hashes[:, positions[part]] = _band_hashes(texts[part], bands, rows, size).T
                hashed(len(positions[part]))

    @lru_cache(maxsize=256)
    def set_of(position: int) -> frozenset[str]:
        return shingles(text_of(position), size)

    groups = np.arange(count, dtype=np.int64)
    rejected = np.empty(0, dtype=np.uint64)
    with progress("Near duplicates, comparing", bands, "band") as compared:
        for band in range(bands):
            pairs = _candidates(hashes[band])
            pairs = pairs[groups[pairs[:, 0]] != groups[pairs[:, 1]]]
            packed = pairs[:, 0].astype(np.uint64) << np.uint64(32) | pairs[:, 1].astype(np.uint64)
            packed = np.setdiff1d(packed, rejected)
            verified = _verified(packed, set_of, threshold, compared)
            rejected = np.union1d(rejected, packed[~verified])
            groups = _joined(groups, _unpacked(packed[verified]))
    return groups


def _unpacked(packed: NDArray[np.uint64]) -> NDArray[np.int64]:
    return np.stack([packed >> np.uint64(32), packed & np.uint64(0xFFFFFFFF)], axis=1).astype(np.int64)


def _verified(
    packed: NDArray[np.uint64], set_of: Callable[[int], frozenset[str]], threshold: float, compared: Step
) -> NDArray[np.bool_]:
    """Tell which pairs are near duplicates; `compared` counts them, in shares of one band."""
    verified = np.zeros(len(packed), dtype=bool)
    for start in range(0, len(packed), _BATCH):
        part = _unpacked(packed[start : start + _BATCH])
        verified[start : start + _BATCH] = [jaccard(set_of(a), set_of(b)) >= threshold for a, b in part.tolist()]
        compared(len(part) / len(packed))
    if not len(packed):
        compared()
    return verified


def _band_hashes(texts: Sequence[str], bands: int, rows: int, size: int) -> NDArray[np.uint32]:
    """Return an array of shape (texts, bands): one hash for each band of each text's signature."""
    from rensa import RMinHash

    tokens, offsets = _shingle_hashes(texts, size)
    matrix: Any = RMinHash.digest_matrix_from_flat_token_hashes(tokens, offsets, PERMUTATIONS, _SEED)
    signature = np.array(matrix.to_rows(), dtype=np.uint64)[:, : bands * rows].reshape(len(texts), bands, rows)
    mixed = np.zeros((len(texts), bands), dtype=np.uint64)
    for row in range(rows):
        mixed = mix(mixed ^ signature[:, :, row])
    return (mixed >> np.uint64(32)).astype(np.uint32)


def _shingle_hashes(texts: Sequence[str], size: int) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Return a 64-bit hash for each n-gram of each text, one text after the other, and where each text begins.

    The same as hashing `shingles` one by one, some tens of times faster.
    """
    padded = [text.ljust(size) for text in texts]
    lengths = np.array([len(text) for text in padded])
    characters = np.frombuffer("".join(padded).encode("utf-32-le"), dtype="<u4").astype(np.uint64)
    hashes = np.zeros(len(characters) - size + 1, dtype=np.uint64)
    for shift in range(size):
        hashes = mix(hashes ^ characters[shift : len(characters) - size + 1 + shift])
    ends = np.cumsum(lengths)
    # An n-gram that would reach into the next text is none.
    inside = np.repeat(ends, lengths)[: len(hashes)] - np.arange(len(hashes)) >= size
    return hashes[inside], np.concatenate([[0], np.cumsum(lengths - size + 1)]).astype(np.uint64)


def _candidates(band: NDArray[np.uint32]) -> NDArray[np.int64]:
    """Return pairs (i, j), i < j, of texts that agree in a band, as an array of shape (pairs, 2)."""
    order = np.argsort(band, kind="stable")
    ordered = band[order]
    found = []
    for distance in range(1, _NEIGHBOURS + 1):
        same = np.flatnonzero(ordered[:-distance] == ordered[distance:])
        if not len(same):
            break
        found.append(np.stack([order[same], order[same + distance]], axis=1))
    if not found:
        return np.empty((0, 2), dtype=np.int64)
    first = np.searchsorted(ordered, ordered)
    far = np.flatnonzero(np.arange(len(order)) - first > _NEIGHBOURS)
    found.append(np.stack([order[first[far]], order[far]], axis=1))
    return np.concatenate(found)


def _joined(groups: NDArray[np.int64], pairs: NDArray[np.int64]) -> NDArray[np.int64]:
    """Join the groups of each pair, and number them by their first text."""
    if not len(pairs):
        return groups
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    ends = groups[pairs]
    count = len(groups)
    graph = coo_array((np.ones(len(ends), dtype=np.int8), (ends[:, 0], ends[:, 1])), shape=(count, count))
    _, label = connected_components(graph, directed=False)
    return np.asarray(np.unique(label[groups], return_inverse=True)[1], dtype=np.int64)
