"""`metrics.json` as types: what an evaluation found and what made it, read and written in one place.

The field names of these classes are the keys of the file; `docs/metrics.md` describes them. Names in the file are for
machines; titles for people are the report's.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

from stancelab.errors import ConfigError, DataError, shorten
from stancelab.files import write_json
from stancelab.layout import METRICS
from stancelab.metrics.bootstrap import Interval  # noqa: TC001 - msgspec reads the types at run time
from stancelab.metrics.calibration import ReliabilityBin  # noqa: TC001
from stancelab.metrics.calibration_noise import CalibrationNoise  # noqa: TC001
from stancelab.metrics.jackknife import Difference  # noqa: TC001
from stancelab.metrics.significance import Comparison, Precision  # noqa: F401, TC001 - Precision is part of a pair
from stancelab.schema import PARTS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

#: The version of the layout; grows when a field is renamed or changes its meaning.
FORMAT: Final = 4
_DECIMALS: Final = 6


@dataclass(frozen=True, kw_only=True)
class TrainingSample:
    """How many of a corpus's training rows were kept.

    Attributes:
        setting: The setting of `split` that says so: "train_share", "train_rows" or "shots".
        amount: Its value.
    """

    setting: str
    amount: float


@dataclass(frozen=True, kw_only=True)
class DatasetProvenance:
    """The prepared dataset of an evaluation.

    Attributes:
        name: The corpora in it, joined by "+".
        fingerprint: A short hash of its rows and splits.
        counts: By split, the number of "rows" and of those of each stance.
        sample: Which training rows were kept, None where all were.
        split: The settings of the split; empty where they are not known, as for rows that were given from Python.
        corrected: By split, the number of labels that a person corrected; splits without one are left out.
        audit: The content of its audit.json.
        data_key: A short hash of the rows that it was divided from, which all folds of a partition share.
    """

    name: str
    fingerprint: str = ""
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    sample: TrainingSample | None = None
    split: dict[str, Any] = field(default_factory=dict)
    corrected: dict[str, int] = field(default_factory=dict)
    audit: dict[str, Any] = field(default_factory=dict)
    data_key: str = ""


@dataclass(frozen=True, kw_only=True)
class CheckpointProvenance:
    """One checkpoint of an evaluation.

    Attributes:
        name: What the system is called; seeds of one system share it.
        seed: The seed of its training.
        encoder: The pretrained encoder: a package, a folder or a name on the hub.
        encoder_sha256: The SHA-256 of that encoder's weights, None where it came from the hub.
        head: What answers: "pair" or "sequence".
        temperature: What its logits are divided by.
        hidden: The parts of the row that it was trained without: "source", "target".
        input: How an example becomes its input, by setting.
        training: The settings of its training.
        dataset: The prepared dataset it was trained on.
        dataset_fingerprint: That dataset's fingerprint.
        train_rows: The number of its training rows.
        dev_metric: The metric it was chosen by on validation rows.
        dev_score: Its value.
        version: The version of stancelab that trained it.
        warnings: What speaks against relying on its training.
    """

    name: str
    seed: int | None = None
    encoder: str = ""
    encoder_sha256: str | None = None
    head: str = ""
    temperature: float = 1.0
    hidden: list[str] = field(default_factory=list)
    input: dict[str, Any] = field(default_factory=dict)
    training: dict[str, Any] = field(default_factory=dict)
    dataset: str = ""
    dataset_fingerprint: str = ""
    train_rows: int | None = None
    dev_metric: str = ""
    dev_score: float | None = None
    version: str = ""
    warnings: list[str] = field(default_factory=list)

    def identity(self, leave_out: Collection[str] = ()) -> dict[str, Any]:
        """Return what the seeds of one system share, by setting: encoder, input, training, data and version.

        Args:
            leave_out: Settings that are left out, such as "input.hide".
        """
        found = {
            "encoder": self.encoder_sha256 or self.encoder,
            "head": self.head,
            **{f"input.{name}": value for name, value in self.input.items()},
            **{f"training.{name}": value for name, value in self.training.items()},
            "dataset": self.dataset_fingerprint,
            "train_rows": self.train_rows,
            "stancelab": self.version,
        }
        return {name: value for name, value in found.items() if name not in {*leave_out, *_NO_EFFECT}}

    def differences(self, other: CheckpointProvenance, leave_out: Collection[str] = ()) -> list[str]:
        """Return in words by which settings two checkpoints differ, seeds aside, such as "training.epochs (3, 5)"."""
        one, two = self.identity(leave_out), other.identity(leave_out)
        return [
            f"{name} ({_shown(one.get(name))}, {_shown(two.get(name))})"
            for name in {**one, **two}
            if one.get(name) != two.get(name)
        ]


#: Settings of training that change nothing of what is learned.
_NO_EFFECT: Final = ("training.resume",)


def _shown(value: Any) -> str:
    return shorten(str(value)) if value not in (None, "", [], {}) else "none"


@dataclass(frozen=True, kw_only=True)
class Pooled:
    """A cross-validation whose folds were put together.

    Attributes:
        kind: The kind of split: "kfold" or "leave_target_out".
        folds: How many folds each row is in one of.
        seeds: The seeds of the partitions into folds, one for each.
        test_to_train: Test rows of a fold divided by its training rows, the mean over folds.
    """

    kind: str
    folds: int
    seeds: list[int]
    test_to_train: float


@dataclass(frozen=True, kw_only=True)
class Provenance:
    """What made an evaluation.

    Attributes:
        title: What the report is called; "" makes one of the dataset's name.
        command: The command line.
        commands: The command lines of the evaluations that were put together in this one.
        config: The settings of the command.
        dataset: The prepared dataset, None where it is not known.
        pooled: The cross-validation that this evaluation is of, None where it is of one dataset.
        checkpoints: The checkpoints among the systems.
        baselines: The baselines among the systems, each with what was chosen or counted while it was fitted.
        versions: Versions of Python and of the packages that results depend on.
        hardware: Processor and cores.
    """

    title: str = ""
    command: str = ""
    commands: list[str] = field(default_factory=list)
    config: dict[str, Any] = field(default_factory=dict)
    dataset: DatasetProvenance | None = None
    pooled: Pooled | None = None
    checkpoints: list[CheckpointProvenance] = field(default_factory=list)
    baselines: dict[str, dict[str, Any]] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    hardware: str = ""

    @property
    def text_only(self) -> list[str]:
        """The systems that were trained with source and target hidden: text-only ablations."""
        return list(dict.fromkeys(each.name for each in self.checkpoints if _is_hidden(each.hidden)))

    @property
    def text_only_baselines(self) -> list[str]:
        """The baselines that read neither source nor target."""
        return [name for name, described in self.baselines.items() if _is_hidden(described.get("hidden") or ())]


def _is_hidden(parts: Iterable[str]) -> bool:
    return set(PARTS) <= set(parts)


@dataclass(frozen=True, kw_only=True)
class Procedure:
    """How scores, intervals and tests were computed: the settings of the group `evaluation`.

    Attributes:
        bootstrap_resamples: Resamples of an interval.
        randomization_rounds: Rounds of an approximate randomization test.
        unit: The resampling unit that was asked for: "document", "text" or "document_and_target".
        level: Systems differ significantly whose corrected p-value is below it.
        seed: The seed of resamples and rounds.
        bins: Bins of confidence.
        paired_seeds: Whether systems with the same seeds were compared seed by seed.
        margin: The largest difference, in points, that makes no difference; None where equivalence was not tested.
        prevalence: The shares of stances that scores are reweighted to besides; empty where none were given.
        weight: The column of design weights, "" where there is none.
    """

    bootstrap_resamples: int
    randomization_rounds: int
    unit: str
    level: float
    seed: int
    bins: int
    paired_seeds: bool = False
    margin: float | None = None
    prevalence: dict[str, float] = field(default_factory=dict)
    weight: str = ""


@dataclass(frozen=True, kw_only=True)
class Majority:
    """The most frequent stance of a test file, and what always answering it would score."""

    stance: str
    accuracy: float
    macro_f1: float
    f_avg: float


@dataclass(frozen=True, kw_only=True)
class Guessing:
    """What answers that are drawn by the class shares of a test file score on average, whatever the rows say."""

    accuracy: float
    macro_f1: float
    f_avg: float


@dataclass(frozen=True, kw_only=True)
class PartialInput:
    """The best accuracy of a reader who sees only part of the row (partial-input upper bounds).

    Attributes:
        text: Of one who sees the text alone, and gives each text one answer.
        text_target: Of one who sees text and target.
        text_source: Of one who sees text and source.
    """

    text: float
    text_target: float
    text_source: float


@dataclass(frozen=True, kw_only=True)
class Slice:
    """Rows of a test file that have something in common.

    Attributes:
        attribute: What is known of each row, such as "words".
        value: Its value for these rows, such as "1-15".
        rows: How many they are.
        units: How many resampling units they are of.
        classes: Gold rows by stance.
    """

    attribute: str
    value: str
    rows: int
    units: int
    classes: dict[str, int]

    @property
    def key(self) -> tuple[str, str]:
        """Attribute and value, which no other slice of the file has."""
        return self.attribute, self.value


@dataclass(frozen=True, kw_only=True)
class Perturbation:
    """A change of the examples of a test file.

    Attributes:
        name: Its name in `evaluation.perturbations`.
        preserves_label: Whether the prediction should stay as it is (an invariance test); else it may change.
        rows: How many examples could be changed.
        scored_rows: Of how many of them the stance after the change is known.
    """

    name: str
    preserves_label: bool
    rows: int
    scored_rows: int


@dataclass(frozen=True, kw_only=True)
class Scores:
    """The metrics of a system on some rows; those of probabilities are None where it gives labels alone.

    Attributes:
        accuracy: Share of rows predicted correctly.
        macro_precision: Mean precision of the three classes.
        macro_recall: Mean recall of the three classes.
        macro_f1: Mean F1 of the three classes.
        f_avg: Mean F1 of favor and against.
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
class HumanCeiling:
    """How well the annotators of a test file do: each one against the majority of the others.

    Attributes:
        annotators: How many annotators labeled a row that others labeled too.
        items: How many rows (text, source and target) several annotators labeled.
        answers: How many labels are compared with the others' majority.
        ties: How many are not, because the others have no single majority.
        scores: What these answers score.
        intervals: 95% intervals of the metrics that rank systems.
    """

    annotators: int
    items: int
    answers: int
    ties: int
    scores: Scores
    intervals: dict[str, Interval]


@dataclass(frozen=True, kw_only=True)
class PairSet:
    """Pairs of a test file's rows that differ in one part alone.

    Attributes:
        part: "target" or "source".
        pairs: How many they are.
        different: How many of them have different stances.
        units: How many resampling units they are of.
    """

    part: str
    pairs: int
    different: int
    units: int


@dataclass(frozen=True, kw_only=True)
class TestFile:
    """What a test file holds, whatever the systems say.

    Attributes:
        rows: Rows.
        texts: Different sentences.
        targets: Different targets.
        unit: The resampling unit: "document", "text" or "document_and_target".
        units: How many of them there are; with "document_and_target" the documents.
        classes: Gold rows by stance.
        majority: The most frequent stance.
        guessing: Chance: answers that are drawn by the class shares.
        train_overlap_rows: Rows whose text one of the systems was trained on, as far as that is known.
        warnings: What the scores on this file cannot say.
        partial_input_upper_bounds: What a reader of part of the row could score.
        slices: The slices.
        perturbations: The perturbations that were tested; empty where none was.
        pairs: Pairs of rows that differ in the target alone, and in the source alone; empty where there are none.
        corpora: The corpora of its rows.
        human_ceiling: How well its annotators do, None where no row was labeled by several.
        effective_rows: How many rows of equal weight its design weights are worth (Kish, 1965), None without weights.
        corrected_rows: Rows whose label a person corrected, None where that is not known.
    """

    rows: int
    texts: int
    targets: int
    unit: str
    units: int
    classes: dict[str, int]
    majority: Majority
    guessing: Guessing
    train_overlap_rows: int = 0
    warnings: list[str]
    partial_input_upper_bounds: PartialInput
    slices: list[Slice]
    perturbations: list[Perturbation]
    pairs: list[PairSet] = field(default_factory=list)
    corpora: list[str] = field(default_factory=list)
    human_ceiling: HumanCeiling | None = None
    effective_rows: float | None = None
    corrected_rows: int | None = None


@dataclass(frozen=True, kw_only=True)
class LossDifference:
    """How far two losses differ; below 0 the first one is better.

    Attributes:
        difference: The difference of the means.
        interval: Its 95% interval, over units and seeds.
        p: Two-sided p-value, not corrected.
    """

    difference: float
    interval: Interval
    p: float


@dataclass(frozen=True, kw_only=True)
class LossComparison(LossDifference):
    """Two systems' Brier scores or negative log-likelihoods on a test file, which reward calibrated probabilities.

    Attributes:
        systems: Their names, the one that ranks higher first.
        metric: "nll" or "brier".
        p_holm: The p-value after Holm's correction over all pairs and both metrics of the test file.
    """

    systems: tuple[str, str]
    metric: str
    p_holm: float


@dataclass(frozen=True, kw_only=True)
class LearnerComparison:
    """Two systems of a cross-validation as ways of training: another sample of training rows gives another model.

    Attributes:
        systems: The two names, in the order of the pair of `pairs`.
        difference: The first one's score minus the second one's on the primary metric, mean over folds.
        interval: 95% interval of the difference.
        p: Two-sided p-value.
        p_holm: The same after Holm's correction over all pairs of the test file.
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
    """

    pairs: list[Comparison] = field(default_factory=list)
    groups: dict[str, str] = field(default_factory=dict)
    family: int = 0
    learners: list[LearnerComparison] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    losses: list[LossComparison] = field(default_factory=list)


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
        classwise_ece: The same for each stance's probability, by stance.
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
class RunScores:
    """One run (seed) of a system on one test file.

    Attributes:
        seed: Its seed, None where chance plays no part.
        predictions: The prediction table's path, from the run folder.
        scores: Its scores.
        intervals: 95% intervals of the metrics that rank systems, for this run on other data; empty with fewer than ten
            resampling units.
        per_class: Scores by stance.
        per_target: Scores by target, the most frequent first.
        confusion: Counts, rows gold, columns predicted.
        calibration: None where there are no probabilities.
        selective: None where there are no probabilities.
        warnings: What its scores cannot say.
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


@dataclass(frozen=True, kw_only=True)
class SliceScores:
    """A system on one slice, means over its runs.

    Attributes:
        scores: Its scores.
        intervals: 95% intervals of the metrics that rank systems; empty where the slice is of fewer than ten units.
        others: Its accuracy on the slice minus that on the rows with another value of the attribute; None where that is
            not tested.
    """

    scores: Scores
    intervals: dict[str, Interval]
    others: Difference | None = None


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


@dataclass(frozen=True, kw_only=True)
class CorporaComparison:
    """On how many of several corpora the best system is better than another (Dror et al., 2017).

    Attributes:
        systems: The two names, the one with the higher mean over the corpora first.
        p: By corpus, the one-sided p-value of the first one being better.
        level: What `better` is tested at: the level of the procedure, divided by all pairs and both directions.
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
class Results:
    """The content of metrics.json.

    Attributes:
        format: `FORMAT`.
        provenance: What made it.
        primary_metric: "macro_f1", "f_avg" or "accuracy": what systems are ranked by.
        procedure: How scores, intervals and tests were computed.
        tests: By test file, what it holds.
        comparisons: By test file, which systems differ.
        systems: The systems, in the order in which they were given.
        corpora: The best system against each other one over several corpora; empty where test files are of one corpus.
    """

    format: int = FORMAT
    provenance: Provenance
    primary_metric: str
    procedure: Procedure
    tests: dict[str, TestFile]
    comparisons: dict[str, Comparisons]
    systems: list[SystemResults]
    corpora: list[CorporaComparison] = field(default_factory=list)

    def system(self, name: str) -> SystemResults | None:
        """Return a system by its name, None where there is none."""
        return next((each for each in self.systems if each.name == name), None)


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


def check_provenance(provenance: Provenance) -> Provenance:
    """Return what made an evaluation as metrics.json can hold it: paths as text, NumPy's numbers as Python's.

    Raises:
        ConfigError: JSON cannot hold a value, such as NaN; the message says where it stands.
    """
    return msgspec.convert(_plain(msgspec.to_builtins(provenance, enc_hook=_as_builtin), "provenance"), Provenance)


def _as_builtin(value: Any) -> Any:
    if isinstance(value, Path):
        return str(value)
    if hasattr(value, "tolist"):  # a number or an array of NumPy's
        return value.tolist()
    raise ConfigError(f"provenance: found {shorten(repr(value))}, allowed are text, numbers, lists and dicts of them")


def _plain(value: Any, where: str) -> Any:
    if isinstance(value, dict):
        return {key: _plain(each, f"{where}.{key}") for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each, f"{where}[{place}]") for place, each in enumerate(value)]
    if isinstance(value, float) and not math.isfinite(value):
        raise ConfigError(f"{where}: found {value}, allowed are finite numbers; metrics.json has no others")
    return value


def write_results(folder: Path, results: Results) -> Results:
    """Write a run's metrics.json, floats of scores rounded to six decimals, and return what it holds."""
    content = msgspec.to_builtins(results)
    for part in ("tests", "comparisons", "systems", "corpora"):
        content[part] = _rounded(content[part])
    write_json(folder / METRICS, content)
    return msgspec.convert(content, Results)


def read_results(folder: Path) -> Results:
    """Read a run's metrics.json.

    Raises:
        DataError: The folder is none or holds no evaluation, or one of another layout.
    """
    path = folder / METRICS
    if not folder.is_dir():
        what = "is a file" if folder.is_file() else "no such folder"
        raise DataError(f"{folder}: {what}; expected the folder of an evaluation")
    if not path.is_file():
        inside = sorted(found.parent.name for found in folder.glob(f"*/{METRICS}"))
        hint = f"; the evaluations in it are {', '.join(inside)}" if inside else ""
        raise DataError(f"{folder}: holds no {METRICS}; expected the folder of an evaluation{hint}")
    content = path.read_bytes()
    try:
        written = msgspec.json.decode(content, type=_Format).format
        if written != FORMAT:
            raise DataError(f"{path}: found format {written!r}, this version reads {FORMAT}; evaluate again")
        return msgspec.json.decode(content, type=Results)
    except msgspec.DecodeError as error:
        raise DataError(f"{path}: not readable or incomplete ({error}); evaluate again") from None


@dataclass(frozen=True)
class _Format:
    format: Any = None


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, _DECIMALS)
    if isinstance(value, dict):
        return {key: _rounded(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(each) for each in value]
    return value
