"""Files in, files out: classify the rows of a table in constant memory.

The table is read twice: first every row is checked, so that a bad row at the end is found before hours of prediction;
then the rows are predicted batch by batch and written beside the output, which they replace when all is done.
"""

from __future__ import annotations

import csv
import dataclasses
import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from tqdm.auto import tqdm

from stancelab.errors import SHOWN_PROBLEMS, DataError, RowProblem, did_you_mean, list_problems
from stancelab.files import atomic_file
from stancelab.inference.classifier import to_prediction
from stancelab.schema import PREDICTION_COLUMNS, Example, Prediction, Span, problems_of
from stancelab.tables.formats import cell_text, column_names
from stancelab.tables.typed import check_output, open_writer, read_rows, schema_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from stancelab.inference.classifier import StanceClassifier
    from stancelab.inference.settings import PredictSettings

logger = logging.getLogger(__name__)

_SPANS: Final = ("target_start", "target_end", "source_start", "source_end")


@dataclass
class _Survey:
    """What the first pass over the input found."""

    rows: int = 0
    rejected: int = 0
    problems: list[RowProblem] = field(default_factory=list)
    columns: dict[str, None] = field(default_factory=dict)
    types: dict[str, set[type]] = field(default_factory=dict)


@dataclass(frozen=True)
class TableJob:
    """A table that was checked and can be predicted.

    Attributes:
        source: The input.
        output: The output.
        settings: Columns, batches, and what to do with rows that cannot be used.
        columns: Field -> the table's column.
        added: The prediction columns by the names they get.
        survey: What the first pass over the input found.
        rejected_to: Where the rows that cannot be used are listed.
    """

    source: Path
    output: Path
    settings: PredictSettings
    columns: dict[str, str]
    added: list[str]
    survey: _Survey
    rejected_to: Path


def check_table(source: Path, output: Path, settings: PredictSettings) -> TableJob:
    """Check a table and its output before a model is loaded, every row of it.

    Args:
        source: The input: CSV, TSV, JSONL or Parquet.
        output: The output, in the format that its name tells.
        settings: Columns, batches, and what to do with rows that cannot be used.

    Raises:
        DataError: The input cannot be read, lacks a column, has rows that cannot be used (unless they are dropped), or
            has columns named like those of the prediction; or the output exists or has no format.
    """
    check_output(output)
    if output.exists() and (output.resolve() == source.resolve() or not settings.overwrite):
        same = output.resolve() == source.resolve()
        advice = "name another file" if same else "name another file, or replace it with predict.overwrite=true"
        raise DataError(f"{output}: {'is the input' if same else 'exists already'}; {advice}")
    columns = _columns(source, settings)
    survey = _survey(source, columns)
    added = _added_columns(source, survey, settings)
    rejected_to = output.with_name(f"{output.stem}.rejected.csv")
    if survey.rejected and settings.on_bad_rows == "fail":
        listing = list_problems(survey.problems, survey.rejected)
        raise DataError(
            f"{survey.rejected:,} rows of {source} cannot be used, nothing was written:\n{listing}\n"
            "Mend them, or leave them out with predict.on_bad_rows=drop"
        )
    if (
        survey.rejected
        and rejected_to.exists()
        and (rejected_to.resolve() == source.resolve() or not settings.overwrite)
    ):
        raise DataError(
            f"{rejected_to}: exists already, and the rows left out would be listed there; name another output"
        )
    if survey.rows == 0:
        raise DataError(f"{source}: no row is left to predict")
    return TableJob(source, output, settings, columns, added, survey, rejected_to)


def predict_table(classifier: StanceClassifier, job: TableJob) -> dict[str, int]:
    """Classify a table's rows and write the table with the prediction columns after its own.

    Args:
        classifier: The checkpoint.
        job: What `check_table` returned.

    Returns:
        How many "rows" were predicted and how many "rejected".
    """
    _predict(classifier, job)
    rejected = job.survey.rejected
    if rejected:
        _write_rejected(job.rejected_to, job.source, job.columns)
        logger.warning("%d rows were left out; they are listed with reasons in %s", rejected, job.rejected_to)
    return {"rows": job.survey.rows, "rejected": rejected}


def _columns(source: Path, settings: PredictSettings) -> dict[str, str]:
    """Return field -> the table's column, for the fields that the table has."""
    wanted = {name: column for name, column in dataclasses.asdict(settings.columns).items() if column is not None}
    present = column_names(source)
    if present is None:
        # A JSON row may lack a key that a later one has.
        rows = (row for batch in read_rows(source) for row in batch if not isinstance(row, RowProblem))
        present = list(dict.fromkeys(name for _, cells in rows for name in cells))
    for name in ("text", "target", *wanted):
        column = wanted.get(name, name)
        if column not in present:
            taken = {wanted.get(other, other) for other in ("text", "target", *wanted)}
            hint = did_you_mean(column, [other for other in present if other not in taken])
            raise DataError(
                f"{source}: no column {column!r}; the columns are {', '.join(map(repr, present)) or 'none'}.{hint} "
                f"Name it with predict.columns.{name}=COLUMN"
            )
    fields = [item.name for item in dataclasses.fields(settings.columns)]
    return {name: wanted.get(name, name) for name in fields if wanted.get(name, name) in present}


def _survey(source: Path, columns: dict[str, str]) -> _Survey:
    survey = _Survey()
    for batch in read_rows(source):
        for row in batch:
            checked = _example(source, row, columns)
            if isinstance(row, tuple):
                for name, cell in row[1].items():
                    survey.columns.setdefault(name)
                    survey.types.setdefault(name, set()).add(type(cell))
            if isinstance(checked, RowProblem):
                survey.rejected += 1
                if len(survey.problems) < SHOWN_PROBLEMS:
                    survey.problems.append(checked)
            else:
                survey.rows += 1
    return survey


def _added_columns(source: Path, survey: _Survey, settings: PredictSettings) -> list[str]:
    added = [f"{settings.prefix}{name}" for name in PREDICTION_COLUMNS]
    clash = [name for name in added if name in survey.columns]
    if clash:
        raise DataError(
            f"{source}: has the column {clash[0]!r}, as the predictions have; rename it, or give the predictions' "
            "columns a prefix: predict.prefix=stancelab_"
        )
    return added


def _predict(classifier: StanceClassifier, job: TableJob) -> None:
    import pyarrow as pa

    own, added, settings = list(job.survey.columns), job.added, job.settings
    surest = settings.min_confidence if settings.threshold is None else classifier.threshold(settings.threshold)
    types = [pa.string(), *[pa.float64()] * 5, pa.bool_()]
    schema = schema_of(job.source, own, job.survey.types)
    schema = pa.schema([*schema, *(pa.field(name, kind) for name, kind in zip(added, types, strict=True))])
    with open_writer(job.output, [*own, *added], schema) as writer, tqdm(total=job.survey.rows, unit="row") as bar:
        for batch in read_rows(job.source):
            pairs = list(_usable(job.source, batch, job.columns))
            probabilities = classifier.predict_proba([example for _, example in pairs])
            predictions = [to_prediction(row, surest) for row in probabilities]
            writer.write(
                [
                    {**cells, **dict(zip(added, _cells(prediction), strict=True))}
                    for (cells, _), prediction in zip(pairs, predictions, strict=True)
                ]
            )
            bar.update(len(pairs))


def _cells(prediction: Prediction) -> list[Any]:
    return [getattr(prediction, name) for name in PREDICTION_COLUMNS]


def _usable(source: Path, batch: Sequence[Any], columns: dict[str, str]) -> Iterator[tuple[dict[str, Any], Example]]:
    for row in batch:
        checked = _example(source, row, columns)
        if isinstance(checked, Example):
            yield row[1], checked


def _write_rejected(path: Path, source: Path, columns: dict[str, str]) -> None:
    with atomic_file(path) as partial, partial.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["file", "row", "column", "value", "reason"])
        for batch in read_rows(source):
            for row in batch:
                problem = _example(source, row, columns)
                if isinstance(problem, RowProblem):
                    writer.writerow([problem.file, problem.row, problem.column, problem.value, problem.reason])


def _example(source: Path, row: Any, columns: dict[str, str]) -> Example | RowProblem:
    """Return a row as an example, or the first reason why it cannot be one."""
    if isinstance(row, RowProblem):
        return row
    number, cells = row
    texts = {}
    for name, column in columns.items():
        cell = cells.get(column)
        if isinstance(cell, dict | list | bytes):
            return RowProblem(str(source), number, column, cell_text(cell), "expected text")
        texts[name] = cell_text(cell)
    spans = {}
    for name in _SPANS:
        value = texts.get(name, "").removesuffix(".0")
        if value and not value.isdecimal():
            return RowProblem(
                str(source), number, columns[name], value, "expected a whole number of characters, 0 or more"
            )
        spans[name] = int(value) if value else None
    for part in ("target", "source"):
        if (spans[f"{part}_start"] is None) != (spans[f"{part}_end"] is None):
            return RowProblem(str(source), number, "", "", f"{part}_start and {part}_end: only one is given")
    example = Example(
        id=str(number),
        text=texts["text"],
        target=texts["target"],
        source=texts.get("source", ""),
        target_span=_span(spans["target_start"], spans["target_end"]),
        source_span=_span(spans["source_start"], spans["source_end"]),
    )
    problems = problems_of(example)
    if problems:
        name, found, reason = problems[0]
        return RowProblem(str(source), number, columns.get(name, name), found, reason)
    return example


def _span(start: int | None, end: int | None) -> Span | None:
    return None if start is None or end is None else Span(start, end)
