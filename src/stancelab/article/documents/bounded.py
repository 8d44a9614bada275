"""The bytes and the text of a file, unpacked, up to a bound: a stranger's small file may unpack to terabytes."""

from __future__ import annotations

import zipfile
from typing import IO, TYPE_CHECKING, Final

from stancelab.errors import DataError
from stancelab.files import size_text
from stancelab.tables.compressed import compression_of, explained_damage, unpacked
from stancelab.tables.encodings import find_encoding
from stancelab.tables.text_file import no_such_file, open_checked, open_text

if TYPE_CHECKING:
    from pathlib import Path

    from stancelab.tables.options import TableOptions

#: A book has a million characters.
MOST_CHARACTERS: Final = 5_000_000
_BYTES_OF_CHARACTER: Final = 4
_CHUNK: Final = 1 << 20
#: The sizes in bytes up to which files are read.
MOST_BYTES: Final = {"html": 20 * 10**6, "mhtml": 100 * 10**6, "docx": 100 * 10**6, "pdf": 200 * 10**6}


def read_bytes(path: Path, kind: str) -> bytes:
    """Return a file's bytes, unpacked where its name says that it is compressed.

    Raises:
        DataError: It is missing, a folder, empty, damaged, or larger than files of its kind are read.
    """
    most = MOST_BYTES[kind]
    if not path.exists():
        raise DataError(no_such_file(path))
    try:
        with path.open("rb") as file, explained_damage(path):
            content = (unpacked(path, file) if _is_packed(path) else file).read(most + 1)
    except OSError as error:
        raise DataError(f"{path}: cannot be opened ({error.strerror})") from None
    if not content:
        raise DataError(f"{path}: is empty")
    if len(content) > most:
        raise DataError(f"{path}: is larger than {size_text(most)}, allowed for {kind.upper()}; split it")
    return content


def _is_packed(path: Path) -> bool:
    """Tell whether a file is compressed; a Word document from standard input is a zip archive in itself."""
    packed = compression_of(path)
    if packed == "zip" and zipfile.is_zipfile(path):
        return "word/document.xml" not in zipfile.ZipFile(path).namelist()
    return bool(packed)


def read_text(path: Path, options: TableOptions) -> str:
    r"""Return the text of a file with "\n" as line ends, in the encoding that is given or found.

    Raises:
        DataError: It is missing, a folder, empty, something else than text, damaged, or too long.
    """
    encoding = options.encoding
    with open_checked(path, "text", any_encoding=True) as file, explained_damage(path):
        _check_unpacked(path, unpacked(path, file))
    with open_checked(path, "text", any_encoding=True) as file, explained_damage(path):
        encoding = encoding or find_encoding(path, unpacked(path, file), options)
    lines, count = [], 0
    with open_text(path, "text", encoding) as text:
        for line in text:
            lines.append(line)
            count += len(line)
            check_length(path, count)
    return "".join(lines).replace("\r\n", "\n").replace("\r", "\n")


def _check_unpacked(path: Path, file: IO[bytes]) -> None:
    """Raise a `DataError` where a file has more bytes than the longest text, in the widest encoding."""
    count = 0
    for chunk in iter(lambda: file.read(_CHUNK), b""):
        count += len(chunk)
        if count > _BYTES_OF_CHARACTER * MOST_CHARACTERS:
            check_length(path, count)


def check_length(path: Path, count: int) -> None:
    """Raise a `DataError` where a document is too long."""
    if count > MOST_CHARACTERS:
        raise DataError(
            f"{path}: has more than {MOST_CHARACTERS:,} characters, the most for one document; split it, or read a"
            " table with read.format=table"
        )
