"""Checks a `tokenizer.json` that somebody else may have written: it could make texts very long, or take very long."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from stancelab.encoding.pattern_cost import why_slow
from stancelab.errors import CheckpointError, DataError
from stancelab.files import read_json
from stancelab.json_types import MOST_BYTES, shown

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TOKENIZER: Final = "tokenizer.json"
#: Normalizers may make a text so many times as long at most. Those of known encoders replace a character by one, or
#: by a few.
MOST_GROWTH: Final = 64
#: The keys of a tokenizer whose parts change the text.
_CHANGING: Final = ("normalizer", "pre_tokenizer")
#: The keys of these parts that hold what is put into the text.
_TEXTS: Final = ("content", "prepend", "replacement")
#: The keys of a tokenizer that hold no regular expression: those of a model are words.
_WITHOUT_PATTERNS: Final = ("model", "added_tokens")


def check_tokenizer_file(path: Path, remedy: str) -> None:
    """Check a `tokenizer.json`; whether it is a tokenizer is left to the package tokenizers.

    Args:
        path: The file.
        remedy: What to do where it cannot be used, for the message.

    Raises:
        CheckpointError: It is no JSON object, is too large, would make any text much longer, or has a regular
            expression that may take very long.
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
    for part in _objects([value for key, value in content.items() if key not in _WITHOUT_PATTERNS]):
        pattern = part.get("Regex")
        if isinstance(pattern, str) and (reason := why_slow(pattern)):
            raise CheckpointError(
                f"{path}: the regular expression {shown(pattern)} {reason}; allowed are groups, classes, look-around "
                f"and repetitions that take a time in proportion to the text, as published tokenizers have them; "
                f"{remedy}"
            )


def check_tokenizer_of(folder: Path, remedy: str) -> None:
    """Check the `tokenizer.json` of a folder as `check_tokenizer_file` does, where it has one."""
    if (path := folder / TOKENIZER).is_file():
        check_tokenizer_file(path, remedy)


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
