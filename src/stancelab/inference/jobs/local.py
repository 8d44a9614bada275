"""Prediction over a table in one process, batch by batch and in constant memory.

The rows are written beside the output, which they replace when all is done.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from tqdm.auto import tqdm

from stancelab.encoding import Cut
from stancelab.errors import RowProblem, count_of
from stancelab.inference.classifier import to_prediction, warn_of_cut
from stancelab.inference.jobs.rows import checked_row
from stancelab.tables.formats import format_of
from stancelab.tables.rejected import RejectedRows
from stancelab.tables.writers import arrow_types, open_writer

if TYPE_CHECKING:
    import pyarrow as pa

    from stancelab.inference.classifier import StanceClassifier
    from stancelab.inference.jobs.plan import TableJob
    from stancelab.inference.settings import PredictSettings
    from stancelab.tables.batches import RowBatch
    from stancelab.tables.writers import TableWriter

logger = logging.getLogger(__name__)


def predict_table(classifier: StanceClassifier, job: TableJob) -> dict[str, int]:
    """Classify a table's rows and write the table with the prediction columns after its own.

    Rows that cannot be used are listed with reasons in `job.rejected_to`. A warning says of how many rows the encoder
    could not see all.

    Args:
        classifier: The checkpoint.
        job: What `check_table` returned.

    Returns:
        How many "rows" were predicted, how many "rejected" and how many "abstained"; of how many rows the text
        ("cut_texts"), the target ("cut_targets") or the source ("cut_sources") was cut; of how many the text does not
        mention the target ("not_in_text"), and of how many the input does not tell the target ("untold_targets") or the
        source ("untold_sources").
    """
    threshold = threshold_of(classifier, job.settings)
    names = [*job.table.columns, *job.added]
    cut, abstained = Cut(), 0
    with (
        RejectedRows(job.rejected_to) as rejected,
        open_writer(job.output, names, _schema(job), job.style) as writer,
        tqdm(total=job.survey.rows, unit="row", disable=None) as bar,
    ):
        for batch in job.table.rows():
            of_batch, withheld = _predict_batch(classifier, threshold, job, batch, writer, rejected)
            bar.update(of_batch.rows)
            cut += of_batch
            abstained += withheld
    if job.survey.rejected:
        logger.warning("left out: %s; listed with reasons in %s", count_of(job.survey.rejected, "row"), job.rejected_to)
    warn_of_cut(cut, classifier.info.input.max_length)
    return {
        "rows": job.survey.rows,
        "rejected": job.survey.rejected,
        "abstained": abstained,
        **{f"cut_{part}": getattr(cut, part) for part in ("texts", "targets", "sources")},
        "not_in_text": cut.unmarked,
        "untold_targets": cut.untold_targets,
        "untold_sources": cut.untold_sources,
    }


def threshold_of(classifier: StanceClassifier, settings: PredictSettings) -> float:
    """Return the confidence below which rows abstain, 0 where the settings set none.

    Raises:
        ConfigError: The checkpoint has no threshold of the name that the settings give.
    """
    return settings.min_confidence if settings.threshold is None else classifier.threshold(settings.threshold)


def _predict_batch(
    classifier: StanceClassifier,
    threshold: float,
    job: TableJob,
    batch: RowBatch,
    writer: TableWriter,
    rejected: RejectedRows,
) -> tuple[Cut, int]:
    """Write the rows of a batch; return how many were predicted, what was cut of them, and how many abstained."""
    problems, rows, examples = list(batch.problems), [], []
    output = format_of(job.output)
    for number, row in batch.rows:
        found = checked_row(str(job.table.path), number, row, job.columns, output, job.settings)
        if isinstance(found, RowProblem):
            problems.append(found)
        else:
            rows.append(row)
            examples.append(found)
    rejected.write(sorted(problems, key=lambda problem: problem.row))
    predictions = [to_prediction(shares, threshold) for shares in classifier.predict_proba(examples)]
    constants = [*job.constants.values()]
    writer.write(
        [
            {**row, **dict(zip(job.added, [*constants, *prediction.cells().values()], strict=True))}
            for row, prediction in zip(rows, predictions, strict=True)
        ]
    )
    return replace(classifier.cut, rows=len(rows)), sum(prediction.abstained for prediction in predictions)


def _schema(job: TableJob) -> pa.Schema:
    """Return the types of the output's columns: the input's own, then those of the prediction."""
    import pyarrow as pa

    types = [*[pa.string()] * len(job.constants), pa.string(), *[pa.float64()] * 5, pa.bool_()]
    added = [pa.field(name, kind) for name, kind in zip(job.added, types, strict=True)]
    return pa.schema([*arrow_types(job.table, job.survey.types), *added])
