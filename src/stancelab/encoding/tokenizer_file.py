"""Checks a `tokenizer.json` that somebody else may have written: it could make any text very long."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from stancelab.errors import CheckpointError, DataError
from stancelab.files import read_json
from stancelab.json_types import MOST_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: Normalizers may make a text so many times as long at most. Those of known encoders replace a character by one, or
#: by a few.
MOST_GROWTH: Final = 64
#: The keys of a tokenizer whose parts change the text.
_CHANGING: Final = ("normalizer", "pre_tokenizer")
#: The keys of these parts that hold what is put into the text.
_TEXTS: Final = ("content", "prepend", "replacement")


def check_tokenizer_file(path: Path, remedy: str) -> None:
    """Check a `tokenizer.json`; whether it is a tokenizer is left to the package tokenizers.

    Args:
        path: The file.
        remedy: What to do where it cannot be used, for the message.

    Raises:
        CheckpointError: It is no JSON object, is too large, or would make any text much longer.
    """
    try:
        content = read_json(path, most=MOST_BYTES)
    except DataError as error:
        raise CheckpointError(str(error)) from None
    if not isinstance(content, dict):
        raise CheckpointError(f"{path}: is no tokenizer, since it is no object; {remedy}")
    growth = 1
    for part in _objects([content.get(key) for key in _CHANGING]):
        # Each replacement may apply to what the one before it has made.
        for key in _TEXTS:
            if isinstance(text := part.get(key), str):
                growth *= max(1, len(text))
        if growth > MOST_GROWTH:
            raise CheckpointError(
                f"{path}: {' and '.join(_CHANGING)} may make a text {growth:,} times as long or longer, allowed are "
                f"{MOST_GROWTH} times; {remedy}"
            )


def _objects(content: Any) -> Iterator[dict[str, Any]]:
    """Yield all objects within JSON content, in their order."""
    rest = [content]
    while rest:
        value = rest.pop()
        if isinstance(value, dict):
            yield value
            rest += reversed(list(value.values()))
        elif isinstance(value, list):
            rest += reversed(value)
