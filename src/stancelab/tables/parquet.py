"""Parquet: the schema and the rows, in memory that does not grow with the file or its row groups."""

from __future__ import annotations

from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Final

from stancelab.errors import DataError, RowProblem, shorten
from stancelab.tables.arrow_cells import rows_of
from stancelab.tables.batches import RowBatch

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import pyarrow as pa
    import pyarrow.parquet as pq

#: Bytes of a column that are read at a time; without this a row group is read as a whole.
_BUFFER: Final = 1 << 16


def read_schema(path: Path, file: IO[bytes]) -> pa.Schema:
    """Return the columns and their types of a file that is open."""
    with _explained(path):
        import pyarrow.parquet as pq

        schema: pa.Schema = pq.ParquetFile(file).schema_arrow
        return schema


def read_parquet(path: Path, columns: Sequence[str], batch_rows: int) -> Iterator[RowBatch]:
    """Yield the rows in batches; one with text that is not UTF-8 is a problem.

    Args:
        path: The file.
        columns: The columns to read.
        batch_rows: How many rows come at a time.
    """
    with _open(path) as file:
        total, read, size = max(file.metadata.num_rows, 1), 0, path.stat().st_size
        # Threads would read ahead what memory is not to hold.
        for table in file.iter_batches(batch_size=batch_rows, columns=list(columns), use_threads=False):
            batch = _rows(path, table, read + 1)
            read += len(batch)
            batch.bytes_read = size * read // total
            yield batch
        if not file.metadata.num_rows:
            yield RowBatch(bytes_read=size)


def _rows(path: Path, table: pa.RecordBatch, first: int) -> RowBatch:
    """Return the rows of a part of the file, whose first row has the number `first`."""
    cells, damaged = rows_of(table)
    rows = list(enumerate(cells, start=first))
    if damaged:
        rows = [row for place, row in enumerate(rows) if place not in damaged]
    problems = [
        RowProblem(str(path), first + place, damage.column, damage.value, damage.reason)
        for place, damage in sorted(damaged.items())
    ]
    return RowBatch(rows, problems)


def check_flat(path: Path, schema: pa.Schema, columns: Sequence[str]) -> None:
    """Raise a `DataError` where a column holds neither text nor numbers."""
    import pyarrow as pa

    for name in columns:
        kind = schema.field(name).type
        if pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
            raise DataError(f"{path}: column {name!r} is of type {kind}; expected text or numbers")


@contextmanager
def _open(path: Path) -> Iterator[pq.ParquetFile]:
    import pyarrow.parquet as pq

    with _explained(path), pq.ParquetFile(path, buffer_size=_BUFFER, pre_buffer=False) as file:
        yield file


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Turn what pyarrow raises, also while rows are read, into a `DataError`."""
    import pyarrow as pa

    try:
        yield
    except (pa.ArrowException, OSError) as error:
        raise DataError(f"{path}: not readable as Parquet ({shorten(error, 200)}); is the file cut off?") from None
