"""The folds of a cross-validation as one evaluation of all rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stancelab.errors import ConfigError, DataError, list_problems, shorten
from stancelab.evaluation.runs.external import ExternalPredictions
from stancelab.evaluation.runs.read import Answers, Gathered, read_answers, shared_metric, shared_provenance
from stancelab.results import read_results

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from stancelab.schema import Example


def gather_folds(runs: Mapping[str, Path]) -> Gathered:
    """Read the predictions of the folds of a cross-validation: each row is a test row in one of them.

    Args:
        runs: Name of each run -> its folder; all have the same systems, with the same seeds, and test files of the
            same names, which share no row.

    Raises:
        ConfigError: Fewer than two runs.
        DataError: A folder holds no evaluation, the runs have other systems or test files, or a row occurs twice.
    """
    if len(runs) < 2:
        raise ConfigError(f"pool: found {len(runs)} run, expected the evaluations of two or more folds")
    results = {label: read_results(folder) for label, folder in runs.items()}
    first_label, first = next(iter(results.items()))
    tests: dict[str, list[Example]] = {name: [] for name in first.tests}
    by_system: dict[tuple[str, int | None], list[Answers]] = {}
    for label, folder in runs.items():
        if set(results[label].tests) != set(tests):
            raise DataError(f"{label} has other test files than {first_label}; folds have the same")
        own: dict[str, list[Example]] = {}
        for each in read_answers(label, folder, results[label], list(tests), own):
            by_system.setdefault((each.name, each.seed), []).append(each)
        for name, rows in own.items():
            known = {row.id for row in tests[name]}
            twice = [f"id {shorten(row.id)!r}" for row in rows if row.id in known]
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
    title = f"{first.provenance.title or first_label}, {len(runs)} folds"
    systems = [_pooled(own) for own in by_system.values()]
    return Gathered(systems, tests, shared_provenance(results, title), shared_metric(results))


def _pooled(folds: Sequence[Answers]) -> ExternalPredictions:
    """Return one run of a system with its answers of all folds."""
    return ExternalPredictions(
        folds[0].name,
        folds[0].seed,
        {key: row for fold in folds for key, row in fold.by_id.items()},
        has_probabilities=all(fold.has_probabilities for fold in folds),
        is_baseline=folds[0].is_baseline,
    )
