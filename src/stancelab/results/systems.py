"""What a system scores on a test file: its runs, their means, slices, pairs, perturbations and kinds of errors."""

from __future__ import annotations

from dataclasses import dataclass, field

from stancelab.metrics.bootstrap import Interval  # noqa: TC001 - msgspec reads the types at run time
from stancelab.metrics.calibration_noise import CalibrationNoise  # noqa: TC001
from stancelab.metrics.jackknife import Difference  # noqa: TC001
from stancelab.results.comparisons import LossDifference  # noqa: TC001
from stancelab.results.scores import RunScores, Scores  # noqa: TC001


@dataclass(frozen=True, kw_only=True)
class SliceScores:
    """A system on one slice, means over its runs.

    Attributes:
        scores: Its scores on the rows that it answers, means over the runs that answer any; None where none does.
        intervals: 95% intervals of the metrics that rank systems; empty where the slice is of fewer than ten units.
        others: Its accuracy on the slice minus that on the rows with another value of the attribute; None where that is
            not tested.
        answered: By class of the task how many rows it answers, means over its runs; None where it answers all.
    """

    scores: Scores | None
    intervals: dict[str, Interval]
    others: Difference | None = None
    answered: dict[str, float] | None = None


@dataclass(frozen=True, kw_only=True)
class SliceContrast:
    """A system on two slices of one attribute.

    Attributes:
        attribute: The attribute.
        values: Its two values.
        metric: The primary metric, or accuracy where one of the two lacks a stance.
        tested: The score on the first minus that on the second; None where that is not tested.
    """

    attribute: str
    values: tuple[str, str]
    metric: str
    tested: Difference | None


@dataclass(frozen=True, kw_only=True)
class PairScores:
    """A system on the pairs of rows that differ in one part alone, means over its runs; None where there are no pairs.

    Attributes:
        both_right: Of the pairs whose stances differ, the share with both rows right.
        independent: What that share would be if the answers to the two rows were independent, each row right as often
            as rows of its stance in these pairs are.
        changed_different: Of the pairs whose stances differ, the share with different answers.
        changed_same: Of the pairs with the same stance, the share with different answers.
        intervals: 95% intervals of `both_right`, `changed_different` and `changed_same`, where there are ten units.
    """

    both_right: float | None
    independent: float | None
    changed_different: float | None
    changed_same: float | None
    intervals: dict[str, Interval]


@dataclass(frozen=True, kw_only=True)
class PerturbationScores:
    """A system on one perturbation, means over its runs.

    Attributes:
        changed: Share of predictions that change.
        accuracy_before: Accuracy on the unchanged examples, over rows whose stance after the change is known; None
            where no row's is.
        accuracy_after: Accuracy on the changed examples, over the same rows.
        intervals: 95% intervals of those of the three that there are; empty where there are fewer than ten units.
    """

    changed: float
    accuracy_before: float | None
    accuracy_after: float | None
    intervals: dict[str, Interval]


@dataclass(frozen=True, kw_only=True)
class ErrorKinds:
    """What kinds of errors a system makes, means over its runs: how many rows of the test file.

    Attributes:
        favor_as_against: Rows in favor that were predicted as against.
        against_as_favor: Rows against that were predicted as in favor.
        stance_as_neutral: Rows with a stance that were predicted as neutral.
        neutral_as_stance: Neutral rows that were predicted as against or in favor.
        direction_share: The share of all rows whose direction is wrong, the first two together.
        direction_interval: Its 95% interval, None with fewer than ten units.
    """

    favor_as_against: float
    against_as_favor: float
    stance_as_neutral: float
    neutral_as_stance: float
    direction_share: float
    direction_interval: Interval | None


@dataclass(frozen=True, kw_only=True)
class Reweighted:
    """A system's scores with rows that count unequally, means over its runs.

    Attributes:
        scores: Its scores; those of calibration and selective prediction are None.
        intervals: 95% intervals, over units and seeds, of accuracy, macro recall, macro-F1 and F_avg.
    """

    scores: Scores
    intervals: dict[str, Interval]


@dataclass(frozen=True, kw_only=True)
class AgainstAnnotators:
    """A system on what the human ceiling is measured on: its answers against the others' majorities.

    Attributes:
        scores: Its scores, means over its runs; those of probabilities are None.
        difference: Its primary metric minus that of the annotators.
        interval: The 95% interval of the difference, over units and seeds, None with fewer than ten units.
    """

    scores: Scores
    difference: float
    interval: Interval | None


@dataclass(frozen=True, kw_only=True)
class InputGaps:
    """What the input of a trained system lacks of a test file's rows, the most over its runs.

    Attributes:
        cut_texts: Rows whose text is longer than the input, so that a part of it is cut.
        cut_targets: Rows whose target is in the part that is cut.
        cut_sources: Rows whose source is there.
        not_in_text: Rows whose text does not mention the target.
        untold_targets: Rows whose target the input neither marks nor names.
        untold_sources: Rows whose source it neither marks nor names.
    """

    cut_texts: int
    cut_targets: int
    cut_sources: int
    not_in_text: int
    untold_targets: int
    untold_sources: int


@dataclass(frozen=True, kw_only=True)
class SystemScores:
    """One system on one test file.

    Attributes:
        mean: Means over its runs.
        std: Sample standard deviations over its runs, None where there is one.
        intervals: 95% intervals of the metrics that rank systems: with several runs of the mean over such trainings,
            with one of this run; empty with fewer than ten resampling units.
        runs: Its runs.
        slices: Its scores on each slice of the test file, in that order.
        perturbations: Its scores on each perturbation, in that order; empty where none was run, None where it cannot
            answer changed examples, as a table of predictions or an evaluation that is put together cannot.
        contrasts: Its scores on slices that are compared with one another.
        pairs: Its scores on each set of pairs of the test file, in that order.
        train_overlap_rows: Rows of the test file whose text one of its runs was trained on, None where that is not
            known, as of a table of predictions.
        without_train_overlap: Its scores on the rows whose text no system of the evaluation was trained on; None where
            these are all rows, or none.
        errors: What kinds of errors it makes.
        calibration_noise: What its calibration error would be if it were perfectly calibrated, None where it has no
            probabilities.
        temperature_effect: By "nll" and "brier", the loss after temperature scaling minus that before it; empty where
            a run's temperature is not known.
        weighted: Its scores by the design weights of `evaluation.weight`, None without them.
        at_prevalence: Its scores at the prevalence of `evaluation.prevalence`, None without one, or where the file
            lacks a stance of it.
        against_annotators: Its scores beside the human ceiling, None where there is none.
        before_corrections: The metrics that rank systems with the labels before a person corrected them, means over
            runs, by metric; empty where no label was corrected or that is not known.
        input_gaps: What its input lacks of the rows, None where that is not known, as of a baseline.
    """

    mean: Scores
    std: Scores | None
    intervals: dict[str, Interval]
    runs: list[RunScores]
    slices: list[SliceScores]
    perturbations: list[PerturbationScores] | None
    contrasts: list[SliceContrast] = field(default_factory=list)
    pairs: list[PairScores] = field(default_factory=list)
    train_overlap_rows: int | None = None
    without_train_overlap: SliceScores | None = None
    errors: ErrorKinds | None = None
    calibration_noise: CalibrationNoise | None = None
    temperature_effect: dict[str, LossDifference] = field(default_factory=dict)
    weighted: Reweighted | None = None
    at_prevalence: Reweighted | None = None
    against_annotators: AgainstAnnotators | None = None
    before_corrections: dict[str, float] = field(default_factory=dict)
    input_gaps: InputGaps | None = None

    @property
    def has_probabilities(self) -> bool:
        """Whether the system says how sure it is."""
        return self.mean.ece is not None


@dataclass(frozen=True, kw_only=True)
class SystemResults:
    """One system on all test files.

    Attributes:
        name: As in tables.
        is_baseline: Whether it is a baseline.
        seeds: The seed of each run; [None] where chance plays no part.
        tests: By test file.
    """

    name: str
    is_baseline: bool
    seeds: list[int | None]
    tests: dict[str, SystemScores]
