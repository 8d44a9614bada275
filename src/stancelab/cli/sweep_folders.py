"""The folders of a sweep's runs, called after the settings by which the runs differ."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

#: Letters of a folder's name; systems allow 255 bytes.
_LETTERS: Final = 100


def varied_words(jobs: Sequence[Sequence[str]]) -> list[list[str]]:
    """Return for each run the words of its command line that not all runs have."""
    count = Counter(word for words in jobs for word in set(words))
    return [[word for word in words if count[word] < len(jobs)] for words in jobs]


def setting_folders(varied: Sequence[Sequence[str]], taken: Collection[str] = ()) -> list[str]:
    """Return a folder's name for each run, such as "learning_rate-1e-4__seed-0", no two of them the same.

    A path that holds "=" or "," would be taken apart on a command line.

    Args:
        varied: For each run the words by which it differs from others.
        taken: Names that other runs have.
    """
    keys = {word.partition("=")[0] for words in varied for word in words}
    short = Counter(_last(key) for key in keys)
    names: list[str] = []
    for words in varied:
        parts = []
        for word in words:
            key, _, value = word.partition("=")
            parts.append(f"{_plain(_last(key) if short[_last(key)] == 1 else key)}-{_plain(_rounded(value))}")
        name = "__".join(parts)[:_LETTERS].rstrip("_-.") or "run"
        number, own = 1, name
        while own in names or own in taken:
            number += 1
            own = f"{name}-{number}"
        names.append(own)
    return names


def _last(key: str) -> str:
    return re.split(r"[./]", key.lstrip("+~"))[-1]


def _plain(text: str) -> str:
    """Return a text with "_" for what would mean something in a path or on a command line."""
    return re.sub(r"[^\w.+-]+", "_", text).strip("_") or "none"


def _rounded(value: str) -> str:
    """Return a number with four digits, and any other value as it is."""
    try:
        return f"{float(value):.4g}" if re.fullmatch(r"-?\d*\.\d{5,}(e-?\d+)?", value) else value
    except ValueError:
        return value
