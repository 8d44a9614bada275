"""Probabilities that are checked, and the prediction tables in which they are kept beside their examples."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from stancelab.errors import DataError, count_of, list_problems, shorten, verb
from stancelab.files import atomic_file
from stancelab.layout import is_word_character
from stancelab.metrics.classification import LEFT_OUT, predicted_ids
from stancelab.schema import (
    EXAMPLE_COLUMNS,
    PREDICTION_COLUMNS,
    SPAN_COLUMNS,
    STANCES,
    TRAINED_ON,
    Example,
    System,
    columns_of,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pyarrow as pa
    from numpy.typing import NDArray

    from stancelab.metrics.classification import Floats

#: How far a row of probabilities may be from summing to 1: float32 rounding stays well within it.
_SUM_TOLERANCE: Final = 1e-6
#: Bytes of a system's name in a file name, which has room for 255 with the test file's name and a temporary suffix.
_STEM_BYTES: Final = 120


def label_of(system: System) -> str:
    """Return a system's name, and its seed where it has one, as messages show them."""
    return f"system {system.name!r}" + ("" if system.seed is None else f" (seed {system.seed})")


def file_stem(system: System) -> str:
    """Return a system's name, and its seed where it has one, as part of a file name that any file system takes."""
    name = unicodedata.normalize("NFC", system.name)
    kept = "".join(each if is_word_character(each) or each in ".+-" else " " for each in name)
    safe = "-".join(kept.split()).encode()[:_STEM_BYTES].decode(errors="ignore").strip("-.") or "system"
    return safe if system.seed is None else f"{safe}-seed{system.seed}"


def checked_probabilities(system: System, split: str, examples: Sequence[Example]) -> Floats:
    """Ask a system for its probabilities and return them as doubles of shape (n, 3).

    Raises:
        DataError: Of another shape, not finite, negative, or a row that does not sum to 1.
    """
    answer = system.predict_proba(examples)
    where = f"{label_of(system)} on {split!r}"
    try:
        probabilities = np.asarray(answer, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise DataError(f"{where}: gave probabilities that are not numbers ({error})") from None
    expected = (len(examples), len(STANCES))
    if probabilities.shape != expected:
        raise DataError(
            f"{where}: gave probabilities of shape {probabilities.shape}, expected {expected}: "
            f"one row for each example, columns {', '.join(STANCES)}"
        )
    finite = np.isfinite(probabilities).all(axis=1)
    sums = probabilities.sum(axis=1)
    bad = ~finite | (probabilities < 0).any(axis=1) | ~(np.abs(sums - 1) <= _SUM_TOLERANCE)
    if not system.answers_every_row:
        bad &= np.isin(predicted_ids(probabilities), range(len(STANCES)))
    if bad.any():
        rows = np.flatnonzero(bad)
        found = [f"id {shorten(examples[i].id)!r}: {probabilities[i].tolist()}, sum {sums[i]:.7g}" for i in rows[:20]]
        raise DataError(
            f"{where}: {len(rows):,} of {count_of(len(examples), 'row')} {verb(len(rows), 'has', 'have')} "
            "probabilities that are not finite, are negative, "
            f"or do not sum to 1 within {_SUM_TOLERANCE:g}:\n{list_problems(found, len(rows))}"
        )
    return probabilities


def check_extra_columns(split: str, examples: Sequence[Example]) -> None:
    """Raise a `DataError` where an extra column is not text, or has the name of one that the table writes itself."""
    taken = {*EXAMPLE_COLUMNS, *PREDICTION_COLUMNS, TRAINED_ON}
    clash = [name for name in _extra_names(examples) if name in taken]
    if clash:
        raise DataError(
            f"test file {split!r}: extra columns {', '.join(map(repr, clash))} have names that the predictions use; "
            "rename them in the input, or leave them out of data.extra"
        )
    for row, example in enumerate(examples, start=1):
        own: Mapping[str, object] = example.extra  # what a caller in Python gave may be of any type
        for name, value in own.items():
            if not isinstance(value, str):
                found = shorten(repr(value))
                raise DataError(f"test file {split!r}: row {row}, extra column {name!r}: found {found}, expected text")


def checked_overlap(system: System, split: str, examples: Sequence[Example]) -> NDArray[np.bool_] | None:
    """Ask a system on which texts it was trained and return it, shape (n,), None where it is not known.

    Raises:
        DataError: Of another shape.
    """
    answer = system.trained_on(examples)
    if answer is None:
        return None
    found = np.asarray(answer, dtype=bool)
    if found.shape != (len(examples),):
        raise DataError(
            f"{label_of(system)} on {split!r}: says of {found.shape} rows whether it was trained on their text, "
            f"expected {(len(examples),)}"
        )
    return found


def write_predictions(
    path: Path,
    rows: pa.Table,
    probabilities: Floats,
    trained_on: NDArray[np.bool_] | None = None,
    *,
    labels_only: bool = False,
) -> None:
    """Write rows and what a system says of them as Parquet: the rows' columns, `PREDICTION_COLUMNS`, `TRAINED_ON`.

    Args:
        path: The file.
        rows: The examples, as `example_table` returns them.
        probabilities: Shape (n, 3).
        trained_on: On which rows' texts the system was trained, shape (n,), None where that is not known.
        labels_only: Whether they stand for labels alone.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = prediction_table(rows, probabilities, labels_only=labels_only)
    overlap = pa.nulls(len(rows), pa.bool_()) if trained_on is None else pa.array(trained_on, pa.bool_())
    table = table.append_column(TRAINED_ON, overlap)
    with atomic_file(path) as partial:
        pq.write_table(table, partial, compression="zstd")


def example_table(examples: Sequence[Example]) -> pa.Table:
    """Return examples as a table: `EXAMPLE_COLUMNS`, then the columns of their own in `extra`."""
    import pyarrow as pa

    columns: dict[str, Any] = {
        name: pa.array(values, pa.int32() if name in SPAN_COLUMNS else pa.string())
        for name, values in columns_of(examples).items()
    }
    for name in _extra_names(examples):
        columns[name] = pa.array([example.extra.get(name, "") for example in examples], pa.string())
    return pa.table(columns)


def prediction_table(rows: pa.Table, probabilities: Floats, *, labels_only: bool = False) -> pa.Table:
    """Return rows and what a system says of them as a table, in the order given.

    Args:
        rows: The examples, as `example_table` returns them.
        probabilities: Shape (n, 3). The stance of the highest is the predicted one, the first of them on a tie; none is
            where a system gave no answer (zeros), or abstained (NaN).
        labels_only: Whether they stand for labels alone; confidence, probabilities and score are then null.
    """
    import pyarrow as pa

    predicted = predicted_ids(probabilities)
    values: dict[str, Any] = {
        "predicted": pa.array([STANCES[i] if 0 <= i < len(STANCES) else None for i in predicted], pa.string()),
        "confidence": probabilities.max(axis=1),
        **{f"p_{stance}": probabilities[:, i] for i, stance in enumerate(STANCES)},
        "score": probabilities[:, -1] - probabilities[:, 0],
        "abstained": predicted == LEFT_OUT,
    }
    if labels_only:
        nothing = pa.nulls(len(rows), pa.float64())
        values |= dict.fromkeys(("confidence", *(f"p_{stance}" for stance in STANCES), "score"), nothing)
    own = dict(zip(rows.column_names, rows.columns, strict=True))
    return pa.table({**own, **{name: values[name] for name in PREDICTION_COLUMNS}})


def _extra_names(examples: Sequence[Example]) -> list[str]:
    return list(dict.fromkeys(name for example in examples for name in example.extra))
