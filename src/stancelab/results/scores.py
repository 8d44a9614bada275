"""The scores of one run of a system: metrics, by stance and target, of its probabilities."""

from __future__ import annotations

from dataclasses import dataclass, field

from stancelab.metrics.bootstrap import Interval  # noqa: TC001 - msgspec reads the types at run time
from stancelab.metrics.calibration import ReliabilityBin  # noqa: TC001


@dataclass(frozen=True, kw_only=True)
class Scores:
    """The metrics of a system on some rows; those of probabilities are None where it gives labels alone.

    Attributes:
        accuracy: Share of rows predicted correctly.
        macro_precision: Mean precision of the task's classes.
        macro_recall: Mean recall of the task's classes.
        macro_f1: Mean F1 of the task's classes.
        f_avg: Mean F1 of favor and against, as far as they are classes.
        brier: Brier score, 0 to 2.
        nll: Mean negative log-likelihood, in nats.
        ece: Expected calibration error.
        aurc: Area under the risk-coverage curve.
    """

    accuracy: float
    macro_precision: float
    macro_recall: float
    macro_f1: float
    f_avg: float
    brier: float | None = None
    nll: float | None = None
    ece: float | None = None
    aurc: float | None = None

    def value(self, metric: str) -> float | None:
        """Return a metric by its name."""
        found: float | None = getattr(self, metric)
        return found


@dataclass(frozen=True, kw_only=True)
class PerClass:
    """Scores of one stance."""

    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True, kw_only=True)
class TargetScores:
    """Scores on the rows of one target."""

    rows: int
    accuracy: float
    macro_precision: float
    macro_recall: float
    macro_f1: float
    f_avg: float
    per_class: dict[str, PerClass]


@dataclass(frozen=True, kw_only=True)
class BeforeTemperature:
    """Calibration before the logits were divided by the temperature."""

    temperature: float
    ece: float
    adaptive_ece: float
    brier: float
    nll: float


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """How far probabilities are from frequencies.

    Attributes:
        ece: Expected calibration error over bins of equal width.
        adaptive_ece: The same over bins of equal count.
        classwise_ece: The same for each class's probability, by class of the task.
        bins: The bins of equal width.
        before_temperature: The same before temperature scaling, None where the temperature is not known.
    """

    ece: float
    adaptive_ece: float
    classwise_ece: dict[str, float]
    bins: list[ReliabilityBin]
    before_temperature: BeforeTemperature | None


@dataclass(frozen=True, kw_only=True)
class ThresholdScores:
    """What a confidence threshold that was chosen on validation rows gives on a test file.

    Attributes:
        confidence: The threshold.
        coverage: Share of rows that are answered.
        accuracy: Share of them that is right, None where none is answered.
    """

    confidence: float
    coverage: float
    accuracy: float | None


@dataclass(frozen=True, kw_only=True)
class Selective:
    """Selective prediction: the errors that are left where only confident predictions are kept.

    Attributes:
        area: Area under the risk-coverage curve.
        coverage: Shares of rows that are answered, the most confident first.
        risk: The share of them that is wrong, for each coverage.
        thresholds: By name, such as "accuracy_90" or "guaranteed_90".
        unreached: The names of those that no confidence reached on validation rows.
    """

    area: float
    coverage: list[float]
    risk: list[float]
    thresholds: dict[str, ThresholdScores]
    unreached: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class UnparsedRows:
    """Rows of which a system's answer could not be read, as a refusal of a language model.

    Attributes:
        rows: How many they are.
        counted_as: "wrong": they are errors in every metric; "abstain": they are left out of the scores.
        coverage: The share of rows whose answer could be read.
    """

    rows: int
    counted_as: str
    coverage: float


@dataclass(frozen=True, kw_only=True)
class RunScores:
    """One run (seed) of a system on one test file.

    Attributes:
        seed: Its seed, None where chance plays no part.
        predictions: The prediction table's path, from the run folder.
        scores: Its scores.
        intervals: 95% intervals of the metrics that rank systems, for this run on other data; empty with fewer than ten
            resampling units.
        per_class: Scores by class of the task.
        per_target: Scores by target, the most frequent first.
        confusion: Counts, rows gold, columns predicted, of all stances in the order of `STANCES`.
        calibration: None where there are no probabilities.
        selective: None where there are no probabilities.
        warnings: What its scores cannot say.
        unparsed: Rows of which its answer could not be read; None where there is none.
    """

    seed: int | None
    predictions: str
    scores: Scores
    intervals: dict[str, Interval]
    per_class: dict[str, PerClass]
    per_target: dict[str, TargetScores]
    confusion: list[list[int]]
    calibration: Calibration | None
    selective: Selective | None
    warnings: list[str]
    unparsed: UnparsedRows | None = None
