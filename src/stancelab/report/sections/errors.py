"""Prediction tables -> the most confident errors, with source and target marked in the text."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from stancelab.errors import DataError
from stancelab.schema import EXAMPLE_COLUMNS, Example

if TYPE_CHECKING:
    from pathlib import Path

#: Errors that are kept for the report's table, which can be sorted and filtered.
KEPT_MISTAKES: Final = 500
#: Errors that are shown at once.
SHOWN_MISTAKES: Final = 20

_COLUMNS: Final = (*EXAMPLE_COLUMNS, "predicted", "confidence")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text: `kind` is "target", "source" or "" for the rest."""

    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class Mistake:
    """One row that was predicted wrongly.

    Attributes:
        id: The row's id in the input file.
        pieces: The text, with source and target told apart.
        source: Whose stance it is; "" is the author.
        target: What the stance is about.
        document: The article it is from, "" if unknown.
        gold: The stance of the label.
        predicted: The stance of the system.
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
class Mistakes:
    """The most confident errors of one run, and how many errors and rows there are in all."""

    kept: list[Mistake]
    total: int
    rows: int

    @property
    def by_confidence(self) -> bool:
        """Whether the system says how sure it is, so that they stand in that order."""
        return all(mistake.confidence is not None for mistake in self.kept)


def confident_mistakes(run_folder: Path, predictions: str, limit: int = KEPT_MISTAKES) -> Mistakes:
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
    wrong = table.filter(pc.not_equal(table["stance"], table["predicted"]))
    order = np.argsort(-pc.fill_null(wrong["confidence"], 1.0).to_numpy(), kind="stable")[:limit]
    return Mistakes([_mistake(row) for row in wrong.take(order).to_pylist()], total=len(wrong), rows=len(table))


def mark(text: str, target: tuple[int, int] | None, source: tuple[int, int] | None) -> list[Piece]:
    """Cut a text into pieces by the character ranges of target and source; where they overlap the target wins."""
    kinds = [""] * len(text)
    for kind, span in (("source", source), ("target", target)):
        if span is not None:
            kinds[slice(*span)] = [kind] * len(range(*slice(*span).indices(len(text))))
    pieces = []
    for kind, run in itertools.groupby(range(len(text)), key=kinds.__getitem__):
        places = list(run)
        pieces.append(Piece(text[places[0] : places[-1] + 1], kind))
    return pieces


def _mistake(row: dict[str, Any]) -> Mistake:
    example = Example.from_cells(row)
    return Mistake(
        id=example.id,
        pieces=mark(example.text, example.mention("target"), example.mention("source")),
        source=example.source,
        target=example.target,
        document=example.document,
        gold=example.stance or "",
        predicted=row["predicted"],
        confidence=row["confidence"],
    )
