"""Several runs -> the systems of all of them, to be evaluated side by side on the rows they share."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from stancelab.errors import ConfigError, DataError, list_problems, shorten
from stancelab.evaluation.evaluate import FORMAT, METRICS
from stancelab.evaluation.saved import SavedPredictions
from stancelab.files import read_json
from stancelab.schema import PREDICTION_COLUMNS, STANCE_ID, STANCES, Example, example_from

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from stancelab.evaluation.metrics import Floats

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
class _Answers:
    """One run of one system as one evaluation has it."""

    label: str
    name: str
    seed: int | None
    by_id: dict[str, Floats]
    has_probabilities: bool
    is_baseline: bool


def gather(runs: Mapping[str, Path]) -> Gathered:
    """Read the predictions of several runs.

    A system that occurs in several runs with the same answers is taken once. Where the answers differ, the run's label
    is put behind its name: whether two trainings of one name are seeds of one system, only their maker knows.

    Args:
        runs: Label of each run -> its folder, which `evaluate` or `run` has written.

    Raises:
        ConfigError: Fewer than two runs.
        DataError: A folder holds no evaluation, or the runs have no test file in common, or its rows differ.
    """
    if len(runs) < 2:
        raise ConfigError(f"compare: found {len(runs)} run, expected two or more folders of evaluations")
    metrics = {label: _read_metrics(folder) for label, folder in runs.items()}
    shared = [
        name for name in next(iter(metrics.values()))["tests"] if all(name in m["tests"] for m in metrics.values())
    ]
    if not shared:
        found = "; ".join(f"{label}: {', '.join(each['tests'])}" for label, each in metrics.items())
        raise DataError(f"the runs have no test file in common ({found})")
    left_out = sorted({name for each in metrics.values() for name in each["tests"]} - set(shared))
    if left_out:
        logger.warning("not every run has %s; only %s is compared", ", ".join(left_out), ", ".join(shared))
    tests: dict[str, list[Example]] = {}
    answers = [
        each for label, folder in runs.items() for each in _answers(label, folder, metrics[label], shared, tests)
    ]
    systems, baselines = _named_apart(answers)
    return Gathered(systems, tests, _context(metrics, baselines))


def gather_folds(runs: Mapping[str, Path]) -> Gathered:
    """Read the predictions of the folds of a cross-validation, and put them together: each row was a test row once.

    Args:
        runs: Label of each run -> its folder; all have the same systems, with the same seeds, and test files of the
            same names, which share no row.

    Raises:
        ConfigError: Fewer than two runs.
        DataError: A folder holds no evaluation, the runs have other systems or test files, or a row occurs twice.
    """
    if len(runs) < 2:
        raise ConfigError(f"pool: found {len(runs)} run, expected the evaluations of two or more folds")
    metrics = {label: _read_metrics(folder) for label, folder in runs.items()}
    first_label, first = next(iter(metrics.items()))
    tests: dict[str, list[Example]] = {name: [] for name in first["tests"]}
    by_system: dict[tuple[str, int | None], list[_Answers]] = {}
    for label, folder in runs.items():
        if set(metrics[label]["tests"]) != set(tests):
            raise DataError(f"{label} has other test files than {first_label}; folds have the same")
        own: dict[str, list[Example]] = {}
        for each in _answers(label, folder, metrics[label], list(tests), own):
            by_system.setdefault((each.name, each.seed), []).append(each)
        for name, rows in own.items():
            seen = {row.id for row in tests[name]}
            twice = [f"id {shorten(row.id)!r}" for row in rows if row.id in seen]
            if twice:
                raise DataError(f"{label}: {name} has rows that another fold has too:\n{list_problems(twice)}")
            tests[name] += rows
    lacking = [
        f"{name}: only in {', '.join(e.label for e in own)}"
        for (name, _), own in by_system.items()
        if len(own) < len(runs)
    ]
    if lacking:
        raise DataError(f"the folds have other systems or seeds:\n{list_problems(lacking)}")
    systems = [
        SavedPredictions(
            name,
            seed,
            {key: row for each in own for key, row in each.by_id.items()},
            has_probabilities=all(each.has_probabilities for each in own),
        )
        for (name, seed), own in by_system.items()
    ]
    baselines = list(dict.fromkeys(own[0].name for own in by_system.values() if own[0].is_baseline))
    return Gathered(
        systems,
        tests,
        {**_context(metrics, baselines), "title": f"{first['context'].get('title') or first_label}, {len(runs)} folds"},
    )


def _read_metrics(folder: Path) -> dict[str, Any]:
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


def _answers(
    label: str, folder: Path, metrics: Mapping[str, Any], shared: Sequence[str], tests: dict[str, list[Example]]
) -> list[_Answers]:
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
            found.append(_Answers(label, system["name"], seed, by_id, known, is_baseline))
    return found


def _read_table(path: Path) -> tuple[list[Example], Floats, bool]:
    """Return examples, probabilities (of a label alone: 0 and 1) and whether they are more than labels."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(path)
    except (FileNotFoundError, pa.ArrowInvalid) as error:
        raise DataError(f"{path}: cannot be read ({error}); evaluate again") from None
    examples = [example_from(row, leave_out=PREDICTION_COLUMNS) for row in table.to_pylist()]
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


def _named_apart(answers: Sequence[_Answers]) -> tuple[list[SavedPredictions], list[str]]:
    """Return the systems, each once, and which of them are baselines."""
    by_name: dict[str, dict[str, list[_Answers]]] = {}
    for each in answers:
        by_name.setdefault(each.name, {}).setdefault(each.label, []).append(each)
    systems, baselines = [], []
    for name, by_run in by_name.items():
        first, *others = by_run.values()
        alike = all(_same(first, other) for other in others)
        if alike and others:
            logger.info("%s has the same predictions in %s and stands once", name, ", ".join(by_run))
        for label, own in [(None, first)] if alike else list(by_run.items()):
            called = name if label is None else f"{name} ({label})"
            baselines += [called] if own[0].is_baseline else []
            systems += [
                SavedPredictions(called, each.seed, each.by_id, has_probabilities=each.has_probabilities)
                for each in own
            ]
    return systems, baselines


def _same(first: Sequence[_Answers], other: Sequence[_Answers]) -> bool:
    if [each.seed for each in first] != [each.seed for each in other]:
        return False
    return all(np.array_equal(a.by_id[key], b.by_id[key]) for a, b in zip(first, other, strict=True) for key in a.by_id)


def _context(metrics: Mapping[str, Mapping[str, Any]], baselines: list[str]) -> dict[str, Any]:
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
