"""Several runs -> the systems of all of them, to be evaluated side by side on the rows they share."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from stancelab.errors import ConfigError, DataError, list_problems, shorten
from stancelab.evaluation.runs.external import SavedPredictions
from stancelab.evaluation.runs.read import (
    Answers,
    Gathered,
    are_alike,
    context_of,
    read_answers,
    read_metrics,
    shared_tests,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from stancelab.schema import Example

logger = logging.getLogger(__name__)


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
    metrics = {label: read_metrics(folder) for label, folder in runs.items()}
    shared = shared_tests(metrics)
    tests: dict[str, list[Example]] = {}
    answers = [
        each for label, folder in runs.items() for each in read_answers(label, folder, metrics[label], shared, tests)
    ]
    systems, baselines = _named_apart(answers)
    return Gathered(systems, tests, context_of(metrics, baselines))


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
    metrics = {label: read_metrics(folder) for label, folder in runs.items()}
    first_label, first = next(iter(metrics.items()))
    tests: dict[str, list[Example]] = {name: [] for name in first["tests"]}
    by_system: dict[tuple[str, int | None], list[Answers]] = {}
    for label, folder in runs.items():
        if set(metrics[label]["tests"]) != set(tests):
            raise DataError(f"{label} has other test files than {first_label}; folds have the same")
        own: dict[str, list[Example]] = {}
        for each in read_answers(label, folder, metrics[label], list(tests), own):
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
        {
            **context_of(metrics, baselines),
            "title": f"{first['context'].get('title') or first_label}, {len(runs)} folds",
        },
    )


def _named_apart(answers: Sequence[Answers]) -> tuple[list[SavedPredictions], list[str]]:
    """Return the systems, each once, and which of them are baselines."""
    by_name: dict[str, dict[str, list[Answers]]] = {}
    for each in answers:
        by_name.setdefault(each.name, {}).setdefault(each.label, []).append(each)
    systems, baselines = [], []
    for name, by_run in by_name.items():
        first, *others = by_run.values()
        alike = all(are_alike(first, other) for other in others)
        if alike and others:
            logger.info("%s has the same predictions in %s and stands once", name, ", ".join(by_run))
        for label, own in [(None, first)] if alike else list(by_run.items()):
            called = name if label is None else f"{name} ({label})"
            baselines += [called] if own[0].is_baseline else []
            systems += [each.as_system(called) for each in own]
    return systems, baselines
