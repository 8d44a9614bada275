"""Bytes of any encoding as a stream of UTF-8."""

from __future__ import annotations

import codecs
import io
from typing import IO, TYPE_CHECKING, Any, Final, cast

from stancelab.errors import DataError

if TYPE_CHECKING:
    from pathlib import Path

_CHUNK: Final = 1 << 16


def recoded(path: Path, file: IO[bytes], encoding: str) -> IO[bytes]:
    """Return a stream of the file's text as UTF-8.

    Raises:
        DataError: Upon reading: bytes are none of that encoding.
    """
    if codecs.lookup(encoding).name == "utf-8":
        return file
    return io.BufferedReader(cast("Any", _Recoded(path, file, encoding)))


class _Recoded(io.RawIOBase):
    def __init__(self, path: Path, file: IO[bytes], encoding: str) -> None:
        self._path = path
        self._file = file
        self._encoding = encoding
        self._decoder = codecs.getincrementaldecoder(encoding)("strict")
        self._ready = b""
        self._offset = 0
        self._ended = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._ready and not self._ended:
            self._fill()
        taken = self._ready[: len(buffer)]
        buffer[: len(taken)] = taken
        self._ready = self._ready[len(taken) :]
        return len(taken)

    def _fill(self) -> None:
        chunk = self._file.read(_CHUNK)
        self._ended = not chunk
        try:
            self._ready = self._decoder.decode(chunk, final=self._ended).encode()
        except UnicodeError as error:
            start = self._offset + getattr(error, "start", 0)
            raise DataError(
                f"{self._path}: about byte {start}: is not readable as {self._encoding} ({error}); name another one"
            ) from None
        self._offset += len(chunk)
