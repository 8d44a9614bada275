"""The scores of one test file: its part of metrics.json."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from stancelab.evaluation.answers import table_name
from stancelab.evaluation.common_rows import on_common_rows
from stancelab.evaluation.earlier_labels import scores_before
from stancelab.evaluation.further import Answered, add_further
from stancelab.evaluation.gold_rows import GoldRows, describe_test
from stancelab.evaluation.input_gaps import gaps_of
from stancelab.evaluation.learners import compare_learners
from stancelab.evaluation.pairs import describe_pairs, pairs_of, score_pairs
from stancelab.evaluation.perturbations.score import describe_perturbations, score_perturbations
from stancelab.evaluation.resampling import Compared, Resamples
from stancelab.evaluation.slice_scores import describe_slices, score_slices
from stancelab.evaluation.slice_tests import compare_contrasts
from stancelab.evaluation.slices import Seen, slices_of
from stancelab.evaluation.summary import over_runs, score_run
from stancelab.evaluation.train_overlap import any_overlap, overlap_of, score_without_overlap
from stancelab.evaluation.unparsed import unscored_slices
from stancelab.layout import PREDICTIONS
from stancelab.metrics.classes import ALL_CLASSES
from stancelab.metrics.classification import predicted_ids
from stancelab.results import Comparisons, PerturbationScores, RunScores, SystemScores, TestFile

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from stancelab.evaluation.answers import Answers
    from stancelab.evaluation.learners import Folds
    from stancelab.evaluation.provenance import EvaluationData
    from stancelab.evaluation.settings import EvaluationSettings
    from stancelab.evaluation.slices import SliceRows
    from stancelab.metrics.classes import Classes
    from stancelab.metrics.classification import Floats
    from stancelab.schema import System


@dataclass(frozen=True)
class Scoring:
    """What the scores of all test files have in common.

    Attributes:
        systems: The systems, one for each run.
        members: Name of each system -> which runs are its own.
        primary: The metric that ranks them.
        settings: How scores, intervals and tests are computed.
        dataset: The prepared dataset, None where rows were given from Python.
        seen: What is in its train split.
        classes: The ids of the task's classes.
    """

    systems: Sequence[System]
    members: Mapping[str, Sequence[int]]
    primary: str
    settings: EvaluationSettings
    dataset: EvaluationData | None
    seen: Seen | None
    classes: Classes = ALL_CLASSES

    @classmethod
    def of(
        cls,
        systems: Sequence[System],
        primary: str,
        settings: EvaluationSettings,
        dataset: EvaluationData | None,
        classes: Classes = ALL_CLASSES,
    ) -> Scoring:
        """Collect the runs of each name, and what train has."""
        members: dict[str, list[int]] = {}
        for number, system in enumerate(systems):
            members.setdefault(system.name, []).append(number)
        seen = Seen.of(dataset.train, dataset.target_names) if dataset else None
        return cls(systems, members, primary, settings, dataset, seen, classes)

    @property
    def labels_only(self) -> list[bool]:
        """For each run whether its probabilities stand for labels alone and are not scored."""
        return [not system.has_probabilities for system in self.systems]


@dataclass(frozen=True)
class ScoredFile:
    """One test file of metrics.json.

    Attributes:
        test: What it holds.
        comparisons: Which systems differ, p-values corrected over this test file alone.
        systems: The scores by system.
    """

    test: TestFile
    comparisons: Comparisons
    systems: dict[str, SystemScores]


def score_file(scoring: Scoring, answers: Answers, folds: Folds | None, weights: Floats | None) -> ScoredFile:
    """Return the scores of all systems on a test file and their comparisons.

    Args:
        scoring: What all test files have in common.
        answers: What the systems answered on this one.
        folds: Which fold of a cross-validation its rows are in, None where it is of none.
        weights: The design weights of its rows, shape (rows,), None where there are none.
    """
    test = GoldRows.of(answers.examples, scoring.settings.unit, scoring.classes)
    slices = slices_of(answers.examples, scoring.seen)
    resamples = Resamples.of(test, answers.probabilities, scoring.settings)
    scored = _system_scores(scoring, answers, test, resamples)
    scored = _with_parts(scored, scoring, answers, test, slices)
    facts = describe_test(test, describe_slices(slices, test), describe_perturbations(answers.perturbed))
    overlap = any_overlap(answers.trained_on, len(test.gold))
    facts = replace(facts, pairs=describe_pairs(pairs_of(test), test), train_overlap_rows=int(overlap.sum()))
    comparisons = _compare(scoring, answers, test, resamples, scored, folds)
    answered = Answered(test, scoring.systems, answers.probabilities, scoring.members, weights)
    found = ScoredFile(*add_further(answered, scoring.primary, scoring.settings, (facts, comparisons, scored)))
    return found if scoring.dataset is None else _with_earlier(found, answers, scoring, scoring.dataset)


def _system_scores(scoring: Scoring, answers: Answers, test: GoldRows, resamples: Resamples) -> dict[str, SystemScores]:
    """Return by system the scores on all rows and on changed examples; slices are still to come."""
    runs = [
        score_run(
            system,
            test,
            probabilities,
            scoring.settings.bins,
            predictions=f"{PREDICTIONS}/{table_name(system, answers.split)}",
            intervals=resamples.intervals([number]),
        )
        for number, (system, probabilities) in enumerate(zip(scoring.systems, answers.probabilities, strict=True))
    ]
    scored = {}
    for name, own in scoring.members.items():
        own_runs: list[RunScores] = [runs[number] for number in own]
        mean, std = over_runs([run.scores for run in own_runs])
        scored[name] = SystemScores(
            mean=mean,
            std=std,
            intervals=resamples.intervals(own),
            runs=own_runs,
            slices=[],
            perturbations=_perturbation_scores(answers, own, test),
        )
    return scored


def _with_parts(
    scored: Mapping[str, SystemScores],
    scoring: Scoring,
    answers: Answers,
    test: GoldRows,
    slices: Sequence[SliceRows],
) -> dict[str, SystemScores]:
    """Add the scores on parts of the rows: slices, pairs of rows, and rows whose text no system was trained on."""
    runs, members, labels_only = answers.probabilities, scoring.members, scoring.labels_only
    by_slice = score_slices(slices, test, runs, members, labels_only, scoring.settings)
    predicted = [predicted_ids(run) for run in runs]
    contrasts = compare_contrasts(slices, test, predicted, members, scoring.primary)
    pairs = pairs_of(test)
    overlap = any_overlap(answers.trained_on, len(test.gold))
    without = score_without_overlap(overlap, test, runs, members, labels_only, scoring.settings)
    return {
        name: replace(
            own,
            runs=[
                replace(run, warnings=[*run.warnings, *unscored_slices(slices, predicted[number])])
                for run, number in zip(own.runs, members[name], strict=True)
            ],
            slices=by_slice[name],
            contrasts=contrasts[name],
            pairs=score_pairs(pairs, test, [predicted[number] for number in members[name]]),
            train_overlap_rows=(
                None if (rows := overlap_of(answers.trained_on, members[name])) is None else int(rows.sum())
            ),
            without_train_overlap=without[name],
            input_gaps=gaps_of([answers.cuts[number] for number in members[name]] if answers.cuts else []),
        )
        for name, own in scored.items()
    }


def _compare(
    scoring: Scoring,
    answers: Answers,
    test: GoldRows,
    resamples: Resamples,
    scored: Mapping[str, SystemScores],
    folds: Folds | None,
) -> Comparisons:
    """Return the comparisons of all pairs, of a cross-validation also as ways of training."""
    systems, members, primary = scoring.systems, scoring.members, scoring.primary
    means = {name: each.mean.value(primary) or 0.0 for name, each in scored.items()}
    compared = Compared.of(systems, members)
    found = resamples.compare(compared, means, primary, scoring.settings)
    found = on_common_rows(found, test, answers.probabilities, compared, primary, scoring.settings)
    if folds is None:
        return found
    keys = [(system.name, system.seed) for system in systems]
    learners = compare_learners(
        found.pairs, members, keys, test.gold, answers.probabilities, primary, folds, test.classes
    )
    return replace(found, learners=learners)


def _with_earlier(scored: ScoredFile, answers: Answers, scoring: Scoring, dataset: EvaluationData) -> ScoredFile:
    """Add what is known of corrected labels: how many there are, and the scores before."""
    members = scoring.members
    earlier = dataset.earlier_labels.get(answers.split, {})
    before = {
        name: scores_before(
            answers.examples, [answers.probabilities[number] for number in own], earlier, scoring.classes
        )
        for name, own in members.items()
    }
    return replace(
        scored,
        test=replace(scored.test, corrected_rows=len(earlier)),
        systems={name: replace(each, before_corrections=before[name]) for name, each in scored.systems.items()},
    )


def _perturbation_scores(answers: Answers, numbers: Sequence[int], test: GoldRows) -> list[PerturbationScores] | None:
    """Return one system's scores on the perturbations, None where one of its runs cannot answer changed examples."""
    after = [each for number in numbers if (each := answers.perturbed_predictions[number]) is not None]
    if len(after) < len(numbers):
        return None
    before = [predicted_ids(answers.probabilities[number]) for number in numbers]
    return score_perturbations(answers.perturbed, after, before, test)
