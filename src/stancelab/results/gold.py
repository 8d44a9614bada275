"""What a test file holds, whatever the systems say."""

from __future__ import annotations

from dataclasses import dataclass, field

from stancelab.metrics.bootstrap import Interval  # noqa: TC001 - msgspec reads the types at run time
from stancelab.results.scores import Scores  # noqa: TC001


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
        classes: Gold rows by class of the task.
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
        classes: Gold rows by class of the task.
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
