"""The folders of evaluations: their results, and what each of their systems answered."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from stancelab.errors import DataError, count_of, list_problems, shorten
from stancelab.evaluation.checks import chosen_tests
from stancelab.evaluation.runs.external import ExternalPredictions
from stancelab.evaluation.unparsed import as_answer
from stancelab.schema import PREDICTION_COLUMNS, STANCES, TRAINED_ON, Example

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from stancelab.evaluation.learners import Folds
    from stancelab.metrics.classification import Floats
    from stancelab.results import CheckpointProvenance, Provenance, Results

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Gathered:
    """The systems of several runs.

    Attributes:
        systems: Each with its answers on `tests`; what is alike in all runs, such as a baseline, stands once.
        tests: The test files that all runs have.
        provenance: What made them.
        primary_metric: The metric by which the runs rank systems.
        folds: Of a cross-validation, by test file; empty otherwise.
        classes: The classes of the task: those of all runs.
    """

    systems: list[ExternalPredictions]
    tests: dict[str, list[Example]]
    provenance: Provenance
    primary_metric: str
    folds: Mapping[str, Folds] = field(default_factory=dict)
    classes: Sequence[str] = STANCES


@dataclass(frozen=True)
class Answers:
    """One run of one system as one evaluation has it.

    Attributes:
        label: The name of the evaluation.
        name: The name of the system.
        seed: Distinguishes runs of one system, None where there is one.
        by_id: Row id -> probabilities, shape (3,); 0 and 1 for a label alone.
        has_probabilities: Whether they are more than labels.
        is_baseline: Whether the system is a baseline.
        overlap: Row id -> whether the system was trained on its text, None where that is not known.
    """

    label: str
    name: str
    seed: int | None
    by_id: dict[str, Floats]
    has_probabilities: bool
    is_baseline: bool
    overlap: dict[str, bool] | None = None

    def as_system(self, name: str | None = None, seed: int | None = None) -> ExternalPredictions:
        """Return it as a system to be evaluated, under another name and seed where given."""
        return ExternalPredictions(
            name or self.name,
            self.seed if seed is None else seed,
            self.by_id,
            has_probabilities=self.has_probabilities,
            is_baseline=self.is_baseline,
            overlap=self.overlap,
        )


def shared_tests(runs: Mapping[str, Results], chosen: Sequence[str] = ()) -> list[str]:
    """Return the test files that all evaluations have, and warn of those that only some have.

    Args:
        runs: The name of each evaluation -> its results.
        chosen: Which of them to return, all where it is empty; then nothing is left out unasked, and nothing is warned.

    Raises:
        ConfigError: They do not all have a chosen one.
        DataError: They have none in common.
    """
    first = next(iter(runs.values()))
    shared = [name for name in first.tests if all(name in each.tests for each in runs.values())]
    if not shared:
        found = "; ".join(f"{label}: {', '.join(each.tests)}" for label, each in runs.items())
        raise DataError(f"the runs have no test file in common ({found})")
    if chosen:
        return list(chosen_tests(dict.fromkeys(shared, ()), chosen))
    left_out = sorted({name for each in runs.values() for name in each.tests} - set(shared))
    if left_out:
        logger.warning("not every run has %s; only %s is compared", ", ".join(left_out), ", ".join(shared))
    return shared


def read_answers(
    label: str, folder: Path, results: Results, shared: Sequence[str], tests: dict[str, list[Example]]
) -> list[Answers]:
    """Return what each run of each system answered.

    Args:
        label: The name of the evaluation.
        folder: Its folder.
        results: Its results.
        shared: The test files to read.
        tests: Test file -> the rows that it has to have; a test file that is missing here is put in.

    Raises:
        DataError: A table of predictions cannot be read, or has other rows.
    """
    found = []
    for system in results.systems:
        for place, seed in enumerate(system.seeds):
            by_id: dict[str, Floats] = {}
            has_probabilities = True
            overlap: dict[str, bool | None] = {}
            for test in shared:
                path = folder / system.tests[test].runs[place].predictions
                examples, probabilities, scored, trained_on = _read_table(path)
                _check_rows(path, test, examples, tests.setdefault(test, examples))
                by_id |= {each.id: row for each, row in zip(examples, probabilities, strict=True)}
                overlap |= {each.id: value for each, value in zip(examples, trained_on, strict=True)}
                has_probabilities = has_probabilities and scored
            known = {key: value for key, value in overlap.items() if value is not None}
            found.append(
                Answers(
                    label,
                    system.name,
                    seed,
                    by_id,
                    has_probabilities,
                    system.is_baseline,
                    known if len(known) == len(overlap) else None,
                )
            )
    return found


def _read_table(path: Path) -> tuple[list[Example], Floats, bool, list[bool | None]]:
    """Return examples, probabilities (0 and 1 for labels alone), whether they are more, and what it was trained on."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(path)
    except (FileNotFoundError, pa.ArrowInvalid) as error:
        raise DataError(f"{path}: cannot be read ({error}); evaluate again") from None
    examples = [Example.from_cells(row, leave_out=(*PREDICTION_COLUMNS, TRAINED_ON)) for row in table.to_pylist()]
    trained_on = table[TRAINED_ON].to_pylist()
    if table["confidence"].null_count:
        given = zip(table["predicted"].to_pylist(), table["abstained"].to_pylist(), strict=True)
        rows = [as_answer(stance, abstained=abstained) for stance, abstained in given]
        return examples, np.array(rows).reshape(-1, len(STANCES)), False, trained_on
    columns = [table[f"p_{stance}"].to_numpy() for stance in STANCES]
    return examples, np.stack(columns, axis=1), True, trained_on


def _check_rows(path: Path, test: str, found: Sequence[Example], expected: Sequence[Example]) -> None:
    rows = {each.id: each for each in expected}
    other = [
        f"id {shorten(each.id)!r}: {'other values' if each.id in rows else 'new'}"
        for each in found
        if each.id not in rows or _facts(rows[each.id]) != _facts(each)
    ]
    missing = [f"id {shorten(key)!r}: missing here" for key in rows.keys() - {each.id for each in found}]
    if other or missing:
        raise DataError(
            f"{path}: {test} is not the one of the first run: {len(missing):,} of its {count_of(len(expected), 'row')} "
            f"missing, {len(other):,} new or with another text, source, target, stance or document; only "
            f"evaluations on the same rows can be compared; evaluation.tests=[...] chooses other test files\n"
            + list_problems([*other, *sorted(missing)])
        )


def _facts(example: Example) -> tuple[str | None, ...]:
    return example.text, example.source, example.target, example.stance, example.document


def are_alike(first: Sequence[Answers], other: Sequence[Answers]) -> bool:
    """Return whether two lists of runs have the same seeds and the same answers."""
    if [each.seed for each in first] != [each.seed for each in other]:
        return False
    return all(
        np.array_equal(a.by_id[key], b.by_id[key], equal_nan=True)
        for a, b in zip(first, other, strict=True)
        for key in a.by_id
    )


def shared_metric(runs: Mapping[str, Results]) -> str:
    """Return the metric by which the first evaluation ranks systems, and warn where others rank by another one."""
    first = next(iter(runs.values())).primary_metric
    found = {each.primary_metric for each in runs.values()}
    if len(found) > 1:
        logger.warning("the runs rank by %s; here by %s", ", ".join(sorted(found)), first)
    return first


def shared_classes(runs: Mapping[str, Results]) -> list[str]:
    """Return the classes of all evaluations together, in the order of `STANCES`, and warn where they have others."""
    found = {stance for each in runs.values() for stance in each.classes}
    classes: list[str] = [stance for stance in STANCES if stance in found]
    if any(each.classes != classes for each in runs.values()):
        own = "; ".join(f"{label}: {', '.join(each.classes)}" for label, each in runs.items())
        logger.warning(
            "the runs are of tasks with different classes (%s); means over classes are over %s", own, ", ".join(classes)
        )
    return classes


def shared_provenance(
    runs: Mapping[str, Results], title: str = "", names: Mapping[tuple[str, str], str] | None = None
) -> Provenance:
    """Return what made several evaluations: the dataset of the first, and the checkpoints and commands of all.

    Args:
        runs: The name of each evaluation -> its results.
        title: What to call them together; their names where it is "".
        names: Name of an evaluation and of a system in it -> the name that the system has here, if another one.
    """
    names = names or {}
    first = next(iter(runs.values())).provenance
    checkpoints: list[CheckpointProvenance] = []
    baselines: dict[str, dict[str, Any]] = {}
    for label, each in runs.items():
        for checkpoint in each.provenance.checkpoints:
            renamed = replace(checkpoint, name=names.get((label, checkpoint.name), checkpoint.name))
            checkpoints += [renamed] if renamed not in checkpoints else []
        for name, description in each.provenance.baselines.items():
            baselines.setdefault(names.get((label, name), name), description)
    return replace(
        first,
        title=title or " and ".join(runs),
        command="",
        commands=list(dict.fromkeys(each.provenance.command for each in runs.values() if each.provenance.command)),
        config={},
        checkpoints=checkpoints,
        baselines=baselines,
    )
