"""Several inputs, a folder or a pattern, and the file of the output's folder that each of them becomes."""

from __future__ import annotations

import glob
import json
import os
from collections import Counter
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

from stancelab.errors import DataError, count_of
from stancelab.inference.jobs.parts_folder import differing, written
from stancelab.tables.formats import is_table_name, written_name
from stancelab.tables.text_file import no_such_file

if TYPE_CHECKING:
    from collections.abc import Mapping

_DONE: Final = ".predicted.jsonl"


def is_several(source: Path) -> bool:
    """Tell whether an input is a folder or a pattern such as "part-*.csv"."""
    return source.is_dir() or (not source.exists() and glob.has_magic(str(source)))


def check_file(source: Path, given: str) -> None:
    """Raise a `DataError` where a single input is not there, before anything is said of its output.

    Args:
        source: The input.
        given: What the user gave for it.
    """
    if not source.exists():
        if not source.suffix and given != "-":
            raise DataError(f"{given}: no such file or folder")
        raise DataError(no_such_file(source))


def tables_of(source: Path, output: Path) -> list[tuple[Path, Path]]:
    """Return the tables that a folder or a pattern stands for, in the order of their names, each with its output.

    Of a folder these are the tables that lie in it, not in folders below it; a pattern may name those. An output has
    the name of its input, and lies below `output` as the input lies below the folder that all inputs share.

    Args:
        source: The folder or the pattern.
        output: The folder of the outputs.

    Raises:
        DataError: There is no table, the output is no folder, or two outputs would be one file.
    """
    if output.is_file() or (not output.is_dir() and is_table_name(output.name)):
        raise DataError(
            f"{output}: is one file, and {source} stands for several; name a folder: each input becomes a file in it"
        )
    if source.is_dir():
        found = [path for path in sorted(source.iterdir()) if path.is_file() and is_table_name(path.name)]
        found, top = [path for path in found if not path.name.startswith((".", "~$"))], source
        if not found:
            raise DataError(f"{source}: holds no table; for those in folders below it write '{source}/**/*.csv'")
    else:
        found = [path for path in map(Path, sorted(glob.glob(str(source), recursive=True))) if path.is_file()]  # noqa: PTH207
        if not found:
            raise DataError(f"{source}: no file matches this pattern")
        top = Path(os.path.commonpath([path.absolute().parent for path in found]))
    if output.resolve() == top.resolve():
        raise DataError(f"{output}: is the folder of the inputs; name another one")
    pairs = [(path, output / _below(path, top).with_name(written_name(path.name))) for path in found]
    twice = [path for path, count in Counter(path for _, path in pairs).items() if count > 1]
    if twice:
        names = ", ".join(str(path) for path, own in pairs if own == twice[0])
        raise DataError(f"{twice[0]}: would be the output of {names}; rename one of them")
    return pairs


def _below(path: Path, top: Path) -> Path:
    return path.absolute().relative_to(top.absolute())


@dataclass(frozen=True)
class _Done:
    """An output that is done, by its path in the folder; what it was made of, by name; and its counts."""

    output: str
    key: dict[str, Any]
    counts: dict[str, int]


class DoneFiles:
    """Which outputs of several are done, kept in their folder until all are.

    Args:
        folder: The folder of the outputs.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path = folder / _DONE
        self._found: dict[str, _Done] = {}
        if self._path.is_file():
            for line in self._path.read_bytes().splitlines():
                # A process that was killed may have left half of a line.
                with suppress(msgspec.DecodeError, UnicodeDecodeError):
                    record = msgspec.json.decode(line, type=_Done)
                    self._found[record.output] = record

    def check(self, *, resume: bool, overwrite: bool) -> None:
        """Raise a `DataError` where outputs are done and it is not said what to do with them."""
        if not self._found or resume:
            return
        if not overwrite:
            raise DataError(
                f"{self._folder}: an unfinished prediction has done {count_of(len(self._found), 'file')}; go on with "
                "predict.resume=true, or begin anew with predict.overwrite=true"
            )
        self._found.clear()

    def counts(self, output: Path, key: Mapping[str, Any]) -> dict[str, int] | None:
        """Return the counts of an output that is done, None where it is not.

        Raises:
            DataError: It was made of something else.
        """
        record = self._found.get(self._name(output))
        if record is None or not output.is_file():
            return None
        other = differing(record.key, key)
        if other:
            raise DataError(
                f"{output}: was made by the unfinished prediction, but of another {', '.join(other)}; give the same "
                "again, or begin anew with predict.overwrite=true and without predict.resume"
            )
        return record.counts

    def add(self, output: Path, key: Mapping[str, Any], counts: Mapping[str, int]) -> None:
        """Note that an output is done."""
        done = self._found[self._name(output)] = _Done(self._name(output), dict(key), dict(counts))
        with written(output), self._path.open("a", encoding="utf-8") as file:
            file.write("\n" + json.dumps(asdict(done)))

    def remove(self) -> None:
        """Forget it, since all outputs are done or are made anew."""
        self._path.unlink(missing_ok=True)

    def _name(self, output: Path) -> str:
        return output.relative_to(self._folder).as_posix()
