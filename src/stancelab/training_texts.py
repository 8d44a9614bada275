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

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
    from typing import Self

    from numpy.typing import NDArray


@dataclass(frozen=True)
class TrainingTextHashes:
    """Hashes of training texts.

    Attributes:
        hashes: 64-bit hashes of the different texts, sorted, letter case and blanks aside.
    """

    hashes: NDArray[np.uint64]

    @classmethod
    def of(cls, texts: Iterable[str]) -> Self:
        """Hash some texts; the same text may be given several times."""
        return cls(np.unique(_hashed(texts)))

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read what `write` wrote.

        Raises:
            CheckpointError: The file is damaged.
        """
        try:
            hashes = np.load(path, allow_pickle=False)
        except (ValueError, EOFError, OSError) as error:
            raise CheckpointError(f"{path}: not readable ({error}); take the folder from its run again") from None
        if hashes.dtype != np.uint64 or hashes.ndim != 1:
            raise CheckpointError(f"{path}: holds no hashes of texts; take the folder from its run again")
        return cls(hashes)

    def write(self, path: Path) -> None:
        """Write the hashes in NumPy's format, eight bytes a text."""
        with path.open("wb") as file:
            np.save(file, self.hashes, allow_pickle=False)

    def among(self, texts: Iterable[str]) -> NDArray[np.bool_]:
        """Tell which texts are among the training texts, shape (texts,)."""
        return np.isin(_hashed(texts), self.hashes)


def _hashed(texts: Iterable[str]) -> NDArray[np.uint64]:
    digests = b"".join(hashlib.sha256(normal_text(text).encode()).digest()[:8] for text in texts)
    return np.frombuffer(digests, dtype="<u8").astype(np.uint64)
