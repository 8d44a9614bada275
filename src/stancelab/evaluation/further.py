"""What is computed of a test file beside scores, comparisons and slices, and put into its part of metrics.json."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from stancelab.evaluation.calibration_tests import compare_losses, noise_floors, temperature_effects
from stancelab.evaluation.error_kinds import error_kinds
from stancelab.evaluation.human_ceiling import Ceiling
from stancelab.evaluation.resampling import Compared
from stancelab.evaluation.reweighting import Weighing, effective_rows, lacking, reweighted
from stancelab.schema import STANCES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from stancelab.evaluation.gold_rows import GoldRows
    from stancelab.evaluation.settings import EvaluationSettings
    from stancelab.metrics.classification import Floats
    from stancelab.results import Comparisons, SystemScores, TestFile
    from stancelab.schema import System


@dataclass(frozen=True)
class Answered:
    """What all systems answered on one test file.

    Attributes:
        test: The test file.
        systems: The systems, one for each run.
        runs: The probabilities of each run, shape (rows, 3).
        members: Name of each system -> which runs are its own.
        weights: The design weights of the rows, shape (rows,), None where there are none.
    """

    test: GoldRows
    systems: Sequence[System]
    runs: Sequence[Floats]
    members: Mapping[str, Sequence[int]]
    weights: Floats | None = None

    @property
    def labels_only(self) -> list[bool]:
        """For each run whether its probabilities stand for labels alone and are not scored."""
        return [not system.has_probabilities for system in self.systems]


def add_further(
    answered: Answered,
    primary: str,
    settings: EvaluationSettings,
    found: tuple[TestFile, Comparisons, dict[str, SystemScores]],
) -> tuple[TestFile, Comparisons, dict[str, SystemScores]]:
    """Return a test file's part of metrics.json with kinds of errors, calibration tests, reweighted scores and ceiling.

    Args:
        answered: What the systems answered.
        primary: The metric that ranks them.
        settings: Resamples, bins, seed, prevalence.
        found: What is known of the test file, of comparisons and of systems so far.
    """
    facts, compared, scores = found
    test, runs = answered.test, answered.runs
    # By rank, so that the first of two systems is the one that ranks higher.
    ranked = sorted(answered.members, key=lambda name: -(scores[name].mean.value(primary) or 0.0))
    scored = {name: answered.members[name] for name in ranked if scores[name].has_probabilities}
    ceiling = Ceiling.of(test, runs, settings)
    added: dict[str, Mapping[str, Any]] = {
        "errors": error_kinds(test, runs, answered.members, settings),
        "calibration_noise": noise_floors(test, runs, scored, settings),
        "temperature_effect": temperature_effects(answered.systems, test, runs, scored, settings),
        "against_annotators": {} if ceiling is None else ceiling.of_systems(answered.members, primary),
        **_reweighted(answered, settings),
    }
    facts = replace(
        facts,
        corpora=sorted({example.corpus for example in test.examples}),
        human_ceiling=None if ceiling is None else ceiling.of_annotators(),
        effective_rows=None if answered.weights is None else effective_rows(answered.weights),
        warnings=[*facts.warnings, *_warnings(test, settings.prevalence)],
    )
    filled = {
        name: replace(own, **{kind: values[name] for kind, values in added.items() if name in values})
        for name, own in scores.items()
    }
    return (
        facts,
        replace(compared, losses=compare_losses(test, runs, Compared.of(answered.systems, scored), settings)),
        filled,
    )


def _reweighted(answered: Answered, settings: EvaluationSettings) -> dict[str, Mapping[str, Any]]:
    test = answered.test
    weights = np.ones(len(test.gold)) if answered.weights is None else answered.weights
    weighings = {}
    if answered.weights is not None:
        weighings["weighted"] = Weighing(weights)
    if settings.prevalence and not lacking(test, settings.prevalence):
        weighings["at_prevalence"] = Weighing(
            weights, np.array([settings.prevalence.get(stance, 0.0) for stance in STANCES])
        )
    return {
        kind: reweighted(test, answered.runs, answered.members, answered.labels_only, weighing, settings)
        for kind, weighing in weighings.items()
    }


def _warnings(test: GoldRows, prevalence: Mapping[str, float]) -> list[str]:
    return [
        f"no row has the stance {stance}, so that there are no scores at a prevalence of {prevalence[stance]:.1%} of it"
        for stance in lacking(test, prevalence)
    ]
