"""Tables from standard input: kept in a temporary file, since they are read more than once."""

from __future__ import annotations

import atexit
import shutil
import sys
import tempfile
import zipfile
from functools import cache
from pathlib import Path
from typing import Final

from stancelab.errors import DataError

#: What stands for standard input, and for standard output, in place of a file.
DASH: Final = "-"
_BYTES: Final = 64
_FIRST: Final = 1 << 16
_STARTS: Final = ((b"PAR1", ".parquet"), (b"\x1f\x8b", ".csv.gz"), (b"\x28\xb5\x2f\xfd", ".csv.zst"), (b"{", ".jsonl"))


@cache
def spooled_stdin() -> Path:
    """Return a temporary file with what standard input holds; its name tells the format, as its first bytes do.

    Raises:
        DataError: Standard input is a terminal.
    """
    if sys.stdin is None or sys.stdin.isatty():
        raise DataError("-: nothing is piped in; write COMMAND | stancelab ..., or name a file")
    folder = Path(tempfile.mkdtemp(prefix="stancelab-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    path = folder / "stdin"
    with path.open("wb") as file:
        shutil.copyfileobj(sys.stdin.buffer, file)
    return path.rename(path.with_name(f"stdin{_ending(path)}"))


def _ending(path: Path) -> str:
    with path.open("rb") as file:
        first = file.read(_FIRST).removeprefix(b"\xef\xbb\xbf").lstrip(b" \r\n")
    start, first = first[:_BYTES], first.partition(b"\n")[0]
    if start.startswith(b"PK"):
        return ".xlsx" if "xl/workbook.xml" in zipfile.ZipFile(path).namelist() else ".zip"
    if start.startswith(b"["):
        return ".json"
    found = next((ending for magic, ending in _STARTS if start.startswith(magic)), None)
    if found is not None:
        return found
    return ".tsv" if first.count(b"\t") > first.count(b",") else ".csv"
