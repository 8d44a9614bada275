"""The texts that a checkpoint was trained on, as hashes: enough to tell whether a text was among them.

The hashes are kept as an array of numbers in a file beside the weights. A text cannot be read from them, but whoever
has a text can tell whether it was among the training texts.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from stancelab.errors import CheckpointError
from stancelab.schema import normal_text
from stancelab.text_keys import text_key

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
    from typing import Self

    from numpy.typing import NDArray


@dataclass(frozen=True)
class TrainingTextHashes:
    """Hashes of training texts.

    Attributes:
        hashes: 64-bit hashes of the keys of the different texts (`text_key`), sorted.
    """

    hashes: NDArray[np.uint64]

    @classmethod
    def of(cls, texts: Iterable[str]) -> Self:
        """Hash some texts; the same text may be given several times."""
        return cls(np.unique(_hashed(text_key(text) for text in texts)))

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read what `write` wrote.

        Raises:
            CheckpointError: The file is damaged.
        """
        try:
            # Mapped: a header may state more numbers than there are, and memory would be taken for them.
            hashes = np.array(np.load(path, mmap_mode="r", allow_pickle=False))
        except Exception as error:  # noqa: BLE001 - NumPy reads the header as Python's tokens, whose errors are several
            raise CheckpointError(f"{path}: not readable ({error}); take the folder from its run again") from None
        if hashes.dtype != np.uint64 or hashes.ndim != 1:
            raise CheckpointError(f"{path}: holds no hashes of texts; take the folder from its run again")
        return cls(hashes)

    def joined(self, other: TrainingTextHashes) -> TrainingTextHashes:
        """Return the hashes of these texts and of others."""
        return TrainingTextHashes(np.union1d(self.hashes, other.hashes))

    def write(self, path: Path) -> None:
        """Write the hashes in NumPy's format, eight bytes a text."""
        with path.open("wb") as file:
            np.save(file, self.hashes, allow_pickle=False)

    def among(self, texts: Iterable[str]) -> NDArray[np.bool_]:
        """Tell which texts are among the training texts, shape (texts,)."""
        given = list(texts)
        # Older checkpoints hold the hashes of texts that differ from their keys in links and Unicode form.
        older = np.isin(_hashed(normal_text(text) for text in given), self.hashes)
        return older | np.isin(_hashed(text_key(text) for text in given), self.hashes)


def _hashed(keys: Iterable[str]) -> NDArray[np.uint64]:
    digests = b"".join(hashlib.sha256(key.encode()).digest()[:8] for key in keys)
    return np.frombuffer(digests, dtype="<u8").astype(np.uint64)
