"""Standard input and output in place of files: `-`."""

from __future__ import annotations

import shutil
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from stancelab.tables.compressed import without_compression
from stancelab.tables.formats import check_written
from stancelab.tables.stdin import DASH, spooled_stdin

if TYPE_CHECKING:
    from collections.abc import Iterator

#: What a table is written as where standard output has no name and the input's format is not written as text.
_USUAL: Final = ".csv"
_TEXT: Final = (".csv", ".tsv", ".jsonl", ".ndjson")


def input_path(given: str) -> Path:
    """Return the file that an input names: for "-" a temporary one with what standard input holds.

    Raises:
        DataError: Standard input is a terminal.
    """
    return spooled_stdin() if given == DASH else Path(given)


@contextmanager
def output_path(given: str, source: Path, folder: Path) -> Iterator[Path]:
    """Give the file to write: for "-" one in `folder`, which goes to standard output when the block ends.

    Args:
        given: The output.
        source: The input, whose format standard output gets where it is text; else it is CSV.
        folder: Where the file lies meanwhile.
    """
    if given != DASH:
        yield Path(given)
        return
    ending = Path(without_compression(source.name.lower())).suffix
    path = folder / f"stdout{ending if ending in _TEXT else _USUAL}"
    check_written(path)
    try:
        yield path
        with path.open("rb") as file:
            shutil.copyfileobj(file, sys.stdout.buffer)
        sys.stdout.flush()
    finally:
        path.unlink(missing_ok=True)
