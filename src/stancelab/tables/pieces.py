"""A table written in pieces, each a file of its own, that are joined when all are there.

A piece is whole or it is not there, so that what was written before a process was killed can be used. How the rows are
divided into pieces does not show in the table that is joined of them.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Final

from stancelab.files import atomic_file
from stancelab.tables.compressed import compression_of, packing
from stancelab.tables.csv_lines import PLAIN, Lines, Style
from stancelab.tables.formats import DELIMITERS, format_of
from stancelab.tables.writers import ParquetRows, TableWriter, text_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    import pyarrow as pa

#: Bytes that are copied at a time.
_BLOCK: Final = 1 << 20
#: A row group of Parquet that is joined ends at so many rows or bytes, whichever comes first.
_GROUP_ROWS: Final = 1 << 16
_GROUP_BYTES: Final = 1 << 26


@dataclass(frozen=True)
class Layout:
    """What a table that is written looks like.

    Attributes:
        path: The output; its name tells the format, and how it is compressed.
        columns: All columns in order.
        schema: Their types; only Parquet needs them.
        style: How CSV and TSV are written.
    """

    path: Path
    columns: Sequence[str]
    schema: pa.Schema
    style: Style = PLAIN

    def header(self) -> str:
        """Return what stands before the first row: of CSV and TSV the names of the columns."""
        kind = format_of(self.path)
        return Lines(DELIMITERS[kind], self.style).header(self.columns) if kind in DELIMITERS else ""


@contextmanager
def open_piece(path: Path, layout: Layout) -> Iterator[TableWriter]:
    """Open a piece of a table for writing; it is on the disk, under its name, when the block ends without an error.

    Pieces of text are compressed, so that they take little room beside the table.

    Args:
        path: The piece.
        layout: What the whole table looks like.
    """
    kind = format_of(layout.path)
    with atomic_file(path) as partial, partial.open("wb") as file:
        if kind == "parquet":
            import pyarrow.parquet as pq

            with pq.ParquetWriter(file, layout.schema) as parquet:
                yield ParquetRows(parquet, layout.schema, layout.path)
        else:
            with packing(file, "zst") as packed:
                yield text_rows(Utf8(packed), kind, layout.columns, layout.style)
        file.flush()
        os.fsync(file.fileno())


def join_pieces(pieces: Iterable[Path], layout: Layout, partial: Path) -> None:
    """Write a table of its pieces, in constant memory; it takes the place of its path when it is whole.

    Args:
        pieces: The pieces, in order.
        layout: What the table looks like.
        partial: Where it is written first, on the same file system.
    """
    with partial.open("wb") as file:
        if format_of(layout.path) == "parquet":
            _join_parquet(pieces, layout, file)
        else:
            with packing(file, compression_of(layout.path)) as packed:
                packed.write(layout.header().encode())
                for piece in pieces:
                    for block in piece_blocks(piece):
                        packed.write(block)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(layout.path)


def piece_blocks(piece: Path) -> Iterator[bytes]:
    """Yield the bytes of a piece of text."""
    import pyarrow as pa

    with pa.CompressedInputStream(pa.OSFile(str(piece)), "zstd") as stream:
        while block := stream.read(_BLOCK):
            yield block


def _join_parquet(pieces: Iterable[Path], layout: Layout, file: IO[bytes]) -> None:
    """Write the row groups of the pieces as larger ones; a piece has one for each call of its writer."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    with pq.ParquetWriter(file, layout.schema) as parquet:
        held: list[pa.Table] = []
        for piece in pieces:
            with pq.ParquetFile(piece) as own:
                for number in range(own.num_row_groups):
                    # One thread: the order in which threads hand in chunks must not show.
                    held.append(own.read_row_group(number, use_threads=False))
                    if sum(map(len, held)) >= _GROUP_ROWS or sum(each.nbytes for each in held) >= _GROUP_BYTES:
                        parquet.write_table(pa.concat_tables(held).unify_dictionaries())
                        held.clear()
        if held:
            parquet.write_table(pa.concat_tables(held).unify_dictionaries())


class Utf8:
    """A file of text over one of bytes; nothing is held back, so that an error leaves nothing to be flushed.

    Args:
        file: The file of bytes.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def write(self, text: str) -> None:
        """Append a text."""
        self._file.write(text.encode())

    def writelines(self, lines: Iterable[str]) -> None:
        """Append some texts."""
        self._file.write("".join(lines).encode())
