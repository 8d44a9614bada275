"""All rows that are read for a prepared dataset, on disk: texts in an Arrow file, keys in files of numbers beside it.

Whatever is decided about a row (is it a repeat, which split is it in, does it leak) is decided on keys: 64-bit hashes
of its text, target and so on, some 80 bytes a row. The rows themselves are kept in the Arrow file, so that the input is
read only once. Both are mapped, so that the system can take their pages back.
"""

from __future__ import annotations

from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from stancelab.data.store.codes import SPLITS
from stancelab.data.store.hashing import key_of
from stancelab.schema import EXAMPLE_COLUMNS, SOURCE, SPAN_COLUMNS, TARGET, Example, columns_of, normal_text
from stancelab.targets import TargetNames
from stancelab.text_keys import row_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path
    from types import TracebackType

    import pyarrow as pa
    from numpy.typing import NDArray

    from stancelab.data.readers.batch import Batch


#: The bits of `Keys.absent`.
ABSENT_TARGET: Final = 1
ABSENT_SOURCE: Final = 2


@dataclass(frozen=True)
class Keys:
    """One entry for each row, in the order they were read.

    Attributes:
        corpus: Index of the row's corpus.
        file: Index of its file.
        row: Its row number in the file.
        stance: Its class, in the order of `STANCES`.
        split: Code of the split its corpus gives it: its place in `splits`, where 0 is none.
        id: Hash of corpus and id.
        text: Hash of the text as `text_key` has it.
        target: Hash of the target's canonical form, which its spellings and other names share.
        spelling: Hash of the target as it is written.
        pair: Hash of text, source and target together, and of which of their mentions are marked (`row_key`).
        document: Hash of corpus and document, 0 where there is none.
        annotator: Hash of the annotator's name, 0 where there is none.
        absent: What the text does not mention, and no span marks: 1 for the target, 2 for the source, 3 for both.
        has_source: Whether the row has a source: 1 or 0.
        tokens: Number of tokens of the encoder's input, 0 where they were not counted.
        splits: The names of the splits; the first are `SPLITS`.
        files: The names of the files.
    """

    corpus: NDArray[np.int16]
    file: NDArray[np.int32]
    row: NDArray[np.int64]
    stance: NDArray[np.int8]
    split: NDArray[np.int16]
    id: NDArray[np.uint64]
    text: NDArray[np.uint64]
    target: NDArray[np.uint64]
    spelling: NDArray[np.uint64]
    pair: NDArray[np.uint64]
    document: NDArray[np.uint64]
    annotator: NDArray[np.uint64]
    tokens: NDArray[np.int32]
    absent: NDArray[np.int8]
    has_source: NDArray[np.int8]
    splits: tuple[str, ...]
    files: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.row)


_DTYPES: Final[dict[str, Any]] = {
    "corpus": np.int16,
    "file": np.int32,
    "row": np.int64,
    "stance": np.int8,
    "split": np.int16,
    "id": np.uint64,
    "text": np.uint64,
    "target": np.uint64,
    "spelling": np.uint64,
    "pair": np.uint64,
    "document": np.uint64,
    "annotator": np.uint64,
    "tokens": np.int32,
    "absent": np.int8,
    "has_source": np.int8,
}


def arrow_schema(extra: Sequence[str]) -> pa.Schema:
    """Return the columns of a prepared dataset: those of an example, then the extra ones."""
    import pyarrow as pa

    core = [pa.field(name, pa.int32() if name in SPAN_COLUMNS else pa.string()) for name in EXAMPLE_COLUMNS]
    return pa.schema([*core, *(pa.field(name, pa.string()) for name in extra)])


class RowStoreWriter:
    """Takes examples in, batch by batch, and gives a `RowStore` when all are in.

    Attributes:
        folder: The folder of their file.
    """

    def __init__(
        self,
        path: Path,
        extra: Sequence[str],
        count_tokens: Callable[[Sequence[Example]], Sequence[int]] | None,
        names: TargetNames | None = None,
    ) -> None:
        import pyarrow as pa

        self.folder = path.parent
        self._path = path
        self._extra = list(extra)
        self._schema = arrow_schema(extra)
        self._count_tokens = count_tokens
        self._names = names or TargetNames()
        self._file = pa.OSFile(str(path), "wb")
        self._writer = pa.ipc.new_file(self._file, self._schema)
        # Files without a name: they are gone when no array maps them any more, however the process ends.
        self._columns: dict[str, Any] = {name: TemporaryFile(dir=path.parent) for name in _DTYPES}  # noqa: SIM115
        self._splits = {name: code for code, name in enumerate(SPLITS)}
        self._files: dict[str, int] = {}

    def __enter__(self) -> RowStoreWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._writer.close()
        self._file.close()
        if error is not None:
            for column in self._columns.values():
                column.close()

    def add(self, corpus: int, batch: Batch) -> None:
        """Write a batch's examples and note their keys."""
        if not batch.rows:
            return
        examples = [example for _, example in batch.rows]
        self._writer.write_batch(_record_batch(examples, self._schema, self._extra))
        file = self._files.setdefault(batch.file, len(self._files))
        rows = [row_key(e) for e in examples]
        keys: dict[str, Any] = {
            "corpus": [corpus] * len(examples),
            "file": [file] * len(examples),
            "row": [row for row, _ in batch.rows],
            "stance": [e.stance_id for e in examples],
            "split": [self._splits.setdefault(e.split, len(self._splits)) for e in examples],
            "id": [key_of(e.corpus, e.id) for e in examples],
            "text": [key_of(row[0]) for row in rows],
            "target": [key_of(self._names.canonical(e.target)) for e in examples],
            "spelling": [key_of(normal_text(e.target)) for e in examples],
            "pair": [key_of(*(row if any(row[3:]) else row[:3])) for row in rows],
            "document": [key_of(e.corpus, e.document) if e.document else 0 for e in examples],
            "annotator": [key_of(e.annotator) if e.annotator else 0 for e in examples],
            "absent": [_absent(e) for e in examples],
            "has_source": [bool(e.source) for e in examples],
            "tokens": [0] * len(examples) if self._count_tokens is None else self._count_tokens(examples),
        }
        for name, values in keys.items():
            self._columns[name].write(np.asarray(values, dtype=_DTYPES[name]).tobytes())

    def finish(self) -> RowStore:
        """Return what was put in; call it when the writer is closed."""
        arrays: dict[str, Any] = {}
        for name, kind in _DTYPES.items():
            with self._columns.pop(name) as column:
                column.flush()
                # An empty file cannot be mapped.
                arrays[name] = np.memmap(column, kind, mode="r") if column.tell() else np.empty(0, dtype=kind)
        return RowStore(self._path, Keys(**arrays, splits=tuple(self._splits), files=tuple(self._files)))


def stored_bytes(examples: Sequence[Example]) -> int:
    """Return how many bytes examples and their keys take in a row store."""
    extra = list(examples[0].extra) if examples else []
    keys: int = sum(np.dtype(kind).itemsize for kind in _DTYPES.values())
    return int(_record_batch(examples, arrow_schema(extra), extra).nbytes) + keys * len(examples)


class RowStore:
    """The rows that were read.

    Attributes:
        folder: The folder of their file; other temporary files may be put there.
        keys: Their keys.
        schema: Their columns.
    """

    def __init__(self, path: Path, keys: Keys) -> None:
        import pyarrow as pa

        self.folder = path.parent
        self.keys = keys
        self._source = pa.memory_map(str(path))
        reader = pa.ipc.open_file(self._source)
        self.schema: pa.Schema = reader.schema
        self._batches = [reader.get_batch(i) for i in range(reader.num_record_batches)]
        self._starts = np.cumsum([0, *(batch.num_rows for batch in self._batches)])

    def close(self) -> None:
        """Close the file, so that it can be deleted."""
        self._batches.clear()
        self._source.close()

    def batches(self) -> Iterator[tuple[int, pa.RecordBatch]]:
        """Yield (index of the first row, rows) in the order they were read."""
        yield from zip(self._starts[:-1].tolist(), self._batches, strict=True)

    def value(self, column: str, row: int) -> str:
        """Return one cell of a string column."""
        batch = int(np.searchsorted(self._starts, row, side="right")) - 1
        text: str = self._batches[batch].column(column)[row - int(self._starts[batch])].as_py()
        return text


def _absent(example: Example) -> int:
    source = ABSENT_SOURCE * bool(example.source and example.mention(SOURCE) is None)
    return ABSENT_TARGET * (example.mention(TARGET) is None) + source


def _record_batch(examples: Sequence[Example], schema: pa.Schema, extra: Sequence[str]) -> pa.RecordBatch:
    import pyarrow as pa

    columns = columns_of(examples) | {name: [example.extra.get(name, "") for example in examples] for name in extra}
    arrays = [pa.array(columns[field.name], type=field.type) for field in schema]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)
