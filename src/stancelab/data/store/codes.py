"""Codes of splits: a code is a place in `Keys.splits`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from stancelab import schema

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

#: The first codes are fixed; names with a suffix, such as "test_rw", follow as they come.
SPLITS: Final = ("", schema.TRAIN, schema.VALIDATION, schema.TEST)
DROPPED, TRAIN, VALIDATION, TEST = range(4)


def of_kind(names: Sequence[str], codes: NDArray[np.int16], kind: str) -> NDArray[np.bool_]:
    """Tell which rows are in a split of that kind, with or without a suffix."""
    return np.asarray(np.isin(codes, [code for code, name in enumerate(names) if name.startswith(kind)]))
