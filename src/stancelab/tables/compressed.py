"""Compressed files: gzip, Zstandard, bzip2 and xz streams, and zip archives of one file."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zipfile
import zlib
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any, Final, cast

from stancelab.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: How the names of compressed files end -> what they are called, and the bytes they begin with.
_KINDS: Final = {
    "gz": ("gzip", b"\x1f\x8b"),
    "zst": ("Zstandard", b"\x28\xb5\x2f\xfd"),
    "bz2": ("bzip2", b"BZh"),
    "xz": ("xz", b"\xfd7zXZ"),
    "zip": ("zip", b"PK"),
}
#: What archives hold beside the files that a person put there.
_CLUTTER: Final = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")
#: How outputs may be compressed.
WRITTEN: Final = ("gz", "zst")
#: As the command gzip does; Python's own default is slower for little.
_GZIP_LEVEL: Final = 6
#: Bytes that are compressed at a time, so that the result does not depend on the sizes of the pieces it is made of.
_CHUNK: Final = 1 << 20
_DAMAGED: Final = (EOFError, gzip.BadGzipFile, zlib.error, lzma.LZMAError, zipfile.BadZipFile, OSError, ValueError)


def compression_of(path: Path) -> str:
    """Return how a file is compressed, by its name: "gz", "zst", "bz2", "xz" or "zip"; "" where it is not."""
    ending = path.name.lower().rpartition(".")[2]
    return ending if ending in _KINDS else ""


def without_compression(name: str) -> str:
    """Return a file's name without the ending that says how it is compressed."""
    stem, _, ending = name.rpartition(".")
    return stem if stem and ending.lower() in _KINDS else name


def check_compressed(path: Path, start: bytes) -> bool:
    """Tell whether a file is compressed; one that is so by its name alone is a `DataError`."""
    kind = compression_of(path)
    if not kind:
        return False
    name, magic = _KINDS[kind]
    if not start.startswith(magic):
        raise DataError(f"{path}: is not a {name} file, though its name says so; remove .{kind} from the name")
    return True


@contextmanager
def explained_damage(path: Path) -> Iterator[None]:
    """Turn errors of decompression into a `DataError`."""
    try:
        yield
    except _DAMAGED as error:
        name = _KINDS[compression_of(path)][0] if compression_of(path) else ""
        if not name or (isinstance(error, UnicodeError)):
            raise
        raise DataError(f"{path}: the {name} file is damaged or cut off ({error})") from None


def unpacked(path: Path, file: IO[bytes]) -> IO[bytes]:
    """Return the bytes of a file that is open, unpacked where its name says that it is compressed.

    Raises:
        DataError: An archive is damaged, encrypted, or does not hold just one file.
    """
    kind = compression_of(path)
    if kind == "zip":
        return _member(path, file)
    if kind == "zst":
        import pyarrow as pa

        return io.BufferedReader(cast("Any", pa.CompressedInputStream(_Borrowed(file), "zstd")))
    if kind == "gz":
        return cast("IO[bytes]", gzip.GzipFile(fileobj=file))
    if kind == "bz2":
        return bz2.BZ2File(file)
    return lzma.LZMAFile(file) if kind == "xz" else file


@contextmanager
def packing(file: IO[bytes], kind: str) -> Iterator[IO[bytes]]:
    """Give what compresses into a file that is open; the file stays open when the block ends.

    The same bytes come out of the same content, whatever the time and the sizes in which it is written.

    Args:
        file: Where the compressed bytes go.
        kind: "gz", "zst", or "" for no compression.
    """
    if not kind:
        yield file
        return
    with _packer(file, kind) as packer:
        chunks = _Chunks(packer)
        yield cast("IO[bytes]", chunks)
        chunks.finish()


def _packer(file: IO[bytes], kind: str) -> Any:
    if kind == "zst":
        import pyarrow as pa

        return pa.CompressedOutputStream(_Borrowed(file), "zstd")
    return gzip.GzipFile(filename="", mode="wb", compresslevel=_GZIP_LEVEL, fileobj=file, mtime=0)


def only_member(path: Path) -> str:
    """Return the name of the only file in a zip archive.

    Raises:
        DataError: It is damaged, or does not hold just one file.
    """
    with path.open("rb") as file, explained_damage(path):
        return _only(path, zipfile.ZipFile(file)).filename


def _member(path: Path, file: IO[bytes]) -> IO[bytes]:
    with explained_damage(path):
        archive = zipfile.ZipFile(file)
        member = _only(path, archive)
        if member.flag_bits & 1:
            raise DataError(f"{path}: {member.filename} is encrypted; unpack the archive first")
        try:
            return archive.open(member)
        except (NotImplementedError, RuntimeError) as error:
            raise DataError(f"{path}: {member.filename} cannot be unpacked here ({error}); unpack it first") from None


def _only(path: Path, archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    members = [
        member
        for member in archive.infolist()
        if not member.is_dir() and not any(part in member.filename for part in _CLUTTER)
    ]
    if len(members) != 1:
        names = ", ".join(member.filename for member in members[:12]) + (", ..." if len(members) > 12 else "")
        raise DataError(
            f"{path}: holds {len(members)} files ({names or 'none'}); expected an archive of one table: unpack it, and"
            " name the file, or the folder where its files are train, validation and test"
        )
    return members[0]


class _Chunks(io.RawIOBase):
    """Passes bytes on in chunks of one size."""

    def __init__(self, packer: Any) -> None:
        self._packer = packer
        self._held = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int:
        self._held += content
        while len(self._held) >= _CHUNK:
            self._packer.write(bytes(self._held[:_CHUNK]))
            del self._held[:_CHUNK]
        return len(content)

    def finish(self) -> None:
        """Pass the rest on."""
        self._packer.write(bytes(self._held))
        self._held.clear()


class _Borrowed(io.RawIOBase):
    """A file that stays open where what reads or writes it is closed."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return True

    def read(self, size: int | None = -1) -> bytes:
        return self._file.read(-1 if size is None else size)

    def write(self, content: Any) -> int:
        return self._file.write(content)
