"""The folder of an evaluation -> its metrics, and what each of its systems answered."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from stancelab.errors import DataError, list_problems, shorten
from stancelab.evaluation.evaluate import FORMAT
from stancelab.evaluation.runs.external import SavedPredictions
from stancelab.files import read_json
from stancelab.layout import METRICS
from stancelab.schema import PREDICTION_COLUMNS, STANCE_ID, STANCES, Example

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from stancelab.metrics.classification import Floats

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Gathered:
    """The systems of several runs.

    Attributes:
        systems: Each with its answers on `tests`; what all runs have alike, such as a baseline, stands once.
        tests: The test files that all runs have.
        context: What made them, for the report.
    """

    systems: list[SavedPredictions]
    tests: dict[str, list[Example]]
    context: dict[str, Any]


@dataclass(frozen=True)
class Answers:
    """One run of one system as one evaluation has it.

    Attributes:
        label: What the evaluation is called.
        name: What the system is called.
        seed: Tells runs of one system apart, None where there is one.
        by_id: Row id -> probabilities, shape (3,); of a label alone 0 and 1.
        has_probabilities: Whether they are more than labels.
        is_baseline: Whether the evaluation calls it a baseline.
    """

    label: str
    name: str
    seed: int | None
    by_id: dict[str, Floats]
    has_probabilities: bool
    is_baseline: bool

    def as_system(self, name: str | None = None, seed: int | None = None) -> SavedPredictions:
        """Return it as a system to be evaluated, under another name and seed where given."""
        return SavedPredictions(
            name or self.name,
            self.seed if seed is None else seed,
            self.by_id,
            has_probabilities=self.has_probabilities,
        )


def read_metrics(folder: Path) -> dict[str, Any]:
    """Return the content of an evaluation's metrics.json.

    Raises:
        DataError: The folder is none, or holds no evaluation that this version reads.
    """
    path = folder / METRICS
    if not folder.is_dir():
        what = "is a file" if folder.is_file() else "no such folder"
        raise DataError(f"{folder}: {what}; expected the folder of an evaluation")
    if not path.is_file():
        inside = sorted(found.parent.name for found in folder.glob(f"*/{METRICS}"))
        hint = f"; the evaluations in it are {', '.join(inside)}" if inside else ""
        raise DataError(f"{folder}: holds no {METRICS}; expected the folder of an evaluation{hint}")
    metrics: dict[str, Any] = read_json(path)
    if metrics.get("format") != FORMAT:
        raise DataError(f"{path}: found format {metrics.get('format')!r}, this version reads {FORMAT}; evaluate again")
    return metrics


def shared_tests(metrics: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Return the test files that all evaluations have, and warn of those that only some have.

    Args:
        metrics: What each is called -> its metrics.json.

    Raises:
        DataError: They have none in common.
    """
    first = next(iter(metrics.values()))
    shared = [name for name in first["tests"] if all(name in each["tests"] for each in metrics.values())]
    if not shared:
        found = "; ".join(f"{label}: {', '.join(each['tests'])}" for label, each in metrics.items())
        raise DataError(f"the runs have no test file in common ({found})")
    left_out = sorted({name for each in metrics.values() for name in each["tests"]} - set(shared))
    if left_out:
        logger.warning("not every run has %s; only %s is compared", ", ".join(left_out), ", ".join(shared))
    return shared


def read_answers(
    label: str, folder: Path, metrics: Mapping[str, Any], shared: Sequence[str], tests: dict[str, list[Example]]
) -> list[Answers]:
    """Return what each run of each system answered.

    Args:
        label: What to call the evaluation.
        folder: Where it is.
        metrics: Its metrics.json.
        shared: The test files to read.
        tests: Test file -> the rows that it has to have; what is not there yet is put in.

    Raises:
        DataError: A table of predictions cannot be read, or has other rows.
    """
    found = []
    for system in metrics["systems"]:
        for place, seed in enumerate(system["seeds"]):
            by_id: dict[str, Floats] = {}
            known = True
            for test in shared:
                path = folder / system["tests"][test]["runs"][place]["predictions"]
                examples, probabilities, sure = _read_table(path)
                _check_rows(path, test, examples, tests.setdefault(test, examples))
                by_id |= {each.id: row for each, row in zip(examples, probabilities, strict=True)}
                known = known and sure
            is_baseline = system["name"] in metrics["context"].get("baselines", [])
            found.append(Answers(label, system["name"], seed, by_id, known, is_baseline))
    return found


def _read_table(path: Path) -> tuple[list[Example], Floats, bool]:
    """Return examples, probabilities (of a label alone: 0 and 1) and whether they are more than labels."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(path)
    except (FileNotFoundError, pa.ArrowInvalid) as error:
        raise DataError(f"{path}: cannot be read ({error}); evaluate again") from None
    examples = [Example.from_cells(row, leave_out=PREDICTION_COLUMNS) for row in table.to_pylist()]
    if table["confidence"].null_count:
        return examples, np.eye(len(STANCES))[[STANCE_ID[stance] for stance in table["predicted"].to_pylist()]], False
    columns = [table[f"p_{stance}"].to_numpy() for stance in STANCES]
    return examples, np.stack(columns, axis=1), True


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
            f"{path}: {test} is not the one of the first run: {len(missing):,} of its {len(expected):,} rows are "
            f"missing, {len(other):,} have another text, source, target, stance or document, or are new; only "
            f"evaluations on the same rows can be compared\n{list_problems([*other, *sorted(missing)])}"
        )


def _facts(example: Example) -> tuple[str | None, ...]:
    return example.text, example.source, example.target, example.stance, example.document


def are_alike(first: Sequence[Answers], other: Sequence[Answers]) -> bool:
    """Tell whether two lists of runs have the same seeds and the same answers."""
    if [each.seed for each in first] != [each.seed for each in other]:
        return False
    return all(np.array_equal(a.by_id[key], b.by_id[key]) for a, b in zip(first, other, strict=True) for key in a.by_id)


def context_of(metrics: Mapping[str, Mapping[str, Any]], baselines: list[str]) -> dict[str, Any]:
    """Return what made several evaluations, for the report on all of them.

    Args:
        metrics: What each is called -> its metrics.json.
        baselines: The names of those systems that are rivals.
    """
    first = next(iter(metrics.values()))
    chosen_by = {each["primary_metric"] for each in metrics.values()}
    if len(chosen_by) > 1:
        logger.warning("the runs rank by %s; here by %s", ", ".join(sorted(chosen_by)), first["primary_metric"])
    return {
        "title": " and ".join(metrics),
        "dataset": first["context"].get("dataset"),
        "checkpoints": [each for run in metrics.values() for each in run["context"].get("checkpoints", [])],
        "baselines": baselines,
        "primary_metric": first["primary_metric"],
    }
