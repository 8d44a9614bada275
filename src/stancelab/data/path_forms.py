"""The forms that `data.path` may have: a file, a folder, a pattern, a list of files, a mapping from splits to files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from stancelab.tables.stdin import DASH


def gives_splits(given: Any) -> bool:
    """Tell whether `data.path` names a file for each split: a mapping, or a folder."""
    if isinstance(given, Mapping):
        return True
    return isinstance(given, str | Path) and str(given) != DASH and Path(str(given)).expanduser().is_dir()


def path_title(given: Any) -> str:
    """Return a short name of what `data.path` stands for, for folders and messages."""
    if isinstance(given, Mapping):
        given = next(iter(given.values()), "")
        return path_title(given) if given else ""
    if isinstance(given, Sequence) and not isinstance(given, str):
        return path_title(given[0]) if given else ""
    return "stdin" if str(given) == DASH else Path(str(given)).name.partition(".")[0]


def plain_path(given: Any) -> Any:
    """Return `data.path` with strings in place of `Path`s, as a manifest holds it."""
    if isinstance(given, Mapping):
        return {str(split): plain_path(files) for split, files in given.items()}
    if isinstance(given, Sequence) and not isinstance(given, str):
        return [plain_path(each) for each in given]
    return None if given is None else str(given)


def path_problems(given: Any) -> list[str]:
    """Return what is wrong with the form of `data.path`, one line each."""
    if given is None or isinstance(given, str | Path):
        return ["path: is empty; null is for none"] if given == "" else []
    values = list(given.values()) if isinstance(given, Mapping) else given
    if not isinstance(values, Sequence):
        return [f"path: found {given!r}, expected a file, a folder, a list of files or {{train: FILE, test: FILE}}"]
    inner = [part for each in values for part in (each if isinstance(each, list | tuple) else [each])]
    wrong = [each for each in inner if not isinstance(each, str | Path) or not str(each)]
    return [f"path: found {wrong[0]!r} in it, expected the name of a file"] if wrong else []
