"""The formats of tables, which the names of files tell."""

from __future__ import annotations

from pathlib import Path
from typing import Final, Literal

from stancelab.errors import DataError, did_you_mean

Format = Literal["csv", "tsv", "jsonl", "parquet"]

_FORMAT_OF: Final[dict[str, Format]] = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".parquet": "parquet",
}
DELIMITERS: Final[dict[Format, str]] = {"csv": ",", "tsv": "\t"}


def format_of(path: Path) -> Format:
    """Return the format of a table by its file's name; text formats may end in ".gz".

    Raises:
        DataError: The name ends otherwise, or the path is a folder.
    """
    if path.is_dir():
        raise DataError(f"{path}: is a folder; expected a .csv, .tsv, .jsonl or .parquet file")
    name = path.name.lower()
    suffix = Path(name.removesuffix(".gz")).suffix
    kind = _FORMAT_OF.get(suffix)
    if kind is None or (kind == "parquet" and name.endswith(".gz")):
        raise DataError(
            f"{path}: the name ends in {path.suffix!r}; expected .csv, .tsv, .jsonl, .ndjson (each also with .gz)"
            f" or .parquet.{did_you_mean(suffix, _FORMAT_OF)} An Excel sheet is exported as CSV (UTF-8) first"
        )
    return kind
