"""The JSON files of a prepared dataset, read as types."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import msgspec

from stancelab.errors import DataError

if TYPE_CHECKING:
    from pathlib import Path

T = TypeVar("T")


def read_typed(path: Path, kind: type[T]) -> T:
    """Read a JSON file as a dataclass; keys that the class lacks are passed over.

    Raises:
        DataError: The file is missing, is no JSON, lacks a key, or holds a value of another type.
    """
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except FileNotFoundError:
        raise DataError(f"{path}: is missing; prepare the dataset again") from None
    except msgspec.DecodeError as error:
        raise DataError(f"{path}: not readable or incomplete ({error}); prepare the dataset again") from None
