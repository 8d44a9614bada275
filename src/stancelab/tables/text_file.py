"""Text files: opened after a check of their first bytes, read line by line as UTF-8."""

from __future__ import annotations

import codecs
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Final

from stancelab.errors import DataError, did_you_mean
from stancelab.files import refuse_url
from stancelab.tables.compressed import check_compressed, explained_damage, unpacked, without_compression
from stancelab.tables.recoded import recoded

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_MAGIC: Final = (
    (b"PAR1", "a Parquet file"),
    (b"PK\x03\x04", "a zip archive; name it with .zip at the end, or .xlsx where it is an Excel file"),
    (b"\xd0\xcf\x11\xe0", "an old Excel file; name it .xls"),
    (b"\x1f\x8b", "a gzip file; name it with .gz at the end, such as .csv.gz"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard file; name it with .zst at the end, such as .csv.zst"),
    (b"BZh", "a bzip2 file; name it with .bz2 at the end"),
    (b"\xfd7zXZ", "an xz file; name it with .xz at the end"),
    (b"ARROW1", "an Arrow file; write it as Parquet"),
    (b"%PDF", "a PDF"),
)
#: How many bytes at the start of a file are looked at.
_START: Final = 64
#: So many bytes of a line of UTF-16 that has letters, commas or quotes of ASCII are NUL at least, and one in so many.
_FEW_NUL: Final = 3
_NUL_SHARE: Final = 10
_UTF16_AND_32_MARKS: Final = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def no_such_file(path: Path) -> str:
    """Return what is said of a file that is not there, with the name of one beside it that is alike.

    Raises:
        DataError: It is a URL.
    """
    refuse_url(path)
    beside = path.parent.iterdir() if path.parent.is_dir() else ()
    near = did_you_mean(path.name, (other.name for other in beside if other.is_file()))
    return f"{path}: no such file.{near}"


@contextmanager
def open_checked(path: Path, kind: str, *, any_encoding: bool = False) -> Iterator[IO[bytes]]:
    """Open a file and check that its first bytes are those of its format.

    Args:
        path: The file.
        kind: Its format: "csv", "tsv", "jsonl", "parquet", or another word for a text file without a header, as "json".
        any_encoding: Whether it may begin with a byte order mark of another encoding than UTF-8.

    Raises:
        DataError: It is missing, a folder, empty, or begins like a file of another format.
    """
    if not path.exists():
        raise DataError(no_such_file(path))
    if path.is_dir():
        raise DataError(f"{path}: is a folder; expected a .csv, .tsv, .jsonl or .parquet file")
    try:
        file = path.open("rb")
    except OSError as error:
        raise DataError(f"{path}: cannot be opened ({error.strerror})") from None
    with file:
        _check_start(path, kind, file.peek(_START)[:_START], any_encoding=any_encoding)
        yield file


@contextmanager
def open_text(path: Path, kind: str, encoding: str = "utf-8", *, strict: bool = True) -> Iterator[TextFile]:
    """Open a text file, also a compressed one; `kind` and errors are those of `open_checked`, the rest `TextFile`'s."""
    with open_checked(path, kind, any_encoding=encoding != "utf-8") as file:
        yield TextFile(path, file, encoding, strict=strict)


def _check_start(path: Path, kind: str, start: bytes, *, any_encoding: bool) -> None:
    if not start:
        raise DataError(f"{path}: is empty")
    if kind == "parquet":
        if not start.startswith(b"PAR1"):
            raise DataError(f"{path}: is not a Parquet file, though its name says so")
        return
    if check_compressed(path, start):
        return
    if start.startswith(_UTF16_AND_32_MARKS):
        if any_encoding:
            return
        raise DataError(f"{path}: byte 0: is UTF-16 or UTF-32; expected UTF-8. {_conversion(path, 'UTF-16')}")
    for magic, what in _MAGIC:
        if start.startswith(magic):
            raise DataError(f"{path}: named as {kind.upper()}, but it is {what}")
    _check_first_characters(path, kind, start.removeprefix(codecs.BOM_UTF8).lstrip())


def _check_first_characters(path: Path, kind: str, start: bytes) -> None:
    if start[:9].lower().startswith((b"<!doctype", b"<html", b"<?xml")):
        raise DataError(f"{path}: named as {kind.upper()}, but it is a web page or XML; was the download a login page?")
    if kind == "jsonl" and start.startswith(b"["):
        raise DataError(f"{path}: is one JSON array; expected JSON Lines, one object a line (jq -c '.[]' converts it)")
    if kind == "jsonl" and start and not start.startswith(b"{"):
        raise DataError(f"{path}: does not begin with '{{'; expected JSON Lines, one object a line")
    if kind in ("csv", "tsv") and start.startswith((b'{"', b"[{")):
        ending = path.suffix.lower()
        named = f"named {ending}" if ending == ".txt" else f"named as {kind.upper()}"
        raise DataError(
            f"{path}: {named}, but it looks like JSON; name it .jsonl where each line is an object, .json where it"
            " is one array"
        )


class DamagedLine(str):
    """A line with NUL bytes, or with bytes that are not UTF-8, which stand in it as halves of characters.

    Attributes:
        reason: Where the first of them is, what was found, and what to do.
    """

    __slots__ = ("reason",)

    reason: str

    @property
    def readable(self) -> str:
        """The line with a sign in place of what cannot be read."""
        return self.encode(errors="surrogateescape").decode(errors="replace").replace("\0", "\ufffd")


class TextFile:
    """The lines of a text file, also a compressed one; lines keep their ends, a byte order mark is skipped.

    Unlike `io.TextIOWrapper` it says where bytes are that are not UTF-8, and counts what was read.

    Args:
        path: The file, for messages.
        file: Its bytes.
        encoding: Its encoding.
        strict: Whether a byte that is NUL or not UTF-8 is an error; if not, its line is a `DamagedLine`.
    """

    def __init__(self, path: Path, file: IO[bytes], encoding: str = "utf-8", *, strict: bool = True) -> None:
        self.path = path
        self._strict = strict
        self._file = file
        self._lines = recoded(path, unpacked(path, file), encoding)

    @property
    def bytes_read(self) -> int:
        """Bytes of the file on disk that were read."""
        return self._file.tell()

    def __iter__(self) -> Iterator[str]:
        """Yield the lines.

        Raises:
            DataError: The first line is UTF-16, a byte is NUL or not UTF-8, where that is an error, or the compressed
                file is cut off.
        """
        offset = 0
        with explained_damage(self.path):
            for number, line in enumerate(self._lines, start=1):
                if number == 1 and line.startswith(codecs.BOM_UTF8):
                    offset += len(codecs.BOM_UTF8)
                    line = line[len(codecs.BOM_UTF8) :]
                found = self._damage(line)
                if found is None:
                    yield line.decode()
                else:
                    where = f"line {number}, byte {offset + found[0]}"
                    if number == 1 and _is_utf16(line):
                        raise DataError(
                            f"{self.path}: {where}: a NUL byte; the file is UTF-16 without a mark."
                            f" {_conversion(self.path, 'UTF-16LE')}"
                        )
                    yield self._damaged(line, f"{where}: {found[1]}")
                offset += len(line)

    def _damage(self, line: bytes) -> tuple[int, str] | None:
        """Return the place of the first byte that is no text, and what it is; None where there is none."""
        if b"\0" in line:
            return line.index(0), "a NUL byte, which no text has. Take it out"
        try:
            line.decode()
        except UnicodeDecodeError as error:
            what = f"found byte 0x{line[error.start]:02X}, which is not UTF-8"
            return error.start, f"{what}. {_conversion(self.path, 'CP1252')}"
        return None

    def _damaged(self, line: bytes, reason: str) -> DamagedLine:
        if self._strict:
            raise DataError(f"{self.path}: {reason}")
        damaged = DamagedLine(line.decode(errors="surrogateescape"))
        damaged.reason = reason
        return damaged


def _is_utf16(line: bytes) -> bool:
    """Tell whether a file's first line is UTF-16: many bytes are NUL, each the first or each the second of two."""
    nul = line.count(0)
    return nul >= _FEW_NUL and nul * _NUL_SHARE >= len(line) and nul in (line[::2].count(0), line[1::2].count(0))


def _conversion(path: Path, encoding: str) -> str:
    name = without_compression(path.name)
    return f"Convert it: iconv -f {encoding} -t UTF-8 {name} > utf8-{name} (if it is {encoding})"
