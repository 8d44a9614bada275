"""Standard input and output in place of files: `-`."""

from __future__ import annotations

import logging
import os
import shutil
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from stancelab.errors import DataError, StancelabError
from stancelab.files import refuse_url
from stancelab.tables.compressed import without_compression
from stancelab.tables.formats import check_written
from stancelab.tables.stdin import DASH, as_told, spooled_stdin

if TYPE_CHECKING:
    from collections.abc import Iterator

#: What a table is written as where standard output has no name and the input's format is not written as text.
_USUAL: Final = ".csv"
_TEXT: Final = (".csv", ".tsv", ".jsonl", ".ndjson")
_SLASHES: Final = tuple({"/", os.sep})


def input_path(given: str) -> Path:
    """Return the file that an input names: for "-" a temporary one with what standard input holds.

    Raises:
        DataError: Standard input is a terminal, or it is a list, or a folder that there is not.
    """
    if given == DASH:
        return spooled_stdin()
    refuse_url(given)
    path = Path(given)
    if given.startswith("[") and given.endswith("]") and not path.exists():
        raise DataError(f"input: found the list {given}; give one file, a folder, or a pattern such as 'parts/*.csv'")
    if given.endswith(_SLASHES) and not path.is_dir():
        raise DataError(f"{given}: {'is a file, no folder' if path.exists() else 'no such folder'}")
    return path


def is_folder(given: str) -> bool:
    """Tell whether an output names a folder: it is one, or ends in a slash."""
    return given != DASH and (given.endswith(_SLASHES) or Path(given).is_dir())


@contextmanager
def stdin_named() -> Iterator[None]:
    """Let errors and messages of the block say "standard input" where they name the temporary file that holds it."""
    make = logging.getLogRecordFactory()

    def named(*args: Any, **kwargs: Any) -> logging.LogRecord:
        record = make(*args, **kwargs)
        told = as_told(record.getMessage())
        if told != record.getMessage():
            record.msg, record.args = told, None
        return record

    # Of the records themselves: handlers may come later.
    logging.setLogRecordFactory(named)
    try:
        yield
    except StancelabError as error:
        if as_told(str(error)) == str(error):
            raise
        raise type(error)(as_told(str(error))) from error
    finally:
        logging.setLogRecordFactory(make)


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
