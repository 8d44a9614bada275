"""The Parquet files of the splits, written from the row store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from stancelab.data.store.codes import DROPPED
from stancelab.layout import split_file
from stancelab.progress import progress

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pyarrow as pa
    import pyarrow.parquet as pq
    from numpy.typing import NDArray

    from stancelab.data.store.rows import RowStore

#: Rows in a row group; the writer's memory, and what a reader has to take at once.
GROUP_ROWS: Final = 20_000


def write_splits(
    store: RowStore,
    codes: NDArray[np.int16],
    names: Sequence[str],
    folder: Path,
    *,
    prefix_ids: bool,
    group_rows: int = GROUP_ROWS,
) -> None:
    """Write the rows, in the order they were read, to one Parquet file for train, validation and each test.

    Args:
        store: The rows.
        codes: The split of each row, as a place in `names`.
        names: The names of the splits.
        folder: Where to write.
        prefix_ids: Whether to put the corpus in front of the id.
        group_rows: Rows in a row group.
    """
    files = {split_file(names[code]) for code in np.unique(codes) if code != DROPPED}
    writers: dict[str, _Writer] = {}
    try:
        for name in sorted(files):
            writers[name] = _Writer(folder / name, store.schema, group_rows)
        with progress("Writing", len(codes), "row") as step:
            for start, batch in store.batches():
                here = codes[start : start + batch.num_rows]
                ready = _with_splits(batch, here, names, prefix_ids)
                file_of = np.array(["" if code == DROPPED else split_file(names[code]) for code in here.tolist()])
                for name in np.unique(file_of[file_of != ""]).tolist():
                    writers[name].add(ready.take(np.flatnonzero(file_of == name)))
                step(batch.num_rows)
    finally:
        for writer in writers.values():
            writer.close()


class _Writer:
    """Collects rows to row groups of even size, so that files do not depend on how the input came in batches."""

    def __init__(self, path: Path, schema: pa.Schema, group_rows: int) -> None:
        import pyarrow.parquet as pq

        self._file: pq.ParquetWriter = pq.ParquetWriter(path, schema, compression="zstd")
        self._pending: list[pa.RecordBatch] = []
        self._rows = 0
        self._group_rows = group_rows

    def add(self, batch: pa.RecordBatch) -> None:
        self._pending.append(batch)
        self._rows += batch.num_rows
        if self._rows >= self._group_rows:
            self._flush(self._rows - self._rows % self._group_rows)

    def close(self) -> None:
        if self._rows:
            self._flush(self._rows)
        self._file.close()

    def _flush(self, rows: int) -> None:
        import pyarrow as pa

        table = pa.Table.from_batches(self._pending)
        self._file.write_table(table.slice(0, rows), row_group_size=self._group_rows)
        rest = table.slice(rows)
        self._pending, self._rows = rest.to_batches(), rest.num_rows


def _with_splits(
    batch: pa.RecordBatch, codes: NDArray[np.int16], names: Sequence[str], prefix_ids: bool
) -> pa.RecordBatch:
    """Return the rows with their final splits, and ids that are unique over all corpora."""
    import pyarrow as pa
    import pyarrow.compute as pc

    splits = pa.array([names[code] for code in codes.tolist()], type=pa.string())
    batch = batch.set_column(batch.schema.get_field_index("split"), "split", splits)
    if prefix_ids:
        ids = pc.binary_join_element_wise(batch.column("corpus"), batch.column("id"), "/")
        batch = batch.set_column(batch.schema.get_field_index("id"), "id", ids)
    return batch
