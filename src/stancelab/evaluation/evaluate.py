"""Systems and test files -> metrics.json and one table of predictions for each run and test file.

A system is a `schema.System`: it gives probabilities in the order of `STANCES`. Nothing is pooled over test files. Runs
of one name that differ by their seed are one system.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING

from stancelab.errors import DataError
from stancelab.evaluation.answers import predict_all
from stancelab.evaluation.checks import check_primary_metric, check_seeds, check_systems, check_tests, chosen_tests
from stancelab.evaluation.classes import check_prevalence, classes_of_task
from stancelab.evaluation.corpora import over_corpora
from stancelab.evaluation.provenance import EvaluationData, collect_provenance
from stancelab.evaluation.resampling import correct
from stancelab.evaluation.reweighting import design_weights
from stancelab.evaluation.score_file import Scoring, score_file
from stancelab.evaluation.settings import EvaluationSettings
from stancelab.extras import require
from stancelab.layout import PREDICTIONS
from stancelab.metrics.classes import class_ids
from stancelab.metrics.names import PRIMARY_METRICS
from stancelab.results import (
    Procedure,
    Provenance,
    Results,
    SystemResults,
    check_provenance,
    read_results,
    write_results,
)
from stancelab.setting_types import check_kind, check_settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stancelab.evaluation.learners import Folds
    from stancelab.schema import Example, System

__all__ = ["EvaluationData", "EvaluationSettings", "evaluate"]


def evaluate(
    systems: Sequence[System],
    data: Mapping[str, Sequence[Example]] | EvaluationData,
    output: Path | str,
    settings: EvaluationSettings | None = None,
    *,
    provenance: Provenance | None = None,
    primary_metric: str | None = None,
    folds: Mapping[str, Folds] | None = None,
    classes: Sequence[str] | None = None,
) -> Results:
    """Score every system on every test file; write predictions and scores.

    Args:
        systems: What to compare, in the order in which to list it. Each predicts all test files before the next one, so
            that a system may load its model when it is first called.
        data: The test files by name ("test", "test_rw", ...), all rows with a stance; or a prepared dataset, whose
            train split tells which targets and documents are in train.
        output: The run folder; gets `metrics.json` and `predictions/<system>[-seed<k>].<test file>.parquet`.
        settings: Which test files, which perturbation tests, and how intervals and tests are computed.
        provenance: What made the systems, as far as they and the data do not say it themselves.
        primary_metric: Ranks the systems; the data's own, or else macro-F1, where it is None.
        folds: Of a cross-validation that was put together, by test file; its systems are also compared as ways of
            training.
        classes: The classes of the task, which means over classes are over; those of the data where it is None: the
            stances of all splits of a prepared dataset, or else of all test files.

    Returns:
        The content of metrics.json.

    Raises:
        ConfigError: Settings are impossible, names do not distinguish the systems, runs of one system were trained with
            different settings, a test file or the primary metric is unknown, or a prevalence is of other classes.
        MissingPackageError: The packages of the extra `train` are not installed.
        DataError: Examples without a stance, an empty test file, or answers that are not probabilities.
    """
    require("sklearn", "train", "evaluate")
    settings = settings or EvaluationSettings()
    check_kind("settings", settings, EvaluationSettings)
    check_settings(evaluation=settings)
    if not isinstance(data, Mapping) and not (hasattr(data, "tests") and hasattr(data, "metric")):
        raise DataError(
            f"data: found {type(data).__name__}, expected a prepared dataset, as prepare(...) returns it, or lists of "
            "examples by the names of test files"
        )
    output = Path(output)
    dataset = None if isinstance(data, Mapping) else data
    primary = check_primary_metric(primary_metric or (dataset.metric if dataset else PRIMARY_METRICS[0]))
    systems = check_systems(systems)
    given = data if isinstance(data, Mapping) else data.tests
    tests = chosen_tests(given, settings.tests)
    check_tests(tests)
    classes = classes_of_task(classes, given, dataset)
    check_prevalence(settings.prevalence, classes)
    check_seeds(systems)
    weights = {name: design_weights(name, rows, settings.weight) for name, rows in tests.items() if settings.weight}
    provenance = collect_provenance(provenance, systems, dataset.provenance() if dataset else None)
    # A provenance that JSON cannot hold is found now, not after an hour of prediction.
    provenance = check_provenance(provenance)
    earlier = _earlier_tables(output)
    answers = predict_all(systems, tests, output / PREDICTIONS, settings, classes)

    scoring = Scoring.of(systems, primary, settings, dataset, class_ids(classes))
    scored = {
        split: score_file(scoring, own, (folds or {}).get(split), weights.get(split)) for split, own in answers.items()
    }
    # P-values are corrected over all test files together.
    comparisons = correct({split: (each.test, each.comparisons) for split, each in scored.items()}, settings)
    results = Results(
        provenance=provenance,
        primary_metric=primary,
        classes=classes,
        procedure=Procedure(**{each.name: getattr(settings, each.name) for each in fields(Procedure)}),
        tests={split: each.test for split, each in scored.items()},
        comparisons=comparisons,
        systems=[
            SystemResults(
                name=name,
                is_baseline=systems[own[0]].is_baseline,
                seeds=[systems[number].seed for number in own],
                tests={split: each.systems[name] for split, each in scored.items()},
            )
            for name, own in scoring.members.items()
        ],
    )
    corpora = over_corpora(results.tests, results.comparisons, results.systems, primary, settings.level)
    written = write_results(output, replace(results, corpora=corpora))
    for name in earlier - _tables(written):
        (output / PREDICTIONS / Path(name).name).unlink(missing_ok=True)
    return written


def _earlier_tables(output: Path) -> set[str]:
    """Return the prediction tables of an earlier evaluation in the same folder, which the new one replaces."""
    try:
        return _tables(read_results(output))
    except DataError:
        return set()


def _tables(results: Results) -> set[str]:
    return {run.predictions for system in results.systems for test in system.tests.values() for run in test.runs}
