"""Prediction over one table or several: all are checked first, then each becomes a file."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from stancelab.inference.jobs.plan import check_table
from stancelab.inference.jobs.progress import progress
from stancelab.inference.jobs.table import predict_table
from stancelab.tables.formats import format_of
from stancelab.tables.unused import OF_INPUTS, check_columns, check_options

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from stancelab.inference.engines.base import Engine
    from stancelab.inference.jobs.files import DoneFiles
    from stancelab.inference.jobs.plan import TableJob
    from stancelab.inference.settings import PredictSettings


@dataclass
class Plan:
    """Tables that were checked.

    Attributes:
        jobs: Those that are to be predicted, each with what its parts belong to.
        counts: Output -> its counts, of those that a prediction that was interrupted has done.
        done: Where it is noted which outputs are done, None for a single table.
    """

    jobs: list[tuple[TableJob, Mapping[str, Any]]] = field(default_factory=list)
    counts: dict[Path, Mapping[str, int]] = field(default_factory=dict)
    done: DoneFiles | None = None


def plan_tables(
    pairs: Sequence[tuple[Path, Path]],
    settings: PredictSettings,
    trained: Mapping[str, Sequence[str]],
    key_of: Callable[[Path], Mapping[str, Any]],
    done: DoneFiles | None = None,
) -> Plan:
    """Check tables and their outputs, every row of them.

    Args:
        pairs: The inputs, each with its output.
        settings: Columns, batches, and what to do with rows that cannot be used.
        trained: Field -> what its columns were called in the checkpoint's training, to be suggested.
        key_of: Returns what the parts of an input's output belong to.
        done: Which outputs are done, None for a single table.

    Raises:
        ConfigError: A setting concerns none of the tables.
        DataError: A table cannot be predicted.
    """
    check_options([format_of(source) for source, _ in pairs], settings, OF_INPUTS)
    plan = Plan(done=done)
    if done is not None:
        done.check(resume=settings.resume, overwrite=settings.overwrite)
    for source, output in pairs:
        key = key_of(source)
        counts = None if done is None else done.counts(output, key)
        if counts is None:
            plan.jobs.append((check_table(source, output, settings, trained, key), key))
        else:
            plan.counts[output] = counts
    if not plan.counts:  # else those that are done may have what is named
        found = dict.fromkeys(name for job, _ in plan.jobs for name in job.table.columns)
        check_columns(found, {field for job, _ in plan.jobs for field in job.columns}, settings, OF_INPUTS)
    return plan


def predict_tables(engine: Engine, plan: Plan) -> dict[str, int]:
    """Predict the tables of a plan, one after the other, and return their counts together, as `predict_table` does.

    Args:
        engine: Answers with the checkpoint.
        plan: The tables.
    """
    before = sum(counts["rows"] for counts in plan.counts.values())
    with progress(before + sum(job.survey.rows for job, _ in plan.jobs)) as tell:
        tell(before, before=True)
        for job, key in plan.jobs:
            plan.counts[job.output] = predict_table(engine, job, key, tell)
            if plan.done is not None:
                plan.done.add(job.output, key, plan.counts[job.output])
    if plan.done is not None:
        plan.done.remove()
    total: Counter[str] = Counter()
    for counts in plan.counts.values():
        total.update(counts)
    return dict(total)
