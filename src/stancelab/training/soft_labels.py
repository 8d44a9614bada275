"""A table of a teacher's probabilities: a row for each pair of a text, and in the file's metadata how it was made."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from stancelab.errors import DataError, shorten
from stancelab.files import atomic_file
from stancelab.schema import PARTS, PROBABILITY_COLUMNS, SOURCE, TARGET, Example, Span, columns_of, problems_of
from stancelab.tables.table_file import TableFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    import pyarrow as pa
    from numpy.typing import NDArray

#: What makes two rows the same pair: the text, and each part with the place of its mention.
Key = tuple[str, str, Span | None, str, Span | None]

COLUMNS: Final = ("text", "source", "target", "source_start", "source_end", "target_start", "target_end")
NEEDED: Final = (*COLUMNS, *PROBABILITY_COLUMNS)
#: Columns that a message names at most.
SHOWN_COLUMNS: Final = 12
#: How far the sum of a row's probabilities may lie from 1: half precision rounds them.
ROUNDING: Final = 0.01
_METADATA: Final = b"stancelab"


@dataclass(frozen=True)
class SoftLabels:
    """What a teacher says of pairs.

    Attributes:
        pairs: The pairs, without stance.
        probabilities: The probabilities of each pair, shape (stances,), in the order of `STANCES`.
    """

    pairs: list[Example]
    probabilities: dict[Key, NDArray[np.float64]]

    @classmethod
    def of_all(cls, several: Iterable[SoftLabels]) -> SoftLabels:
        """Return the pairs of several tables as one."""
        pairs: list[Example] = []
        probabilities: dict[Key, NDArray[np.float64]] = {}
        for each in several:
            pairs += each.pairs
            probabilities |= each.probabilities
        return cls(pairs, probabilities)


def key_of(example: Example) -> Key:
    """Return what makes a row the pair it is."""
    source, target = (example.mention(part) for part in PARTS)
    return example.text, example.source, source, example.target, target


def write_soft_labels(
    path: Path, examples: Sequence[Example], probabilities: NDArray[np.float64], made: Mapping[str, Any]
) -> None:
    """Write a table of probabilities.

    Args:
        path: The table (.parquet).
        examples: The pairs.
        probabilities: Shape (len(examples), stances), columns in the order of `STANCES`.
        made: How they were made, kept in the file's metadata.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = {name: values for name, values in columns_of(examples).items() if name in COLUMNS}
    shares = {
        name: np.asarray(probabilities[:, number], dtype=np.float16) for number, name in enumerate(PROBABILITY_COLUMNS)
    }
    table = pa.table({**{name: columns[name] for name in COLUMNS}, **shares})
    metadata = {_METADATA: json.dumps(made, sort_keys=True).encode()}
    path.parent.mkdir(parents=True, exist_ok=True)
    with atomic_file(path) as temporary:
        pq.write_table(table.replace_schema_metadata(metadata), temporary, compression="zstd")


def check_columns(path: Path) -> None:
    """Check that a file is a table with the columns of a teacher's probabilities, without reading its rows.

    Raises:
        DataError: The file is missing, not Parquet, or lacks a column.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    if not path.is_file():
        raise DataError(f"{path}: no such file; expected a table of a teacher's probabilities (.parquet)")
    try:
        found = pq.read_schema(path).names
    except (OSError, pa.ArrowException) as error:
        raise DataError(f"{path}: not readable as a table of a teacher's probabilities ({error})") from None
    lacking = [name for name in NEEDED if name not in found]
    if lacking:
        raise DataError(
            f"{path}: lacks the columns {', '.join(lacking)} of a table of a teacher's probabilities; found "
            f"{_listed(found)}; needed are {', '.join(NEEDED)}"
        )


def no_soft_labels(path: Path) -> DataError:
    """Return the error that says that a file of another format is no table of a teacher's probabilities."""
    try:
        columns = TableFile(path).columns
    except DataError:
        columns = []
    found = f"; found the columns {_listed(columns)}" if columns else ""
    return DataError(
        f"training.teacher: {path} is a file, and no table of a teacher's probabilities{found}; allowed are folders of "
        f"checkpoints, or a .parquet table with the columns {', '.join(NEEDED)}"
    )


def _listed(columns: Sequence[str]) -> str:
    """Return the first columns of a table, and how many more there are."""
    more = f" and {len(columns) - SHOWN_COLUMNS} more" if len(columns) > SHOWN_COLUMNS else ""
    return (", ".join(columns[:SHOWN_COLUMNS]) or "none") + more


def read_soft_labels(path: Path) -> SoftLabels:
    """Read a table of probabilities.

    Raises:
        DataError: The file is missing, not Parquet, lacks a column, or holds what is no pair or no probability.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    check_columns(path)
    try:
        table = pq.read_table(path)
    except (OSError, pa.ArrowException) as error:
        raise DataError(f"{path}: not readable as a table of a teacher's probabilities ({error})") from None
    _check_types(path, table)
    shares = np.stack([np.asarray(table[name], dtype=np.float64) for name in PROBABILITY_COLUMNS], axis=1)
    wrong = ~((shares >= 0).all(axis=1) & (np.abs(shares.sum(axis=1) - 1) < ROUNDING))
    if wrong.any():
        row = int(wrong.argmax())
        found = ", ".join(f"{share:g}" for share in shares[row])
        raise DataError(
            f"{path}: row {row + 1}: {', '.join(PROBABILITY_COLUMNS)} are {found}; allowed are numbers from 0 that sum "
            "to 1"
        )
    shares /= shares.sum(axis=1, keepdims=True)  # half precision rounds them
    pairs, probabilities = [], {}
    for number, cells in enumerate(table.select(list(COLUMNS)).to_pylist()):
        pair = Example(
            id=str(number),
            text=cells["text"],
            source=cells["source"],
            target=cells["target"],
            source_span=_span(cells, SOURCE),
            target_span=_span(cells, TARGET),
        )
        problems = problems_of(pair)
        if problems:
            name, found, reason = problems[0]
            raise DataError(f"{path}: row {number + 1}: {name}: found {shorten(found)!r}: {reason}")
        pairs.append(pair)
        probabilities[key_of(pair)] = shares[number]
    return SoftLabels(pairs, probabilities)


def _check_types(path: Path, table: pa.Table) -> None:
    """Raise a `DataError` where a column is of another type than it should be, or has an empty cell."""
    import pyarrow as pa

    def is_text(kind: pa.DataType) -> bool:
        return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))

    def is_place(kind: pa.DataType) -> bool:
        return bool(pa.types.is_integer(kind) or pa.types.is_null(kind))

    texts, places = COLUMNS[:3], COLUMNS[3:]
    for names, fits, what in (
        (texts, is_text, "text"),
        (places, is_place, "whole numbers or empty"),
        (PROBABILITY_COLUMNS, pa.types.is_floating, "numbers with a fraction"),
    ):
        for name in names:
            if not fits(table[name].type):
                raise DataError(f"{path}: column {name!r} holds {table[name].type}; allowed is {what}")
            if names is not places and table[name].null_count:
                raise DataError(f"{path}: column {name!r} has {table[name].null_count} empty cells; allowed are none")


def _span(cells: Mapping[str, Any], part: str) -> Span | None:
    start, end = cells[f"{part}_start"], cells[f"{part}_end"]
    return None if start is None or end is None else Span(start, end)
