"""Which files a table's `path` stands for, and which split each gives."""

from __future__ import annotations

import glob
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from stancelab.data.readers.batch import split_name
from stancelab.errors import DataError
from stancelab.files import refuse_url
from stancelab.schema import TRAIN
from stancelab.tables.formats import format_of, is_plain_text, is_table_name
from stancelab.tables.stdin import DASH, spooled_stdin

#: What the hub adds to the names of files of one split.
_SHARD: Final = re.compile(r"-\d{5}-of-\d{5}$")
_SHOWN: Final = 12


@dataclass(frozen=True)
class Source:
    """One file of a table.

    Attributes:
        path: The file.
        split: The split of all its rows, "" where the rows say.
    """

    path: Path
    split: str = ""


def table_sources(given: Any) -> list[Source]:
    """Return the files that `data.path` stands for, train before validation before tests.

    Args:
        given: A file, a pattern such as "part-*.csv", a folder with a file for each split, a list of files, a mapping
            from splits to files, or "-" for standard input.

    Raises:
        DataError: There is no such file, one is named twice, or it is not told which file is which split.
    """
    if isinstance(given, Mapping):
        sources = _of_mapping(given)
    elif isinstance(given, Sequence) and not isinstance(given, str):
        sources = [Source(path) for item in given for path in _files(str(item))]
        if not sources:
            raise DataError("data.path: is an empty list; name one file at least")
    else:
        path = Path(str(given)).expanduser()
        sources = _of_folder(path) if path.is_dir() else [Source(path) for path in _files(str(given))]
    _check_once([source.path for source in sources])
    return sources


def _files(given: str) -> list[Path]:
    """Return the file of that name, or those that match it as a pattern."""
    if given == DASH:
        return [spooled_stdin()]
    refuse_url(given)
    path = Path(given).expanduser()
    if path.is_dir():
        raise DataError(f"{path}: is a folder; in a list name its files, as in '{path}/*.csv'")
    if path.exists() or not glob.has_magic(given):
        return [path]
    found = [each for each in map(Path, sorted(glob.glob(str(path), recursive=True))) if each.is_file()]  # noqa: PTH207
    if not found:
        raise DataError(f"{given}: no file matches this pattern")
    _check_one_format(found, given)
    return found


def _of_mapping(given: Mapping[Any, Any]) -> list[Source]:
    named: dict[str, str] = {}
    sources: list[Source] = []
    for key, value in given.items():
        split = split_name(str(key))
        if split is None:
            raise DataError(
                f"data.path: found {str(key)!r}, which names no split; allowed are train, validation (or dev, val) and"
                " test, also test_NAME"
            )
        if split in named:
            raise DataError(f"data.path: {named[split]!r} and {str(key)!r} both name the split {split!r}; give one")
        named[split] = str(key)
        files = value if isinstance(value, list | tuple) else [value]
        sources += [Source(path, split) for item in files for path in _files(str(item))]
    if TRAIN not in named:
        raise DataError(f"data.path: names no file for train, only for {', '.join(named) or 'nothing'}")
    return _in_order(sources)


def _of_folder(folder: Path) -> list[Source]:
    tables = [path for path in sorted(folder.iterdir()) if path.is_file() and is_table_name(path.name)]
    tables = [path for path in tables if not path.name.startswith((".", "~$"))]
    # Beside tables of other names, text files say something about them.
    by_split = _by_split(path for path in tables if not is_plain_text(path.name)) or _by_split(tables)
    tables = [path for path in tables if not is_plain_text(path.name) or _split_of(path)]
    if TRAIN not in by_split:
        raise DataError(f"{folder}: has no file of training rows; {_what_there_is(folder, tables)}")
    for split, files in by_split.items():
        if len(files) > 1 and not all(_SHARD.search(_stem(path)) for path in files):
            names = " and ".join(path.name for path in files)
            raise DataError(
                f"{folder}: {names} are both the split {split!r}; remove one, or say which to take:"
                f" 'data.path={{{split}: {files[0]}, ...}}'"
            )
    _check_one_format([path for files in by_split.values() for path in files], str(folder))
    return _in_order([Source(path, split) for split, files in by_split.items() for path in files])


def _by_split(paths: Iterable[Path]) -> dict[str, list[Path]]:
    found: dict[str, list[Path]] = {}
    for path in paths:
        split = _split_of(path)
        if split is not None:
            found.setdefault(split, []).append(path)
    return found


def _split_of(path: Path) -> str | None:
    return split_name(_SHARD.sub("", _stem(path)))


def _what_there_is(folder: Path, tables: Sequence[Path]) -> str:
    expected = "expected train.csv, validation.csv (or dev, val; carved from train where absent) and test.csv"
    if not tables:
        found = sorted(path.name for path in folder.iterdir())
        shown = ", ".join(found[:_SHOWN]) + (", ..." if len(found) > _SHOWN else "")
        return f"it holds {shown or 'nothing'}; {expected}"
    shown = ", ".join(path.name for path in tables[:_SHOWN])
    ending = "".join(tables[0].suffixes[-1:])
    return f"it holds {shown}; {expected}. To read them as one table: 'data.path={folder}/*{ending}'"


def _in_order(sources: list[Source]) -> list[Source]:
    order = ("train", "validation", "test")
    return sorted(sources, key=lambda source: (order.index(source.split.partition("_")[0]), source.split))


def _check_one_format(paths: Sequence[Path], where: str) -> None:
    kinds: dict[str, Path] = {}
    for path in paths:
        kinds.setdefault(format_of(path), path)
    if len(kinds) > 1:
        found = ", ".join(f"{path.name} ({kind})" for kind, path in kinds.items())
        raise DataError(f"{where}: files of different formats: {found}; name the files that belong to it one by one")


def _check_once(paths: Sequence[Path]) -> None:
    for path, count in Counter(path.resolve() for path in paths).items():
        if count > 1:
            raise DataError(f"{path}: is named {count} times in data.path; its rows would be read as often")


def _stem(path: Path) -> str:
    return path.name.partition(".")[0] if not path.name.startswith(".") else path.stem
