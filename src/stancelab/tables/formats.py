"""The formats of tables, which the names of files tell."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from stancelab.errors import DataError, did_you_mean, told_ending
from stancelab.tables.compressed import WRITTEN, compression_of, only_member, without_compression

if TYPE_CHECKING:
    from collections.abc import Collection

Format = Literal["csv", "tsv", "jsonl", "json", "parquet", "excel"]

_FORMAT_OF: Final[dict[str, Format]] = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".txt": "tsv",  # commas are found where they separate its cells
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "json",
    ".parquet": "parquet",
    ".xlsx": "excel",
    ".xlsm": "excel",
    ".xlsb": "excel",
    ".xls": "excel",
    ".ods": "excel",
}
#: The endings of files that have sheets.
SPREADSHEETS: Final = tuple(ending for ending, kind in _FORMAT_OF.items() if kind == "excel")
#: The ending that says least: of tables, and of files that are none.
PLAIN_TEXT: Final = ".txt"
DELIMITERS: Final[dict[Format, str]] = {"csv": ",", "tsv": "\t"}
#: Formats of which a file is read in batches of bytes, and may be compressed.
TEXT_FORMATS: Final[tuple[Format, ...]] = ("csv", "tsv", "jsonl", "json")
#: Formats that are written.
_WRITTEN: Final = (".csv", ".tsv", ".tab", ".jsonl", ".ndjson", ".parquet")


def format_of(path: Path) -> Format:
    """Return the format of a table by its file's name; text formats may end in ".gz", ".zst", ".bz2", ".xz" or ".zip".

    A zip archive whose own name does not tell is opened: the name of its only file tells.

    Raises:
        DataError: The name ends otherwise, the path is a folder, or a zip archive does not hold just one file.
    """
    if path.is_dir():
        raise DataError(f"{path}: is a folder; expected a .csv, .tsv, .jsonl or .parquet file")
    packed, suffix = compression_of(path), _suffix(path.name)
    kind = _FORMAT_OF.get(suffix)
    if packed == "zip" and kind is None and path.is_file():
        suffix = _suffix(only_member(path))
        kind = _FORMAT_OF.get(suffix)
    if kind is None:
        raise DataError(
            f"{path}: the name {told_ending(suffix or path.suffix)}; expected .csv, .tsv, .txt, .jsonl, .ndjson, .json"
            f" (each also with .gz, .zst or .zip), .parquet or .xlsx.{did_you_mean(suffix, _FORMAT_OF)}"
        )
    if packed and kind not in TEXT_FORMATS:
        raise DataError(f"{path}: is a compressed {suffix} file, which is compressed in itself; unpack it first")
    return kind


def endings_of(formats: Collection[Format]) -> str:
    """Return the endings of some formats, in words."""
    return ", ".join(ending for ending, kind in _FORMAT_OF.items() if kind in formats)


def is_table_name(name: str) -> bool:
    """Tell whether a file's name is one of a table, as far as the name tells."""
    return _suffix(name) in _FORMAT_OF or (name.lower().endswith(".zip") and not _suffix(name))


def is_plain_text(name: str) -> bool:
    """Tell whether a file's name ends in ".txt", before what says how it is compressed."""
    return _suffix(name) == PLAIN_TEXT


def check_written(path: Path) -> Format:
    """Return the format of an output by its name.

    Raises:
        DataError: It is a folder, or its name tells no format that is written.
    """
    packed, suffix = compression_of(path), _suffix(path.name)
    if packed and packed not in WRITTEN:
        raise DataError(f"{path}: .{packed} files are read, not written; end its name in .gz or .zst, or leave it out")
    if not path.is_dir() and suffix in _FORMAT_OF and suffix not in _WRITTEN:
        raise DataError(f"{path}: {suffix} files are read, not written; expected one of {', '.join(_WRITTEN)}")
    if packed and suffix == ".parquet":
        raise DataError(f"{path}: a Parquet file is compressed in itself; leave .{packed} out of its name")
    if not path.is_dir() and suffix not in _FORMAT_OF:
        near = did_you_mean(suffix, _WRITTEN)
        raise DataError(f"{path}: the name {told_ending(suffix or path.suffix)}; expected {listed_formats()}.{near}")
    return format_of(path)


def listed_formats() -> str:
    """Return the endings of the names of tables that are written, in words."""
    *text, parquet = _WRITTEN
    return f"{', '.join(text)} (each also with .gz or .zst) or {parquet}"


def written_name(name: str) -> str:
    """Return the name that an input's predictions get in a folder of outputs: its own where such files are written.

    A compression that is not written is left out; a JSON array becomes JSON Lines, a sheet becomes CSV.
    """
    plain, packed = without_compression(name), compression_of(Path(name))
    suffix = Path(plain).suffix
    kind = _FORMAT_OF.get(suffix.lower())
    if suffix.lower() not in _WRITTEN:
        plain = (plain if kind is None else plain.removesuffix(suffix)) + (".jsonl" if kind == "json" else ".csv")
    return f"{plain}.{packed}" if packed in WRITTEN else plain


def _suffix(name: str) -> str:
    return Path(without_compression(name.lower())).suffix
