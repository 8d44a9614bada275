"""The systems of several runs, to be evaluated side by side on the rows they share."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from stancelab.errors import ConfigError
from stancelab.evaluation.runs.read import (
    Answers,
    Gathered,
    are_alike,
    read_answers,
    shared_classes,
    shared_metric,
    shared_provenance,
    shared_tests,
)
from stancelab.results import read_results

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from stancelab.evaluation.runs.external import ExternalPredictions
    from stancelab.schema import Example

logger = logging.getLogger(__name__)


def gather(runs: Mapping[str, Path], chosen: Sequence[str] = ()) -> Gathered:
    """Read the predictions of several runs.

    A system that occurs in several runs with the same answers is taken once. Where the answers differ, the name of the
    run is put behind the system's: two trainings of one name need not be seeds of one system.

    Args:
        runs: Name of each run -> its folder, which `evaluate` or `run` has written.
        chosen: The test files to compare on, all that the runs share where it is empty; the others may differ.

    Raises:
        ConfigError: Fewer than two runs, or a chosen test file that they do not share.
        DataError: A folder holds no evaluation, or the runs have no test file in common, or its rows differ.
    """
    if len(runs) < 2:
        raise ConfigError(f"compare: found {len(runs)} run, expected two or more folders of evaluations")
    results = {label: read_results(folder) for label, folder in runs.items()}
    shared = shared_tests(results, chosen)
    tests: dict[str, list[Example]] = {}
    answers = [
        each for label, folder in runs.items() for each in read_answers(label, folder, results[label], shared, tests)
    ]
    systems, names = _distinguish(answers)
    return Gathered(
        systems,
        tests,
        shared_provenance(results, names=names),
        shared_metric(results),
        classes=shared_classes(results),
    )


def _distinguish(answers: Sequence[Answers]) -> tuple[list[ExternalPredictions], dict[tuple[str, str], str]]:
    """Return the systems, each once, and by run and system the name that the system has."""
    by_name: dict[str, dict[str, list[Answers]]] = {}
    for each in answers:
        by_name.setdefault(each.name, {}).setdefault(each.label, []).append(each)
    systems: list[ExternalPredictions] = []
    names: dict[tuple[str, str], str] = {}
    for name, by_run in by_name.items():
        first, *others = by_run.values()
        if all(are_alike(first, other) for other in others):
            if others:
                logger.info("%s has the same predictions in %s and stands once", name, ", ".join(by_run))
            systems += [each.as_system() for each in first]
            continue
        for label, own in by_run.items():
            names[label, name] = f"{name} ({label})"
            systems += [each.as_system(names[label, name]) for each in own]
    return systems, names
