"""Systems and test files -> metrics.json and one table of predictions for each run and test file.

A system is a `schema.System`: it gives probabilities in the order of `STANCES`. Nothing is pooled over test files. Runs
of one name that differ by their seed are one system.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING

from tqdm import tqdm

from stancelab.errors import DataError, check_settings
from stancelab.evaluation.checks import check_primary_metric, check_seeds, check_systems, check_tests, chosen_tests
from stancelab.evaluation.corpora import over_corpora
from stancelab.evaluation.earlier_labels import scores_before
from stancelab.evaluation.further import Answered, add_further
from stancelab.evaluation.gold_rows import GoldRows, describe_test
from stancelab.evaluation.learners import Folds, compare_learners
from stancelab.evaluation.pairs import describe_pairs, pairs_of, score_pairs
from stancelab.evaluation.perturbations.score import (
    PerturbedRows,
    describe_perturbations,
    perturb,
    predict_perturbed,
    score_perturbations,
)
from stancelab.evaluation.predictions import (
    checked_overlap,
    checked_probabilities,
    example_table,
    file_stem,
    write_predictions,
)
from stancelab.evaluation.provenance import EvaluationData, collect_provenance
from stancelab.evaluation.resampling import Compared, Resamples, correct
from stancelab.evaluation.reweighting import design_weights
from stancelab.evaluation.settings import EvaluationSettings
from stancelab.evaluation.slice_scores import describe_slices, score_slices
from stancelab.evaluation.slice_tests import compare_contrasts
from stancelab.evaluation.slices import Seen, slices_of
from stancelab.evaluation.summary import over_runs, score_run
from stancelab.evaluation.train_overlap import any_overlap, overlap_of, score_without_overlap
from stancelab.extras import require
from stancelab.layout import PREDICTIONS
from stancelab.metrics.names import PRIMARY_METRICS
from stancelab.results import (
    Comparisons,
    PerturbationScores,
    Procedure,
    Provenance,
    Results,
    RunScores,
    SystemResults,
    SystemScores,
    TestFile,
    check_provenance,
    read_results,
    write_results,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from stancelab.metrics.classification import Floats, Ids
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

    Returns:
        The content of metrics.json.

    Raises:
        ConfigError: Settings are impossible, names do not distinguish the systems, runs of one system were trained with
            different settings, or a test file or the primary metric is unknown.
        MissingPackageError: The packages of the extra `train` are not installed.
        DataError: Examples without a stance, an empty test file, or answers that are not probabilities.
    """
    require("sklearn", "train", "evaluate")
    settings = settings or EvaluationSettings()
    check_settings(evaluation=settings)
    output = Path(output)
    dataset = None if isinstance(data, Mapping) else data
    primary = check_primary_metric(primary_metric or (dataset.metric if dataset else PRIMARY_METRICS[0]))
    systems = check_systems(systems)
    tests = chosen_tests(data if isinstance(data, Mapping) else data.tests, settings.tests)
    check_tests(tests)
    check_seeds(systems)
    weights = {name: design_weights(name, rows, settings.weight) for name, rows in tests.items() if settings.weight}
    provenance = collect_provenance(provenance, systems, dataset.provenance() if dataset else None)
    # A provenance that JSON cannot hold is found now, not after an hour of prediction.
    provenance = check_provenance(provenance)
    seen = Seen.of(dataset.train, dataset.target_names) if dataset else None
    earlier = _earlier_tables(output)
    answers = _predict(systems, tests, output / PREDICTIONS, settings)

    members: dict[str, list[int]] = {}
    for number, system in enumerate(systems):
        members.setdefault(system.name, []).append(number)
    scored = {
        split: _score(
            systems, members, answers[split], primary, settings, seen, (folds or {}).get(split), weights.get(split)
        )
        for split in tests
    }
    if dataset:
        scored = {split: _with_earlier(each, answers[split], members, dataset) for split, each in scored.items()}
    # P-values are corrected over all test files together.
    comparisons = correct({split: (each.test, each.comparisons) for split, each in scored.items()}, settings)
    results = Results(
        provenance=provenance,
        primary_metric=primary,
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
            for name, own in members.items()
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


@dataclass(frozen=True)
class _Answers:
    """What all systems answer on one test file.

    Attributes:
        split: The test file.
        examples: Its rows.
        perturbed: Its changed examples.
        probabilities: By system, shape (rows, 3).
        trained_on: By system on which rows' texts it was trained, shape (rows,); None where that is not known.
        perturbed_predictions: By system its predictions for each perturbation; None where it cannot answer changed
            examples.
    """

    split: str
    examples: Sequence[Example]
    perturbed: list[PerturbedRows]
    probabilities: list[Floats] = field(default_factory=list)
    trained_on: list[NDArray[np.bool_] | None] = field(default_factory=list)
    perturbed_predictions: list[list[Ids] | None] = field(default_factory=list)


def _predict(
    systems: Sequence[System], tests: Mapping[str, Sequence[Example]], folder: Path, settings: EvaluationSettings
) -> dict[str, _Answers]:
    """Return what all systems answer by test file, and write their prediction tables."""
    answers = {
        split: _Answers(split, examples, perturb(examples, settings.perturbations, settings.seed))
        for split, examples in tests.items()
    }
    rows = {split: example_table(examples) for split, examples in tests.items()}
    with tqdm(total=len(systems) * len(tests), desc="evaluate", unit="file") as progress:
        for system in systems:
            for split, own in answers.items():
                progress.set_postfix_str(f"{file_stem(system)} on {split}")
                probabilities = checked_probabilities(system, split, own.examples)
                path = folder / _file_name(system, split)
                trained_on = checked_overlap(system, split, own.examples)
                write_predictions(
                    path, rows[split], probabilities, trained_on, labels_only=not system.has_probabilities
                )
                own.probabilities.append(probabilities)
                own.trained_on.append(trained_on)
                own.perturbed_predictions.append(
                    predict_perturbed(system, split, own.perturbed) if system.answers_any_example else None
                )
                progress.update()
    return answers


@dataclass(frozen=True)
class _Scored:
    """One test file of metrics.json.

    Attributes:
        test: What it holds.
        comparisons: Which systems differ, p-values corrected over this test file alone.
        systems: The scores by system.
    """

    test: TestFile
    comparisons: Comparisons
    systems: dict[str, SystemScores]


def _score(
    systems: Sequence[System],
    members: Mapping[str, Sequence[int]],
    answers: _Answers,
    primary: str,
    settings: EvaluationSettings,
    seen: Seen | None,
    folds: Folds | None,
    weights: Floats | None,
) -> _Scored:
    test = GoldRows.of(answers.examples, settings.unit)
    resamples = Resamples.of(test, answers.probabilities, settings)
    slices = slices_of(answers.examples, seen)
    labels_only = [not system.has_probabilities for system in systems]
    by_slice = score_slices(slices, test, answers.probabilities, members, labels_only, settings)
    predicted = [run.argmax(axis=1) for run in answers.probabilities]
    contrasts = compare_contrasts(slices, test, predicted, members, primary)
    pairs = pairs_of(test)
    overlap = any_overlap(answers.trained_on, len(test.gold))
    without = score_without_overlap(overlap, test, answers.probabilities, members, labels_only, settings)
    runs = [
        score_run(
            system,
            test,
            probabilities,
            settings.bins,
            predictions=f"{PREDICTIONS}/{_file_name(system, answers.split)}",
            intervals=resamples.intervals([number]),
        )
        for number, (system, probabilities) in enumerate(zip(systems, answers.probabilities, strict=True))
    ]
    scored = {}
    for name, own in members.items():
        own_runs: list[RunScores] = [runs[number] for number in own]
        mean, std = over_runs([run.scores for run in own_runs])
        scored[name] = SystemScores(
            mean=mean,
            std=std,
            intervals=resamples.intervals(own),
            runs=own_runs,
            slices=by_slice[name],
            perturbations=_perturbation_scores(answers, own, test),
            contrasts=contrasts[name],
            pairs=score_pairs(pairs, test, [predicted[number] for number in own]),
            train_overlap_rows=None if (rows := overlap_of(answers.trained_on, own)) is None else int(rows.sum()),
            without_train_overlap=without[name],
        )
    means = {name: each.mean.value(primary) or 0.0 for name, each in scored.items()}
    facts = describe_test(test, describe_slices(slices, test), describe_perturbations(answers.perturbed))
    facts = replace(facts, pairs=describe_pairs(pairs, test), train_overlap_rows=int(overlap.sum()))
    comparisons = resamples.compare(Compared.of(systems, members), means, primary, settings)
    if folds is not None:
        keys = [(system.name, system.seed) for system in systems]
        learners = compare_learners(comparisons.pairs, members, keys, test.gold, answers.probabilities, primary, folds)
        comparisons = replace(comparisons, learners=learners)
    answered = Answered(test, systems, answers.probabilities, members, weights)
    return _Scored(*add_further(answered, primary, settings, (facts, comparisons, scored)))


def _with_earlier(
    scored: _Scored, answers: _Answers, members: Mapping[str, Sequence[int]], dataset: EvaluationData
) -> _Scored:
    """Add what is known of corrected labels: how many there are, and the scores before."""
    earlier = dataset.earlier_labels.get(answers.split, {})
    before = {
        name: scores_before(answers.examples, [answers.probabilities[number] for number in own], earlier)
        for name, own in members.items()
    }
    return replace(
        scored,
        test=replace(scored.test, corrected_rows=len(earlier)),
        systems={name: replace(each, before_corrections=before[name]) for name, each in scored.systems.items()},
    )


def _perturbation_scores(answers: _Answers, numbers: Sequence[int], test: GoldRows) -> list[PerturbationScores] | None:
    """Return one system's scores on the perturbations, None where one of its runs cannot answer changed examples."""
    after = [each for number in numbers if (each := answers.perturbed_predictions[number]) is not None]
    if len(after) < len(numbers):
        return None
    before = [answers.probabilities[number].argmax(axis=1) for number in numbers]
    return score_perturbations(answers.perturbed, after, before, test)


def _file_name(system: System, split: str) -> str:
    return f"{file_stem(system)}.{split}.parquet"
