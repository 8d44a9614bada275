"""Tables from standard input: kept in a temporary file, since they are read more than once."""

from __future__ import annotations

import atexit
import io
import re
import shutil
import sys
import tempfile
import zipfile
from functools import cache
from pathlib import Path
from typing import IO, Any, Final, cast

from stancelab.errors import DataError

#: What stands for standard input, and for standard output, in place of a file.
DASH: Final = "-"
#: What messages call it.
STANDARD_INPUT: Final = "standard input"
#: The folders of the files that stand for it.
_FOLDERS: Final[list[str]] = []
_BYTES: Final = 64
_FIRST: Final = 1 << 16
_LINES: Final = 2
_STARTS: Final = ((b"PAR1", ".parquet"), (b"\x1f\x8b", ".csv.gz"), (b"\x28\xb5\x2f\xfd", ".csv.zst"), (b"{", ".jsonl"))


@cache
def spooled_stdin() -> Path:
    """Return a temporary file with what standard input holds; its name tells the format, as its first bytes do.

    Raises:
        DataError: Standard input is a terminal.
    """
    return completed(*begun_stdin())


def completed(begun: Path, rest: IO[bytes]) -> Path:
    """Return the file of the first lines of standard input after the rest was appended; it then has another name.

    Args:
        begun: The file.
        rest: What comes after its lines.
    """
    with begun.open("ab") as file:
        shutil.copyfileobj(rest, file)
    return begun.rename(begun.with_name(f"stdin{_ending(begun)}"))  # of a zip archive the end tells what it is


def begun_stdin() -> tuple[Path, IO[bytes]]:
    """Return a temporary file with the first lines of standard input, and what comes after them.

    The name of the file tells the format. It holds a whole number of lines, two at least where there are so many.

    Raises:
        DataError: Standard input is a terminal.
    """
    if sys.stdin is None or sys.stdin.isatty():
        raise DataError("-: nothing is piped in; write COMMAND | stancelab ..., or name a file")
    folder = Path(tempfile.mkdtemp(prefix="stancelab-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    _FOLDERS.append(str(folder))
    read1 = getattr(sys.stdin.buffer, "read1", sys.stdin.buffer.read)
    start, block = b"", b"first"
    while block and len(start) < _FIRST and start.count(b"\n") < _LINES:
        block = read1(_FIRST)
        start += block
    lines = start if b"\n" not in start or not block else start[: start.rindex(b"\n") + 1]
    path = folder / "stdin"
    path.write_bytes(lines)
    path = path.rename(path.with_name(f"stdin{_ending(path)}"))
    return path, cast("IO[bytes]", io.BufferedReader(Chained(start[len(lines) :], sys.stdin.buffer)))


def as_told(text: str) -> str:
    """Return a text in which the temporary files that hold standard input are called so."""
    for folder in _FOLDERS:
        if folder in text:
            text = re.sub(re.escape(folder) + r"[/\\]stdin(\.\w+)*", STANDARD_INPUT, text)
    return text


class Chained(io.RawIOBase):
    """Some bytes, and a file after them that need not be able to seek.

    Args:
        start: The bytes.
        file: The file; it is read as far as it has something, and stays open.
    """

    def __init__(self, start: bytes, file: Any) -> None:
        self._start = start
        self._read1 = getattr(file, "read1", file.read)
        self._count = 0

    def readable(self) -> bool:
        """Return that it can be read."""
        return True

    def tell(self) -> int:
        """Return how many bytes were read."""
        return self._count

    def readinto(self, buffer: Any) -> int:
        """Read what there is, at most as much as fits, and return how much it was."""
        found = self._start[: len(buffer)] or self._read1(len(buffer))
        self._start = self._start[len(buffer) :]
        buffer[: len(found)] = found
        self._count += len(found)
        return len(found)


def _ending(path: Path) -> str:
    with path.open("rb") as file:
        first = file.read(_FIRST).removeprefix(b"\xef\xbb\xbf").lstrip(b" \r\n")
    start, first = first[:_BYTES], first.partition(b"\n")[0]
    if start.startswith(b"PK"):
        is_whole = zipfile.is_zipfile(path)
        return ".xlsx" if is_whole and "xl/workbook.xml" in zipfile.ZipFile(path).namelist() else ".zip"
    if start.startswith(b"["):
        return ".json"
    found = next((ending for magic, ending in _STARTS if start.startswith(magic)), None)
    if found is not None:
        return found
    return ".tsv" if first.count(b"\t") > first.count(b",") else ".csv"
