"""A table and its output, checked before a model is loaded.

Every row is checked, so that a bad row at the end is found before hours of prediction.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from stancelab.errors import SHOWN_PROBLEMS, DataError, RowProblem, list_problems
from stancelab.inference.jobs.rows import example_of
from stancelab.offsets import OffsetVotes
from stancelab.schema import PREDICTION_COLUMNS
from stancelab.tables.columns import map_columns
from stancelab.tables.table_file import TableFile
from stancelab.tables.writers import check_output

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from stancelab.inference.settings import PredictSettings

REQUIRED = ("text", "target")


@dataclass
class Survey:
    """What a pass over the rows of a table found.

    Attributes:
        rows: How many rows can be predicted.
        rejected: How many cannot.
        problems: The first of those.
        types: The Python types of each column's cells.
        offsets: How its spans were counted, as far as their words tell.
    """

    rows: int = 0
    rejected: int = 0
    problems: list[RowProblem] = field(default_factory=list)
    types: dict[str, set[type]] = field(default_factory=dict)
    offsets: OffsetVotes = field(default_factory=OffsetVotes)


@dataclass(frozen=True)
class TableJob:
    """A table that was checked and can be predicted.

    Attributes:
        table: The input.
        output: The output.
        settings: Columns, batches, and what to do with rows that cannot be used.
        columns: Field -> the table's column.
        added: The prediction columns by the names they get.
        survey: What the pass over the input found.
        rejected_to: Where the rows that cannot be used are listed.
    """

    table: TableFile
    output: Path
    settings: PredictSettings
    columns: dict[str, str]
    added: list[str]
    survey: Survey
    rejected_to: Path


def check_table(source: Path, output: Path, settings: PredictSettings) -> TableJob:
    """Check a table and its output, every row of it.

    Args:
        source: The input: CSV, TSV, JSONL or Parquet.
        output: The output, in the format that its name tells.
        settings: Columns, batches, and what to do with rows that cannot be used.

    Raises:
        DataError: The input cannot be read, lacks a column, has rows that cannot be used (unless they are dropped), or
            has columns named like those of the prediction; or the output exists or has no format.
    """
    check_output(output)
    _check_replaced(source, output, settings)
    table = TableFile(source)
    if table.has_columns:
        columns = _map(table, settings)
        survey = _survey(table, columns, settings.offsets)
    else:
        survey = _survey(table, _names(settings), settings.offsets)
        # Where no row of JSON Lines can be read there are no columns; the problems of the rows say why.
        columns = _map(table, settings) if table.columns else {}
    refusal = survey.offsets.refusal(str(source), "predict.offsets", settings.offsets)
    if refusal is not None:
        raise DataError(refusal)
    added = _added_columns(table, settings)
    rejected_to = output.with_name(f"{output.stem}.rejected.csv")
    if survey.rejected:
        _check_rejected(table, survey, rejected_to, settings)
    if survey.rows == 0:
        raise DataError(f"{source}: no row is left to predict")
    return TableJob(table, output, settings, columns, added, survey, rejected_to)


def _check_replaced(source: Path, output: Path, settings: PredictSettings) -> None:
    """Raise a `DataError` where the output is the input, or is there and not to be replaced."""
    if not output.exists():
        return
    if output.resolve() == source.resolve():
        raise DataError(f"{output}: is the input; name another file")
    if not settings.overwrite:
        raise DataError(f"{output}: exists already; name another file, or replace it with predict.overwrite=true")


def _names(settings: PredictSettings) -> dict[str, str]:
    """Return what each field's column is called where there is one."""
    return {name: column or name for name, column in dataclasses.asdict(settings.columns).items()}


def _map(table: TableFile, settings: PredictSettings) -> dict[str, str]:
    names = dataclasses.asdict(settings.columns)
    return map_columns(str(table.path), table.columns, names, required=REQUIRED, group="predict")


def _survey(table: TableFile, columns: Mapping[str, str], offsets: str) -> Survey:
    survey, file = Survey(), str(table.path)
    for batch in table.rows():
        checked = [
            (number, example_of(file, number, row, columns, offsets, survey.offsets)) for number, row in batch.rows
        ]
        problems = [*batch.problems, *(found for _, found in checked if isinstance(found, RowProblem))]
        for _, row in batch.rows:
            for name, cell in row.items():
                survey.types.setdefault(name, set()).add(type(cell))
        survey.rows += len(batch) - len(problems)
        survey.rejected += len(problems)
        problems.sort(key=lambda problem: problem.row)
        survey.problems += problems[: SHOWN_PROBLEMS - len(survey.problems)]
    return survey


def _added_columns(table: TableFile, settings: PredictSettings) -> list[str]:
    added = [f"{settings.prefix}{name}" for name in PREDICTION_COLUMNS]
    clash = [name for name in added if name in table.columns]
    if clash:
        raise DataError(
            f"{table.path}: has the column {clash[0]!r}, as the predictions have; rename it, or give the predictions' "
            "columns a prefix: predict.prefix=stancelab_"
        )
    return added


def _check_rejected(table: TableFile, survey: Survey, rejected_to: Path, settings: PredictSettings) -> None:
    """Raise a `DataError` where rows cannot be used and are not to be dropped, or cannot be listed."""
    if settings.on_bad_rows == "fail":
        raise DataError(
            f"{survey.rejected:,} rows of {table.path} cannot be used, nothing was written:\n"
            f"{list_problems(survey.problems, survey.rejected)}\n"
            "Correct them, or leave them out with predict.on_bad_rows=drop"
        )
    is_input = rejected_to.resolve() == table.path.resolve()
    if rejected_to.exists() and (is_input or not settings.overwrite):
        raise DataError(
            f"{rejected_to}: exists already, and the rows left out would be listed there; name another output"
        )
