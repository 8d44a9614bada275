"""Prediction from standard input to standard output: rows go out as they come in.

Nobody can look at the rows before the first of them is answered, so that a row that cannot be used ends the prediction
where it stands, unless such rows are left out.
"""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import replace
from typing import IO, TYPE_CHECKING

from stancelab.errors import DataError, count_of
from stancelab.grouped import ProblemGroups
from stancelab.inference.classifier import warn_of_cut
from stancelab.inference.jobs.plan import check_style, mapped_columns, named_columns, table_job
from stancelab.inference.jobs.table import cut_of, predict_windows, threshold_of
from stancelab.tables.pieces import Layout, Utf8
from stancelab.tables.rejected import RejectedRows
from stancelab.tables.unused import OF_INPUTS, check_columns, check_options
from stancelab.tables.writers import text_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from stancelab.errors import RowProblem
    from stancelab.inference.engines.base import Engine
    from stancelab.inference.jobs.plan import TableJob
    from stancelab.inference.settings import PredictSettings
    from stancelab.tables.batches import RowBatch
    from stancelab.tables.streamed import StreamedFile

logger = logging.getLogger(__name__)


def check_stream(
    table: StreamedFile, output: Path, settings: PredictSettings, trained: Mapping[str, Sequence[str]]
) -> TableJob:
    """Check the columns of a table that is read as it comes.

    Args:
        table: The table.
        output: A name in the format in which rows go out; rows that are left out are listed in a file beside it.
        settings: Columns, batches, and what to do with rows that cannot be used.
        trained: Field -> what its columns were called in the checkpoint's training, to be suggested.

    Raises:
        ConfigError: A setting does not concern its format.
        DataError: It lacks a column, or has columns named like those of the prediction.
    """
    check_style(output, settings)
    check_options([table.format], settings, OF_INPUTS)
    columns = mapped_columns(table, settings, trained)
    job = table_job(table, output, settings, columns, trained)
    # A later row of JSON Lines may have what is ignored.
    check_columns(job.table.columns, job.columns, replace(settings, ignore=[]), OF_INPUTS)
    # Whether a cell needs quotes is not known when the header goes out.
    job.survey.needs_quotes = job.table.format == "tsv"
    return job


def predict_stream(engine: Engine, job: TableJob, file: IO[bytes]) -> dict[str, int]:
    """Classify rows as they come, and write them with their predictions; return counts as `predict_table` does.

    Args:
        engine: Answers with the checkpoint, batch by batch as they come.
        job: What `check_stream` returned.
        file: Where the rows go.

    Raises:
        DataError: A row cannot be used and is not to be left out; the rows before its batch are written.
    """
    import pyarrow as pa

    threshold = threshold_of(engine, job.settings)
    layout = Layout(job.output, [*job.table.columns, *job.added], pa.schema([]), job.style)
    writer = text_rows(Utf8(file), job.table.format, layout.columns, layout.style)
    total = Counter[str](rejected=0)
    late = _LateColumns(job)
    with RejectedRows(job.rejected_to) as rejected:
        file.write(layout.header().encode())
        for predicted in predict_windows(engine, threshold, job, late.looked(job.table.rows())):
            _check(predicted.problems, job, total["rows"])
            rejected.write(predicted.problems)
            writer.write(predicted.rows)
            file.flush()
            total.update(predicted.counts)
    if total["rejected"]:
        logger.warning("left out: %s; listed with reasons in %s", count_of(total["rejected"], "row"), job.rejected_to)
    warn_of_cut(cut_of(total), engine.info.input.max_length)
    return dict(total)


def _check(problems: Sequence[RowProblem], job: TableJob, written: int) -> None:
    """Raise a `DataError` where rows cannot be used and are not to be left out."""
    unbounded = any(problem.unbounded for problem in problems)
    if not problems or (job.settings.on_bad_rows == "drop" and not unbounded):
        return
    groups = ProblemGroups()
    groups.add(problems)
    advice = "Correct them" if unbounded else "Correct them, or leave them out with predict.on_bad_rows=drop"
    raise DataError(
        f"{count_of(len(problems), 'row')} of standard input cannot be used; {count_of(written, 'row')} before them "
        f"went out:\n{groups.listed()}\n{advice}"
    )


class _LateColumns:
    """Tells once of columns that could be read, but come after the columns were found, as in JSON Lines."""

    def __init__(self, job: TableJob) -> None:
        self._wanted = {*named_columns(job.settings).values()} - {*job.table.columns}

    def looked(self, windows: Iterable[RowBatch]) -> Iterator[RowBatch]:
        """Pass batches on, and look at the columns of their rows."""
        for window in windows:
            self._look(window)
            yield window

    def _look(self, window: RowBatch) -> None:
        for number, row in window.rows if self._wanted else ():
            found = [name for name in row if name in self._wanted]
            for name in found:
                logger.warning(
                    "row %d: the column %r is not read, since the first rows do not have it; give it there, if only "
                    "as null",
                    number,
                    name,
                )
            self._wanted.difference_update(found)
