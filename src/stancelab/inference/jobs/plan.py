"""A table and its output, checked before a model is loaded.

Every row is checked, so that a bad row at the end is found before hours of prediction.
"""

from __future__ import annotations

import dataclasses
import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from stancelab.errors import DataError, RowProblem, count_of
from stancelab.files import can_write
from stancelab.grouped import ProblemGroups
from stancelab.inference.jobs.constants import check_constants, constant_columns, not_read
from stancelab.inference.jobs.parts import check_parts, joined_counts
from stancelab.inference.jobs.parts_folder import parts_folder
from stancelab.inference.jobs.rows import checked_row
from stancelab.offsets import OffsetVotes
from stancelab.schema import PREDICTION_COLUMNS, SOURCE, Example
from stancelab.tables.careless import Traces
from stancelab.tables.cells import flat_text
from stancelab.tables.columns import map_columns
from stancelab.tables.csv_lines import Style, needs_quotes
from stancelab.tables.filtered import FilteredFile
from stancelab.tables.formats import DELIMITERS, format_of
from stancelab.tables.unread import listed_columns, source_warning, synonym, trained_warnings
from stancelab.tables.writable import HugeInteger, check_columns, kind_of
from stancelab.tables.writers import check_output

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from stancelab.inference.settings import PredictSettings
    from stancelab.tables.formats import Format
    from stancelab.tables.table_file import TableFile

REQUIRED = ("text", "target")
logger = logging.getLogger(__name__)


@dataclass
class Survey:
    """What a pass over the rows of a table found.

    Attributes:
        rows: How many rows can be predicted.
        rejected: How many cannot.
        problems: Why, equal problems together.
        unbounded: How many of those end nobody knows where, so that they cannot be left out.
        warnings: What is to be told of the rows, though they can be read.
        types: The types of each column's cells, as `kind_of` gives them.
        needs_quotes: Whether a cell has what a TSV writes between quotes.
        offsets: How its spans were counted, as far as their words tell.
    """

    rows: int = 0
    rejected: int = 0
    problems: ProblemGroups = field(default_factory=ProblemGroups)
    unbounded: int = 0
    warnings: list[str] = field(default_factory=list)
    types: dict[str, set[type]] = field(default_factory=dict)
    needs_quotes: bool = False
    offsets: OffsetVotes = field(default_factory=OffsetVotes)


@dataclass(frozen=True)
class TableJob:
    """A table that was checked and can be predicted.

    Attributes:
        table: The input.
        output: The output.
        settings: Columns, batches, and what to do with rows that cannot be used.
        columns: Field -> the table's column.
        constants: Field -> its value in every row, where the settings give one.
        added: The columns that are added, by the names they get: those of `constants`, then the prediction's.
        survey: What the pass over the input found.
        rejected_to: Where the rows that cannot be used are listed.
    """

    table: TableFile
    output: Path
    settings: PredictSettings
    columns: dict[str, str]
    constants: dict[str, str]
    added: list[str]
    survey: Survey
    rejected_to: Path

    @property
    def style(self) -> Style:
        """How an output of CSV or TSV is written."""
        return Style(
            byte_order_mark=self.settings.bom,
            safe_cells=self.settings.safe_cells,
            quoted_header=self.survey.needs_quotes,
        )


def check_table(
    source: Path,
    output: Path,
    settings: PredictSettings,
    trained: Mapping[str, Sequence[str]] | None = None,
    key: Mapping[str, Any] | None = None,
) -> TableJob:
    """Check a table and its output, every row of it.

    Args:
        source: The input: a table in any format that is read.
        output: The output, in the format that its name tells.
        settings: Columns, batches, and what to do with rows that cannot be used.
        trained: Field -> what its columns were called in the checkpoint's training, to be suggested.
        key: What parts of the output belong to, where some may be there.

    Raises:
        DataError: The input cannot be read, lacks a column, has rows that cannot be used (unless they are dropped), or
            has columns named like those of the prediction; or the output exists, has no format or cannot be written, or
            parts of it are there that cannot be used.
    """
    check_output(output)
    check_style(output, settings)
    is_joined = settings.resume and joined_counts(output, key or {}) is not None
    _check_replaced(source, output, settings, is_joined=is_joined)
    goes_on = bool(check_parts(output, key or {}, resume=settings.resume, overwrite=settings.overwrite)) or is_joined
    _check_folder(output)
    table = FilteredFile(source, settings.where, settings.table_options())
    trained = trained or {}
    if table.has_columns:
        columns = mapped_columns(table, settings, trained)
        survey = _survey(table, columns, format_of(output), settings)
    else:
        survey = _survey(table, named_columns(settings), format_of(output), settings)
        # Where no row of JSON Lines can be read there are no columns; the problems of the rows say why.
        columns = mapped_columns(table, settings, trained) if table.columns else {}
    for line in survey.warnings:
        logger.warning("%s", line)
    job = table_job(table, output, settings, columns, trained, survey)
    _tell_huge_numbers(table, survey, format_of(output))
    if survey.rejected:
        _check_rejected(table, survey, job.rejected_to, settings, may_replace=settings.overwrite or goes_on)
    if survey.rows == 0:
        what = f"{table.excluded or 'has no rows'}, so there is nothing to predict"
        what = "no row is left to predict" if survey.rejected else what
        raise DataError(f"{source}: {what}")
    return job


def table_job(
    table: FilteredFile,
    output: Path,
    settings: PredictSettings,
    columns: dict[str, str],
    trained: Mapping[str, Sequence[str]],
    survey: Survey | None = None,
) -> TableJob:
    """Return the job of a table whose columns were found, and say which of them are not read.

    Args:
        table: The input.
        output: The output.
        settings: Columns, batches, and what to do with rows that cannot be used.
        columns: Field -> the table's column.
        trained: Field -> what its columns were called in the checkpoint's training, to be suggested.
        survey: What a pass over the input found, None where there was none.

    Raises:
        DataError: Spans are counted in another way, or a column is named like one of the prediction, or cannot be
            written.
    """
    survey = survey or Survey()
    _tell_unread(table, columns, settings, trained)
    refusal = survey.offsets.refusal(str(table.path), "predict.offsets", settings.offsets)
    if refusal is not None:
        raise DataError(refusal)
    added = _added_columns(table, settings)
    check_columns(output, format_of(output), [*table.columns, *added])
    rejected_to = output.with_name(f"{output.stem}.rejected.csv")
    return TableJob(table, output, settings, columns, settings.constants(), added, survey, rejected_to)


def check_style(output: Path, settings: PredictSettings) -> None:
    """Raise a `DataError` where settings of CSV and TSV are given for another output."""
    if (settings.bom or settings.safe_cells) and format_of(output) not in DELIMITERS:
        raise DataError(
            f"{output}: predict.bom and predict.safe_cells are for outputs of .csv and .tsv; leave them out"
        )


def _check_replaced(source: Path, output: Path, settings: PredictSettings, *, is_joined: bool) -> None:
    """Raise a `DataError` where the output is the input, or is there and not to be replaced."""
    if not output.exists():
        return
    if output.resolve() == source.resolve():
        raise DataError(f"{output}: is the input; name another file")
    if not (settings.overwrite or is_joined):
        whole = settings.resume and not parts_folder(output).exists()
        nothing_left = ", and no unfinished prediction of it is there to go on with" if whole else ""
        raise DataError(
            f"{output}: exists already{nothing_left}; name another file, or replace it with predict.overwrite=true"
        )


def _check_folder(output: Path) -> None:
    """Raise a `DataError` where the output's folder, or the nearest one that there is, cannot hold it."""
    nearest = next(folder for folder in output.absolute().parents if folder.exists() or folder.is_symlink())
    if not nearest.is_dir():
        raise DataError(f"{output}: {nearest} is no folder; name another output")
    if not can_write(nearest):
        raise DataError(f"{output}: the folder {nearest} cannot be written to; name another output")


def named_columns(settings: PredictSettings) -> dict[str, str]:
    """Return what each field's column is called where there is one."""
    return {name: column or name for name, column in _named(settings).items()}


def mapped_columns(table: TableFile, settings: PredictSettings, trained: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Return by field the table's column that is read for it.

    Args:
        table: The table, whose columns are known.
        settings: Which columns are named.
        trained: Field -> what its columns were called in the checkpoint's training, to be suggested.

    Raises:
        DataError: A column is missing, or stands beside a setting that gives it.
    """
    check_constants(str(table.path), table.columns, settings)
    required = [field for field in REQUIRED if field not in settings.constants()]
    return map_columns(
        str(table.path),
        table.columns,
        _named(settings),
        required=required,
        group="predict",
        ignore=settings.ignore,
        likely=trained,
    )


def _named(settings: PredictSettings) -> dict[str, str | None]:
    """Return by field the column that the user named, of the fields that are read from the table."""
    left_out = not_read(settings)
    return {name: column for name, column in dataclasses.asdict(settings.columns).items() if name not in left_out}


def _tell_unread(
    table: FilteredFile,
    columns: Mapping[str, str],
    settings: PredictSettings,
    trained: Mapping[str, Sequence[str]],
) -> None:
    """Log which columns of a table are not read: one of them may say whose stance it is."""
    read = {*columns.values(), *settings.ignore, *table.condition_columns}
    unread = [name for name in table.columns if name not in read]
    if not unread or not columns:
        return
    has_source = SOURCE in columns or SOURCE in settings.constants()
    warnings = trained_warnings(str(table.path), unread, {*columns, *not_read(settings)}, trained, "predict")
    for line in warnings:
        logger.warning("%s", line)
    speaker = None if has_source or warnings else synonym(SOURCE, unread)
    if speaker is not None:
        logger.warning("%s", source_warning(str(table.path), speaker, "predict"))
    advice = "" if has_source else " (predict.columns.source=COLUMN if one of them says whose stance it is)"
    logger.info("%s: not read, but copied: %s%s", table.path, listed_columns(unread), advice)


def _survey(table: TableFile, columns: Mapping[str, str], output: Format, settings: PredictSettings) -> Survey:
    survey, file, traces = Survey(), str(table.path), Traces()
    for batch in table.rows():
        checked = [
            (number, checked_row(file, number, row, columns, output, settings, survey.offsets))
            for number, row in batch.rows
        ]
        problems = [*batch.problems, *(found for _, found in checked if isinstance(found, RowProblem))]
        traces.add(found for _, found in checked if isinstance(found, Example))
        for _, row in batch.rows:
            for name, cell in row.items():
                survey.types.setdefault(name, set()).add(kind_of(cell))
                if output == "tsv" and not survey.needs_quotes:
                    survey.needs_quotes = needs_quotes(flat_text(cell)) or needs_quotes(name) or len(row) == 1
        survey.rows += len(batch) - len(problems)
        survey.rejected += len(problems)
        survey.unbounded += sum(problem.unbounded for problem in problems)
        survey.warnings += batch.warnings
        survey.problems.add(sorted(problems, key=lambda problem: problem.row))
    survey.warnings += traces.lines(file, "predict")
    return survey


def _tell_huge_numbers(table: TableFile, survey: Survey, output: Format) -> None:
    """Log which whole numbers are written as text, since the output's readers know no such numbers."""
    huge = [name for name, types in survey.types.items() if HugeInteger in types]
    if huge and output in ("jsonl", "parquet"):
        names = ", ".join(map(repr, huge))
        logger.warning("%s: whole numbers of more than 64 bits are written as text: column %s", table.path, names)


def _added_columns(table: TableFile, settings: PredictSettings) -> list[str]:
    added = constant_columns(table.columns, settings)
    added += [f"{settings.prefix}{name}" for name in PREDICTION_COLUMNS]
    clash = [name for name in added if name in table.columns]
    if clash:
        raise DataError(
            f"{table.path}: has the column {clash[0]!r}, as the predictions have; rename it, or give the predictions' "
            "columns a prefix: predict.prefix=stancelab_"
        )
    return added


def _check_rejected(
    table: TableFile, survey: Survey, rejected_to: Path, settings: PredictSettings, *, may_replace: bool
) -> None:
    """Raise a `DataError` where rows cannot be used and are not to be dropped, or cannot be listed."""
    if settings.on_bad_rows == "fail" or survey.unbounded:
        advice = "Correct them, or leave them out with predict.on_bad_rows=drop"
        if survey.unbounded:
            advice = "Correct them; those whose end nobody knows are not left out by predict.on_bad_rows=drop"
        raise DataError(
            f"{count_of(survey.rejected, 'row')} of {table.path} cannot be used, nothing was written:\n"
            f"{survey.problems.listed()}\n{advice}"
        )
    if rejected_to.is_dir():
        raise DataError(f"{rejected_to}: is a folder, and the rows left out would be listed there; name another output")
    is_input = rejected_to.resolve() == table.path.resolve()
    if rejected_to.exists() and (is_input or not may_replace):
        raise DataError(
            f"{rejected_to}: exists already, and the rows left out would be listed there; name another output"
        )
