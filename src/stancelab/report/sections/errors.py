"""The most confident errors of a prediction table, with source and target marked in the text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from stancelab.errors import DataError
from stancelab.pages.highlight import mark_example
from stancelab.report.system_view import NO_ANSWER
from stancelab.schema import EXAMPLE_COLUMNS, Example

if TYPE_CHECKING:
    from pathlib import Path

    from stancelab.pages.highlight import Piece

#: Errors that are kept for the report's table, which can be sorted and filtered.
KEPT_ERRORS: Final = 500
#: The same of a system that is not shown at first: there may be many of them.
KEPT_OF_OTHERS: Final = 100
#: Errors that are shown at once.
SHOWN_ERRORS: Final = 20

_COLUMNS: Final = (*EXAMPLE_COLUMNS, "predicted", "confidence", "abstained")


@dataclass(frozen=True, slots=True)
class ErrorRow:
    """One row that was predicted wrongly.

    Attributes:
        id: The row's id in the input file.
        pieces: The text, with source and target marked.
        source: Whose stance it is; "" is the author.
        target: What the stance is about.
        document: The article it is from, "" if unknown.
        gold: The stance of the label.
        predicted: The stance of the system; "no answer" where its answer could not be read and counts as an error.
        confidence: Its probability, None where the system gives labels alone.
    """

    id: str
    pieces: list[Piece]
    source: str
    target: str
    document: str
    gold: str
    predicted: str
    confidence: float | None


@dataclass(frozen=True, slots=True)
class ErrorList:
    """The most confident errors of one run, and how many errors and rows there are in all."""

    kept: list[ErrorRow]
    total: int
    rows: int

    @property
    def by_confidence(self) -> bool:
        """Whether the system says how sure it is, so that they stand in that order."""
        return all(each.confidence is not None for each in self.kept)


def confident_errors(run_folder: Path, predictions: str, limit: int = KEPT_ERRORS) -> ErrorList:
    """Read a run's predictions and return its errors, the most confident first, rows of equal confidence as they came.

    Where a system gives labels alone, all stand as they came.

    Args:
        run_folder: The run's folder.
        predictions: The prediction table's path in it, as metrics.json has it.
        limit: How many errors to return.

    Raises:
        DataError: The table is missing or lacks a column.
    """
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    path = run_folder / predictions
    try:
        table = pq.read_table(path, columns=list(_COLUMNS))
    except FileNotFoundError:
        raise DataError(f"{path}: no such file, though metrics.json names it; evaluate again") from None
    except (pa.ArrowInvalid, OSError) as error:
        raise DataError(f"{path}: not readable as Parquet ({error}); evaluate again") from None
    missing = [name for name in _COLUMNS if name not in table.column_names]
    if missing:
        raise DataError(f"{path}: lacks columns {', '.join(missing)}; evaluate again")
    table = table.filter(pc.invert(pc.and_(table["abstained"], pc.is_null(table["predicted"]))))
    predicted = pc.fill_null(table["predicted"], NO_ANSWER)
    table = table.set_column(table.column_names.index("predicted"), "predicted", predicted)
    wrong = table.filter(pc.not_equal(table["stance"], table["predicted"]))
    order = np.argsort(-pc.fill_null(wrong["confidence"], 1.0).to_numpy(), kind="stable")[:limit]
    return ErrorList([_error_row(row) for row in wrong.take(order).to_pylist()], total=len(wrong), rows=len(table))


def _error_row(row: dict[str, Any]) -> ErrorRow:
    example = Example.from_cells(row)
    return ErrorRow(
        id=example.id,
        pieces=mark_example(example),
        source=example.source,
        target=example.target,
        document=example.document,
        gold=example.stance or "",
        predicted=row["predicted"],
        confidence=row["confidence"],
    )
