"""Which systems differ: on a test file, in their losses, as ways of training, over corpora, along a learning curve."""

from __future__ import annotations

from dataclasses import dataclass, field

from stancelab.metrics.bootstrap import Interval  # noqa: TC001 - msgspec reads the types at run time
from stancelab.metrics.significance import T_TEST, Comparison


@dataclass(frozen=True, kw_only=True)
class LossDifference:
    """How far two losses differ; below 0 the first one is better.

    Attributes:
        difference: The difference of the means.
        interval: Its 95% interval, over units and seeds, None with fewer than ten resampling units.
        p: Two-sided p-value, not corrected.
    """

    difference: float
    interval: Interval | None
    p: float


@dataclass(frozen=True, kw_only=True)
class LossComparison(Comparison):
    """Two systems' Brier scores or negative log-likelihoods on a test file, which reward calibrated probabilities.

    Compared as scores are; below 0 the first one is better. The names are those of the pair, the system that ranks
    higher first, and `p_holm` is the p-value after Holm's correction over the different pairs and both losses of all
    test files.

    Attributes:
        metric: "nll" or "brier".
    """

    metric: str
    method: str = T_TEST  # of evaluations that do not say it


@dataclass(frozen=True, kw_only=True)
class LearnerComparison:
    """Two systems of a cross-validation as ways of training: another sample of training rows gives another model.

    Attributes:
        systems: The two names, in the order of the pair of `pairs`.
        difference: The first one's score minus the second one's on the primary metric, mean over folds.
        interval: 95% interval of the difference.
        p: Two-sided p-value.
        p_holm: The same after Holm's correction over the different pairs of the test file.
        folds: How many folds there are over all partitions.
    """

    systems: tuple[str, str]
    difference: float
    interval: Interval
    p: float
    p_holm: float
    folds: int


@dataclass(frozen=True, kw_only=True)
class Comparisons:
    """Which systems differ on a test file, on the primary metric.

    Attributes:
        pairs: All pairs of systems, in the order of the ranking.
        groups: Letters by system; two systems that share one are not significantly different.
        family: How many pairs p-values are corrected over: the different ones of all test files.
        learners: Of a cross-validation, all pairs as ways of training; empty otherwise.
        warnings: Why no difference between single runs could be found significant, where that is so.
        notes: What the comparisons rest on: systems with two seeds, with a borrowed variance, with the same answers.
        losses: All pairs of systems that have probabilities, on NLL and Brier score.
        loss_family: How many comparisons of losses their p-values are corrected over: the different ones of all test
            files.
    """

    pairs: list[Comparison] = field(default_factory=list)
    groups: dict[str, str] = field(default_factory=dict)
    family: int = 0
    learners: list[LearnerComparison] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    losses: list[LossComparison] = field(default_factory=list)
    loss_family: int = 0


@dataclass(frozen=True, kw_only=True)
class CorporaComparison:
    """On how many of several corpora the best system is better than another (Dror et al., 2017).

    Attributes:
        systems: The two names, the one with the higher mean over the corpora first.
        p: By corpus, the one-sided p-value of the first one being better.
        level: What `better` is tested at: that of the procedure, divided by the different pairs and both directions.
        better: On how many corpora, at least, the first one is better, however the corpora depend (Bonferroni).
        better_if_independent: The same if the corpora are independent (Fisher).
        named: The corpora on which it is better, after Holm's correction.
        worse: On how many corpora, at least, the second one is better (Bonferroni).
    """

    systems: tuple[str, str]
    p: dict[str, float]
    level: float
    better: int
    better_if_independent: int
    named: list[str]
    worse: int


@dataclass(frozen=True, kw_only=True)
class CurveStep:
    """A system at two sizes of train that follow one another in a learning curve, on one test file.

    Attributes:
        test: The test file.
        system: The system.
        smaller: The name of the smaller size.
        larger: The name of the larger size.
        difference: Its score at the larger size minus that at the smaller one, on the primary metric.
        interval: 95% interval of the difference, not corrected.
        p: Two-sided p-value, not corrected.
        p_holm: The same after Holm's correction over all steps of the test file.
    """

    test: str
    system: str
    smaller: str
    larger: str
    difference: float
    interval: Interval
    p: float
    p_holm: float
