"""What of a reading is done already: the answers in parts, in a folder beside the output.

`.NAME.parts/` holds what the parts belong to (`job.json`) and the parts: `documents-00000.json` a window of answered
documents, `weights-00000.json` the words that spoke for some answers. Each is written beside and renamed, so that it is
whole where it is there; a reading that was killed goes on after the last one.
"""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, TypeVar

import msgspec

from stancelab.article.results import TokenWeight
from stancelab.article.windows import AnsweredDocument
from stancelab.errors import DataError, InterruptedReading, count_of
from stancelab.files import atomic_file, write_json
from stancelab.inference.jobs.parts_folder import (
    LOCK,
    cleared_unless_kept,
    differing,
    held_folder,
    kept_key,
    parts_folder,
    written,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

PartT = TypeVar("PartT")

_JOB: Final = "job.json"
_GOES_ON: Final = "read.resume=true then goes on with what is done"
_ANEW: Final = "begin anew with read.overwrite=true and without read.resume"
DOCUMENTS: Final = "documents"
WEIGHTS: Final = "weights"
#: The place of an answer among all evidence -> the weights of the words of its sentence.
Weights = dict[int, list[TokenWeight]]


class Kept:
    """The parts of one reading.

    Args:
        folder: Where they lie.

    Attributes:
        size: How many bytes the documents that were answered take.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._numbers = {kind: len(_parts(folder, kind)) for kind in (DOCUMENTS, WEIGHTS)}
        self.size = sum(path.stat().st_size for path in _parts(folder, DOCUMENTS))

    def windows(self) -> Iterator[list[AnsweredDocument]]:
        """Yield the windows of documents that are done, in order."""
        for path in _parts(self.folder, DOCUMENTS):
            yield _decoded(path, list[AnsweredDocument])

    def weights(self) -> Weights:
        """Return the weights that are done."""
        found: Weights = {}
        for path in _parts(self.folder, WEIGHTS):
            found |= _decoded(path, Weights)
        return found

    def add_documents(self, window: Sequence[AnsweredDocument]) -> None:
        """Keep a window of documents."""
        self.size += self._add(DOCUMENTS, window)

    def add_weights(self, weights: Weights) -> None:
        """Keep the weights of some answers."""
        self._add(WEIGHTS, weights)

    def _add(self, kind: str, content: Any) -> int:
        encoded = msgspec.json.encode(content)
        path = self.folder / f"{kind}-{self._numbers[kind]:05}.json"
        with written(path), atomic_file(path) as partial:
            partial.write_bytes(encoded)
        self._numbers[kind] += 1
        return len(encoded)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is kept."""
        return not any(self._numbers.values())


def check_kept(output: Path, key: Mapping[str, Any], *, resume: bool, overwrite: bool) -> bool:
    """Return whether a reading goes on with what is kept of one; False where it begins anew.

    Args:
        output: The output folder.
        key: What parts belong to, by name.
        resume: Whether to go on with what there is.
        overwrite: Whether what there is may be given up.

    Raises:
        DataError: There are parts, and they are not to be used, or belong to something else.
    """
    folder = parts_folder(output)
    count = len(_parts(folder, DOCUMENTS))
    if not count or not (folder / _JOB).is_file() or (overwrite and not resume):
        return False
    left = f"{output}: an unfinished reading left {count_of(count, 'part')} in {folder}"
    if not resume:
        raise DataError(f"{left}; go on with read.resume=true, or begin anew with read.overwrite=true")
    other = differing(kept_key(folder / _JOB, _ANEW), key)
    if other:
        raise DataError(f"{left}, but of another {', '.join(other)}; give the same again, or {_ANEW}")
    return True


@contextmanager
def open_kept(output: Path, key: Mapping[str, Any], *, resume: bool, overwrite: bool) -> Iterator[Kept]:
    """Give the parts of a reading, which no other process then has; they are gone when the block ends without an error.

    Args:
        output: The output folder.
        key: What they belong to, by name.
        resume: Whether to go on with what there is.
        overwrite: Whether what there is may be given up.

    Raises:
        DataError: There are parts that cannot be used, or the folder cannot be written.
        ConfigError: Another process has them.
        InterruptedReading: The block was interrupted, and parts are kept.
    """
    busy = f"{output}: another process reads into it; wait for it, or name another output"
    with held_folder(output, busy) as folder:
        goes_on = check_kept(output, key, resume=resume, overwrite=overwrite)
        with written(output):
            if not goes_on:
                _clear(folder)
                write_json(folder / _JOB, key)
        kept = Kept(folder)
        with cleared_unless_kept(lambda: _clear(folder), lambda: "" if kept.is_empty else _GOES_ON, InterruptedReading):
            yield kept


def _parts(folder: Path, kind: str) -> list[Path]:
    """Return the parts of a kind, in order, as far as none is missing."""
    found: list[Path] = []
    while (path := folder / f"{kind}-{len(found):05}.json").is_file():
        found.append(path)
    return found


def _decoded(path: Path, kind: type[PartT]) -> PartT:
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise DataError(f"{path}: is damaged ({error}); {_ANEW}") from None


def _clear(folder: Path) -> None:
    """Remove what is in a folder of parts, but for the lock; what they belong to goes first."""
    for path in sorted(folder.iterdir(), key=lambda path: (path.name != _JOB, path.name)):
        if path.name != LOCK:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
