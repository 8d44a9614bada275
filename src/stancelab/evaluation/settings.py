"""What a user may set about evaluation (config group `evaluation`)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from stancelab.errors import did_you_mean
from stancelab.evaluation.perturbations.registry import PERTURBATIONS, REPLACED
from stancelab.schema import STANCES

#: The resampling units.
UNITS: Final = ("document", "text", "document_and_target")
#: What becomes of predictions that are no stance.
ON_UNPARSED: Final = ("error", "wrong", "abstain")
#: How far the shares of a prevalence may be from adding up to 1: the rounding of doubles.
_SUM_TOLERANCE: Final = 1e-6


@dataclass
class EvaluationSettings:
    """How scores, intervals and tests are computed; the command says which systems are scored.

    Attributes:
        tests: Names of the test files to evaluate on, such as [test_rw]; empty for all.
        perturbations: Perturbation tests of every system, such as [target_hidden, typos], or [all]; each takes as long
            as the evaluation itself. docs/metrics.md lists them.
        bootstrap_resamples: Bootstrap resamples, for the variance between units.
        randomization_rounds: Rounds of an approximate randomization test.
        unit: The resampling unit. Rows of one "document" are not independent and are resampled together, and where a
            row names no document those of its text; "text" takes those of one text in any case. With
            "document_and_target", rows of one target are not independent either.
        paired_seeds: Whether runs of the same seed belong together, as where the seed also draws the training rows:
            systems with the same seeds are compared seed by seed.
        margin: The largest difference, in points, that makes no difference: systems whose difference is shown to be
            smaller are equivalent within it. Null tests no equivalence.
        level: Systems whose difference has a p-value below this, after Holm's correction, differ significantly.
        seed: Seed of resamples and rounds; the same for all systems, so that a resample holds the same rows for all.
        bins: Number of equal-width bins of confidence in the reliability diagram and the calibration error.
        prevalence: The shares of the dataset's classes in the texts that a system is meant for, such as {against: 0.1,
            neutral: 0.7, favor: 0.2}; scores are then reweighted to them, beside the plain ones.
        weight: A column of design weights, for test rows that were not sampled at equal rates (one over the chance of
            being sampled); scores by them stand beside the plain ones. The column has to be in `data.extra`.
        on_unparsed: What becomes of rows of `predictions=` whose label is no stance, as where a language model refuses:
            "error" ends the evaluation and lists them; "wrong" counts them as errors in every metric; "abstain" leaves
            them out of that system's scores, states its coverage, and compares it with each other system on the rows
            that both answer.
    """

    tests: list[str] = field(default_factory=list)
    perturbations: list[str] = field(default_factory=list)
    bootstrap_resamples: int = 10_000
    randomization_rounds: int = 10_000
    unit: str = "document"
    paired_seeds: bool = False
    margin: float | None = None
    level: float = 0.05
    seed: int = 13
    bins: int = 15
    prevalence: dict[str, float] = field(default_factory=dict)
    weight: str = ""
    on_unparsed: str = "error"

    def problems(self) -> list[str]:
        """Return what is out of range, one line each; an empty list means the settings can be used."""
        repeats = {"bootstrap_resamples": self.bootstrap_resamples, "randomization_rounds": self.randomization_rounds}
        problems = [
            f"{name}: found {value}, allowed 100 to 1000000"
            for name, value in repeats.items()
            if not 100 <= value <= 1_000_000
        ]
        problems += [
            f"perturbations: found {name!r}, allowed all, {', '.join(PERTURBATIONS)}."
            + did_you_mean(name, PERTURBATIONS)
            for name in self.perturbations
            if name not in ("all", *PERTURBATIONS, *REPLACED)
        ]
        problems += [
            f"perturbations: found {name!r}, which is no longer a perturbation test; pairs of rows that differ in one "
            "part alone are scored in every evaluation: leave it out"
            for name in self.perturbations
            if name in REPLACED
        ]
        if self.unit not in UNITS:
            problems.append(f"unit: found {self.unit!r}, allowed {', '.join(UNITS)}.{did_you_mean(self.unit, UNITS)}")
        if self.margin is not None and not 0 < self.margin < 100:
            problems.append(f"margin: found {self.margin}, allowed null, or points > 0 and < 100")
        if not 0 < self.level < 1:
            problems.append(f"level: found {self.level}, allowed > 0 and < 1")
        if self.seed < 0:
            problems.append(f"seed: found {self.seed}, allowed >= 0")
        if not 2 <= self.bins <= 100:
            problems.append(f"bins: found {self.bins}, allowed 2 to 100")
        if self.on_unparsed not in ON_UNPARSED:
            hint = did_you_mean(self.on_unparsed, ON_UNPARSED)
            problems.append(f"on_unparsed: found {self.on_unparsed!r}, allowed {', '.join(ON_UNPARSED)}.{hint}")
        return problems + self._prevalence_problems()

    def _prevalence_problems(self) -> list[str]:
        if not self.prevalence:
            return []
        allowed = f"allowed is a share of each class of the dataset, of {', '.join(STANCES)}"
        if not set(self.prevalence) <= set(STANCES) or len(self.prevalence) < 2:
            return [f"prevalence: found {', '.join(self.prevalence)}; {allowed}, such as 0.1, 0.7, 0.2"]
        total = sum(self.prevalence.values())
        if min(self.prevalence.values()) < 0 or not abs(total - 1) <= _SUM_TOLERANCE:
            found = ", ".join(f"{name} {share:g}" for name, share in self.prevalence.items())
            return [f"prevalence: found {found}, sum {total:g}; {allowed}, 0 to 1, that add up to 1"]
        return []
