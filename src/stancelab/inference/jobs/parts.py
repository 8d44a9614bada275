"""What of a prediction is done already: parts of the output in a folder beside it, joined when all are there.

`.out.csv.parts/` holds what the parts belong to, the parts, and of each a record that is written last: its presence
means that the part is whole. A prediction that was killed goes on after the last whole part. What stands in the output
does not depend on where parts end.
"""

from __future__ import annotations

import logging
import shutil
from collections import Counter
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import msgspec

from stancelab.errors import DataError, InterruptedPrediction, count_of
from stancelab.files import write_json
from stancelab.inference.jobs.parts_folder import (
    LOCK,
    cleared_unless_kept,
    differing,
    held_folder,
    kept_key,
    parts_folder,
    written,
)
from stancelab.tables.pieces import Layout, join_pieces, open_piece
from stancelab.tables.rejected import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from stancelab.errors import RowProblem
    from stancelab.tables.writers import TableWriter

logger = logging.getLogger(__name__)

_JOB: Final = "job.json"
_JOINING: Final = "joining.json"
_JOINED: Final = "joined"
_ANEW: Final = "begin anew with predict.overwrite=true and without predict.resume"
_ROWS: Final = ".rows"
_REJECTED: Final = ".rejected"


@dataclass(frozen=True)
class Record:
    """What a whole part holds.

    Attributes:
        windows: How many batches of the input it took.
        counts: Its counts by name, as `predict_table` returns them.
    """

    windows: int
    counts: Counter[str]


@dataclass(frozen=True)
class _Written:
    """A record on the disk: `bytes` are the sizes of the part's files by their endings."""

    windows: int
    counts: dict[str, int]
    bytes: dict[str, int]


@dataclass(frozen=True)
class _Joining:
    """What is written before parts are joined: the state of an output that was there, their key and their counts."""

    before: list[int] | None
    key: dict[str, Any]
    counts: dict[str, int]


class Part:
    """A part that is being written.

    Args:
        stem: Its path without the ending.
        rows: What its rows look like in the output.
        rejected: What the list of rows that were left out looks like.
    """

    def __init__(self, stem: Path, rows: Layout, rejected: Layout) -> None:
        self.windows = 0
        self.counts: Counter[str] = Counter()
        self._stem, self._rows_layout, self._rejected_layout = stem, rows, rejected
        self._stack = ExitStack()
        self._rejected: TableWriter | None = None

    def __enter__(self) -> Part:
        with written(self._rows_layout.path):
            self._rows = self._stack.enter_context(open_piece(self._stem.with_suffix(_ROWS), self._rows_layout))
        return self

    def __exit__(self, *error: Any) -> None:
        with written(self._rows_layout.path):
            self._stack.__exit__(*error)
            if error[0] is None:
                endings = [_ROWS] if self._rejected is None else [_ROWS, _REJECTED]
                sizes = {ending: self._stem.with_suffix(ending).stat().st_size for ending in endings}
                record = {"windows": self.windows, "counts": dict(self.counts), "bytes": sizes}
                write_json(self._stem.with_suffix(".json"), record)

    def add(self, rows: Sequence[Mapping[str, Any]], rejected: Sequence[RowProblem], counts: Mapping[str, int]) -> None:
        """Append what a batch of the input has become."""
        with written(self._rows_layout.path):
            if rejected and self._rejected is None:
                piece = open_piece(self._stem.with_suffix(_REJECTED), self._rejected_layout)
                self._rejected = self._stack.enter_context(piece)
            if self._rejected is not None:
                self._rejected.write([{name: getattr(each, name) for name in COLUMNS} for each in rejected])
            self._rows.write(rows)
        self.windows += 1
        self.counts.update(counts)


class Parts:
    """The parts of one output.

    Args:
        output: The output.
        key: What they belong to, by name.
        records: Those that are whole, in order.
        joined: The counts of the output, where it was joined already before its process was killed.
    """

    def __init__(
        self,
        output: Path,
        key: Mapping[str, Any],
        records: Sequence[Record] = (),
        joined: Counter[str] | None = None,
    ) -> None:
        self.output = output
        self.folder = parts_folder(output)
        self.key = key
        self.records = list(records)
        self.joined = joined

    @property
    def windows(self) -> int:
        """How many batches of the input are done."""
        return sum(record.windows for record in self.records)

    @property
    def counts(self) -> Counter[str]:
        """The counts of what is done."""
        if self.joined is not None:
            return self.joined
        return sum((record.counts for record in self.records), Counter())

    @contextmanager
    def new(self, rows: Layout, rejected: Layout) -> Iterator[Part]:
        """Give a part to fill; it is kept when the block ends without an error.

        Raises:
            DataError: It cannot be written, as on a full disk.
        """
        stem = self.folder / f"{len(self.records):05}"
        with Part(stem, rows, rejected) as part:
            yield part
        self.records.append(Record(part.windows, part.counts))

    def join(self, rows: Layout, rejected: Layout) -> None:
        """Write the output, and the list of rows that were left out where there are any.

        Raises:
            DataError: They cannot be written, as on a full disk; an output that was there stays as it was.
        """
        stems = [self.folder / f"{number:05}" for number in range(len(self.records))]
        lists = [stem.with_suffix(_REJECTED) for stem in stems if stem.with_suffix(_REJECTED).exists()]
        with written(self.output):
            counts = dict(self.counts)
            write_json(self.folder / _JOINING, {"before": _state(self.output), "key": self.key, "counts": counts})
            if lists:
                join_pieces(lists, rejected, self.folder / _JOINED)
            join_pieces([stem.with_suffix(_ROWS) for stem in stems], rows, self.folder / _JOINED)


def check_parts(output: Path, key: Mapping[str, Any], *, resume: bool, overwrite: bool) -> list[Record]:
    """Return the records of the parts with which a prediction goes on; none where it begins anew.

    Args:
        output: The output.
        key: What parts belong to, by name.
        resume: Whether to go on with what there is.
        overwrite: Whether what there is may be given up.

    Raises:
        DataError: There are parts, and they are not to be used, or belong to something else.
    """
    folder = parts_folder(output)
    records = _records(folder)
    if not records or (overwrite and not resume):
        return []
    kept = count_of(sum(record.counts["rows"] for record in records), "row")
    if not resume:
        raise DataError(
            f"{output}: an unfinished prediction left {kept} in {folder}; go on with predict.resume=true, or begin "
            "anew with predict.overwrite=true"
        )
    other = differing(kept_key(folder / _JOB, _ANEW), key)
    if other:
        raise DataError(
            f"{output}: an unfinished prediction left {kept} in {folder}, but of another {', '.join(other)}; give"
            f" the same again, or {_ANEW}"
        )
    return records


def joined_counts(output: Path, key: Mapping[str, Any]) -> Counter[str] | None:
    """Return the counts of an output that was joined of its parts just before the prediction was killed, else None.

    Args:
        output: The output.
        key: What its parts belong to, by name.
    """
    marker = parts_folder(output) / _JOINING
    if not marker.is_file() or not output.exists():
        return None
    try:
        content = msgspec.json.decode(marker.read_bytes(), type=_Joining)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    if content.before == _state(output) or differing(content.key, key):
        return None
    return Counter(content.counts)


@contextmanager
def open_parts(output: Path, key: Mapping[str, Any], *, resume: bool, overwrite: bool) -> Iterator[Parts]:
    """Give the parts of an output, which no other process then has; they are gone when the block ends without an error.

    Where it ends with one, whole parts are kept.

    Args:
        output: The output.
        key: What its parts belong to, by name.
        resume: Whether to go on with what there is.
        overwrite: Whether what there is may be given up.

    Raises:
        DataError: There are parts that cannot be used, or the folder cannot be written.
        ConfigError: Another process has them.
        InterruptedPrediction: The block was interrupted, and parts are kept.
    """
    busy = f"{output}: another process predicts into it; wait for it, or name another output"
    with held_folder(output, busy) as folder:
        joined = joined_counts(output, key) if resume else None
        records = check_parts(output, key, resume=resume, overwrite=overwrite)
        if joined is None and _record_file(folder, len(records)).is_file() and (resume or not overwrite):
            logger.warning(
                "%s: a part that was kept is damaged; the rows after the %s before it are predicted again",
                output,
                count_of(sum(record.counts["rows"] for record in records), "row"),
            )
        parts = Parts(output, key, records, joined)
        with written(output):
            if joined is None:
                _clear(folder, len(records))
                write_json(folder / _JOB, key)
        with cleared_unless_kept(
            lambda: _clear(folder, 0), lambda: _goes_on(parts) if parts.records else "", InterruptedPrediction
        ):
            yield parts


def _goes_on(parts: Parts) -> str:
    return f"predict.resume=true then goes on after the {count_of(parts.counts['rows'], 'row')} that are done"


def _records(folder: Path) -> list[Record]:
    """Return the records of the whole parts, in order; they end where one is damaged, or a file that it records."""
    records: list[Record] = []
    while (found := _record(_record_file(folder, len(records)))) is not None:
        records.append(found)
    return records


def _record_file(folder: Path, number: int) -> Path:
    return folder / f"{number:05}.json"


def _record(path: Path) -> Record | None:
    """Return what a record says, None where it is missing or damaged, or a file is of another size than it says."""
    if not path.is_file():
        return None
    try:
        content = msgspec.json.decode(path.read_bytes(), type=_Written)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    files = {path.with_suffix(ending): size for ending, size in content.bytes.items()}
    is_whole = _ROWS in content.bytes and all(
        file.is_file() and file.stat().st_size == size for file, size in files.items()
    )
    return Record(content.windows, Counter(content.counts)) if is_whole else None


def _clear(folder: Path, kept: int) -> None:
    """Remove what is in a folder of parts, but for the lock and the first parts with what they belong to.

    Where this is interrupted, what is left is taken for no part without its rows: the first record goes first. That an
    output was joined is forgotten last.
    """
    whole = {f"{number:05}" for number in range(kept)}
    order = sorted(folder.iterdir(), key=lambda path: (path.name == _JOINING, path.suffix != ".json", path.name))
    for path in order:
        if path.name == LOCK or (kept and path.stem in {*whole, "job", "joining"}):
            continue
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def _state(path: Path) -> list[int] | None:
    """Return what tells a file from one that has taken its place."""
    if not path.exists():
        return None
    found = path.stat()
    return [found.st_ino, found.st_size, found.st_mtime_ns]
