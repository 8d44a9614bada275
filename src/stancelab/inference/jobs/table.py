"""Prediction over a table, batch by batch and in constant memory.

Rows are written in parts beside the output, which takes its place when all are done.
"""

from __future__ import annotations

import logging
import time
from collections import deque
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Final

from stancelab.encoding import Cut
from stancelab.errors import DataError, RowProblem, count_of
from stancelab.inference.classifier import to_prediction, warn_of_cut
from stancelab.inference.jobs.parts import open_parts
from stancelab.inference.jobs.progress import progress
from stancelab.inference.jobs.rows import checked_row
from stancelab.tables.formats import format_of
from stancelab.tables.pieces import Layout
from stancelab.tables.rejected import COLUMNS
from stancelab.tables.stdin import as_told
from stancelab.tables.writers import arrow_types

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    import pyarrow as pa

    from stancelab.inference.engines.base import Answer, Engine
    from stancelab.inference.jobs.parts import Part, Parts
    from stancelab.inference.jobs.plan import TableJob
    from stancelab.inference.settings import PredictSettings
    from stancelab.schema import Example
    from stancelab.tables.batches import RowBatch

logger = logging.getLogger(__name__)

#: A part ends after so many seconds: what a prediction that is killed loses at most.
PART_SECONDS = 30.0


def predict_table(
    engine: Engine,
    job: TableJob,
    key: Mapping[str, Any] | None = None,
    tell: Callable[..., None] | None = None,
) -> dict[str, int]:
    """Classify a table's rows and write the table with the prediction columns after its own.

    Rows that cannot be used are listed with reasons in `job.rejected_to`. A warning says of how many rows the encoder
    could not see all.

    Args:
        engine: Answers with the checkpoint.
        job: What `check_table` returned.
        key: What the parts of the output belong to, by name: `settings.resume` goes on with parts of the same.
        tell: Is told how many rows were done; None shows it.

    Returns:
        How many "rows" were predicted, how many "rejected" and how many "abstained"; of how many rows the text
        ("cut_texts"), the target ("cut_targets") or the source ("cut_sources") was cut; of how many the text does not
        mention the target ("not_in_text"), and of how many the input does not tell the target ("untold_targets") or the
        source ("untold_sources").

    Raises:
        DataError: The output cannot be written, the input was changed since it was checked, or parts of the output are
            there that cannot be used.
    """
    if tell is None:
        with progress(job.survey.rows) as tell:
            return predict_table(engine, job, key, tell)
    settings = job.settings
    threshold = threshold_of(engine, settings)
    layouts = (Layout(job.output, [*job.table.columns, *job.added], _schema(job), job.style), _rejected_layout(job))
    with open_parts(job.output, key or {}, resume=settings.resume, overwrite=settings.overwrite) as parts:
        tell(parts.counts["rows"], before=True)
        if parts.joined is None:
            predicted = predict_windows(engine, threshold, job, islice(job.table.rows(), parts.windows, None))
            for first in predicted:
                with parts.new(*layouts) as part:
                    _fill(part, chain([first], predicted), tell)
            _check_unchanged(job, parts)
            parts.join(*layouts)
        counts = parts.counts
    if counts["rejected"]:
        logger.warning("left out: %s; listed with reasons in %s", count_of(counts["rejected"], "row"), job.rejected_to)
    warn_of_cut(cut_of(counts), engine.info.input.max_length)
    return {name: counts[name] for name in ("rows", "rejected", "abstained", *_CUT)}


def threshold_of(engine: Engine, settings: PredictSettings) -> float:
    """Return the confidence below which rows abstain, 0 where the settings set none.

    Raises:
        ConfigError: The checkpoint has no threshold of the name that the settings give.
    """
    return settings.min_confidence if settings.threshold is None else engine.threshold(settings.threshold)


#: What is counted of what the encoder could not see, by the field of `Cut`.
_CUT: Final = {
    "cut_texts": "texts",
    "cut_targets": "targets",
    "cut_sources": "sources",
    "not_in_text": "unmarked",
    "untold_targets": "untold_targets",
    "untold_sources": "untold_sources",
}


def cut_of(counts: Mapping[str, int]) -> Cut:
    """Return what the encoder could not see, from the counts of `predict_table`."""
    return Cut(rows=counts["rows"], **{field: counts[name] for name, field in _CUT.items()})


def _fill(part: Part, windows: Iterable[Predicted], tell: Callable[..., None]) -> None:
    """Put what batches of the input have become into a part until it has taken its time."""
    until = time.monotonic() + PART_SECONDS
    for window in windows:
        part.add(window.rows, window.problems, window.counts)
        tell(window.counts["rows"])
        if time.monotonic() >= until:
            return


@dataclass(frozen=True)
class Predicted:
    """What a batch of the input has become.

    Attributes:
        rows: The rows with their predictions.
        problems: Those that cannot be used.
        counts: What is counted, by name.
    """

    rows: list[dict[str, Any]]
    problems: list[RowProblem]
    counts: dict[str, int]


@dataclass(frozen=True)
class _Checked:
    """The rows of a batch that can be used, each as an example too, and those that cannot."""

    rows: list[dict[str, Any]]
    examples: list[Example]
    problems: list[RowProblem]


def predict_windows(
    engine: Engine, threshold: float, job: TableJob, windows: Iterable[RowBatch]
) -> Iterator[Predicted]:
    """Yield what batches of the input become, in their order.

    Args:
        engine: Answers with the checkpoint; batches that it takes ahead of its answers are held in memory.
        threshold: The confidence below which rows abstain.
        job: What was found out of the table.
        windows: The batches.
    """
    ahead: deque[_Checked] = deque()

    def examples() -> Iterator[Sequence[Example]]:
        for window in windows:
            ahead.append(_checked(job, window))
            yield ahead[-1].examples

    for answer in engine.answers(examples()):
        yield _predicted(job, threshold, ahead.popleft(), answer)


def _checked(job: TableJob, window: RowBatch) -> _Checked:
    checked = _Checked([], [], list(window.problems))
    output = format_of(job.output)
    for number, row in window.rows:
        found = checked_row(str(job.table.path), number, row, job.columns, output, job.settings)
        if isinstance(found, RowProblem):
            checked.problems.append(found)
        else:
            checked.rows.append(row)
            checked.examples.append(found)
    return checked


def _predicted(job: TableJob, threshold: float, checked: _Checked, answer: Answer) -> Predicted:
    predictions = [to_prediction(shares, threshold) for shares in answer.probabilities]
    constants = [*job.constants.values()]
    written = [
        {**row, **dict(zip(job.added, [*constants, *prediction.cells().values()], strict=True))}
        for row, prediction in zip(checked.rows, predictions, strict=True)
    ]
    cut = replace(answer.cut, rows=len(checked.rows))
    counts = {
        "rows": len(checked.rows),
        "rejected": len(checked.problems),
        "abstained": sum(prediction.abstained for prediction in predictions),
        **{name: getattr(cut, field) for name, field in _CUT.items()},
    }
    told = [replace(problem, file=as_told(problem.file)) for problem in checked.problems]
    return Predicted(written, sorted(told, key=lambda problem: problem.row), counts)


def _check_unchanged(job: TableJob, parts: Parts) -> None:
    """Raise a `DataError` where other rows were read than were checked."""
    if (parts.counts["rows"], parts.counts["rejected"]) != (job.survey.rows, job.survey.rejected):
        parts.records.clear()  # nothing can go on with them
        raise DataError(f"{job.table.path}: was changed while it was read; nothing is written. Give the command again")


def _rejected_layout(job: TableJob) -> Layout:
    import pyarrow as pa

    return Layout(job.rejected_to, COLUMNS, pa.schema([]))


def _schema(job: TableJob) -> pa.Schema:
    """Return the types of the output's columns: the input's own, then those of the prediction."""
    import pyarrow as pa

    types = [*[pa.string()] * len(job.constants), pa.string(), *[pa.float64()] * 5, pa.bool_()]
    added = [pa.field(name, kind) for name, kind in zip(job.added, types, strict=True)]
    return pa.schema([*arrow_types(job.table, job.survey.types), *added])
