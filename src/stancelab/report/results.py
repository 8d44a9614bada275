"""What the report shows: systems ranked on each test file, seeds of one system taken together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from stancelab.schema import STANCES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

METRIC_TITLES: Final = {"macro_f1": "Macro-F1", "f_avg": "F_avg", "accuracy": "Accuracy"}

#: A slice with fewer rows is marked and not ranked.
SMALL_SLICE: Final = 30

#: The slice of the rows that a reader of the text alone cannot all get right.
SEVERAL: Final = ("stances in the sentence", "several")

#: A target with fewer rows is marked: its scores say little.
SMALL_SUPPORT: Final = 10


@dataclass(frozen=True, slots=True)
class Estimate:
    """A score with what is known of its spread.

    Attributes:
        mean: Mean over seeds, or the one score there is.
        std: Sample standard deviation over seeds, None where there is one run.
        interval: 95% bootstrap interval of the mean, None where none was computed.
    """

    mean: float
    std: float | None
    interval: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class TargetScores:
    """Scores of one system on the rows of one target, means over seeds."""

    target: str
    rows: int
    scores: dict[str, float]
    per_class: dict[str, dict[str, float]]

    @property
    def is_small(self) -> bool:
        """Whether the target has too few rows for its scores to say much."""
        return self.rows < SMALL_SUPPORT


@dataclass(frozen=True, slots=True)
class SystemResult:
    """One system on one test file.

    Attributes:
        name: As in tables.
        is_baseline: Whether the run's context calls it a baseline; None where the context does not say.
        scores: Estimate by metric name; those of probabilities are missing where there are none.
        runs: The scores of each seed, as metrics.json has them.
    """

    name: str
    is_baseline: bool | None
    scores: dict[str, Estimate]
    runs: list[dict[str, Any]]

    @property
    def has_probabilities(self) -> bool:
        """Whether it says how sure it is."""
        return "ece" in self.scores

    @property
    def warnings(self) -> list[str]:
        """What its scores cannot say, each once."""
        return warnings_of(self.runs)

    @property
    def seeds(self) -> list[int]:
        """The seeds of its runs; empty where chance plays no part."""
        return [run["seed"] for run in self.runs if run["seed"] is not None]

    @property
    def confusion(self) -> NDArray[np.float64]:
        """Mean confusion matrix over seeds, rows gold, columns predicted."""
        return np.asarray(np.mean([run["confusion"] for run in self.runs], axis=0))

    @property
    def per_class(self) -> dict[str, dict[str, float]]:
        """Precision, recall, F1 and support by stance, means over seeds."""
        return _mean_per_class([run["per_class"] for run in self.runs])

    def per_target(self) -> list[TargetScores]:
        """Scores by target, means over seeds, in the order of metrics.json: the most frequent target first."""
        tables = [run["per_target"] for run in self.runs]
        return [
            TargetScores(
                target=target,
                rows=first["rows"],
                scores={
                    name: float(np.mean([table[target][name] for table in tables]))
                    for name in first
                    if name not in ("rows", "per_class")
                },
                per_class=_mean_per_class([table[target]["per_class"] for table in tables]),
            )
            for target, first in tables[0].items()
        ]

    def before_temperature(self, metric: str) -> float | None:
        """Mean over seeds of a calibration metric before the temperature, None where that is not known."""
        before = [run["calibration"]["before_temperature"] for run in self.runs if run["calibration"]]
        return float(np.mean([each[metric] for each in before])) if before and all(before) else None

    def calibration(self, metric: str) -> float:
        """Mean over seeds of a calibration metric."""
        return float(np.mean([run["calibration"][metric] for run in self.runs]))

    def classwise(self) -> dict[str, float]:
        """Class-wise calibration error by stance, means over seeds."""
        errors = [run["calibration"]["classwise_ece"] for run in self.runs]
        return {stance: float(np.mean([each[stance] for each in errors])) for stance in STANCES}

    def risk_coverage(self) -> tuple[list[float], list[float]]:
        """Coverages and risks, means over seeds."""
        curves = [run["selective"] for run in self.runs]
        return curves[0]["coverage"], np.mean([curve["risk"] for curve in curves], axis=0).tolist()

    def thresholds(self) -> list[tuple[str, list[dict[str, float]]]]:
        """Name of each threshold that was chosen on dev -> what it gives here, for each seed that has it."""
        names = list(
            dict.fromkeys(name for run in self.runs for name in (run["selective"] or {"thresholds": {}})["thresholds"])
        )
        return [
            (
                name,
                [run["selective"]["thresholds"][name] for run in self.runs if name in run["selective"]["thresholds"]],
            )
            for name in names
        ]

    def reliability(self) -> list[dict[str, float]]:
        """Reliability bins that are not empty, the predictions of all seeds taken together."""
        pooled = []
        for bins in zip(*(run["calibration"]["bins"] for run in self.runs), strict=True):
            filled = [each for each in bins if each["count"]]
            count = sum(each["count"] for each in filled)
            if count:
                pooled.append(
                    {
                        "count": count,
                        "confidence": sum(each["count"] * each["confidence"] for each in filled) / count,
                        "accuracy": sum(each["count"] * each["accuracy"] for each in filled) / count,
                    }
                )
        return pooled


@dataclass(frozen=True, slots=True)
class SliceResult:
    """Rows of a test file that have something in common, and how the systems score on them.

    Attributes:
        attribute: What rows are told apart by, such as "words".
        value: What these have in common, such as "up to 15".
        rows: How many they are.
        classes: Gold rows by stance.
        scores: For each system and metric its score on them; those of probabilities only where it has them.
    """

    attribute: str
    value: str
    rows: int
    classes: dict[str, int]
    scores: dict[str, dict[str, Estimate]]

    @property
    def is_small(self) -> bool:
        """Whether there are too few rows for the scores to say much."""
        return self.rows < SMALL_SLICE

    @property
    def key(self) -> tuple[str, str]:
        """Attribute and value, which no other slice of the file has."""
        return self.attribute, self.value

    @property
    def has_all_stances(self) -> bool:
        """Whether means over the three classes can be compared with those of other rows."""
        return all(self.classes.values())


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """What systems say of changed examples.

    Attributes:
        name: The change, one of `evaluation.probes`.
        rows: How many examples could be changed.
        scored_rows: Of how many of them the stance is known after the change.
        scores: For each system that could be asked: "changed", "accuracy_before", "accuracy_after", "intervals".
    """

    name: str
    rows: int
    scored_rows: int
    scores: dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Difference:
    """How far one system is above another on one test file.

    Attributes:
        first: The one system.
        second: The other.
        difference: The score of the first minus that of the second.
        interval: 95% interval of the difference.
        p: Two-sided p-value.
        p_holm: The same after Holm's correction over all pairs of the test file.
        method: How it was tested.
    """

    first: str
    second: str
    difference: float
    interval: tuple[float, float]
    p: float
    p_holm: float
    method: str


@dataclass(frozen=True, slots=True)
class TestResult:
    """All systems on one test file.

    Attributes:
        name: The test file, such as "test_rw".
        rows: Number of rows; `texts` and `targets` count the different sentences and targets among them.
        texts: See `rows`.
        targets: See `rows`.
        unit: What is drawn anew for intervals and comparisons: "document" or "text".
        units: How many of them there are.
        classes: Gold rows by stance.
        majority: The most frequent stance, and what always answering it would score.
        warnings: What the scores on this file cannot say.
        systems: The best by the primary metric first.
        differences: All pairs of systems, the better one first, in the order of the ranking.
        groups: For each system letters; two systems that share one do not differ significantly.
        undecided: Why differences between single runs could not be found significant, empty where they could.
        ceilings: The best accuracy of a reader who sees a part alone, such as "text".
        slices: The rows by what they are.
        probes: What systems say when they are asked again about changed examples; empty where nobody was.
    """

    name: str
    rows: int
    texts: int
    targets: int
    unit: str
    units: int
    classes: dict[str, int]
    majority: dict[str, Any]
    warnings: list[str]
    systems: list[SystemResult]
    differences: list[Difference]
    groups: dict[str, str]
    undecided: list[str]
    ceilings: dict[str, float]
    slices: list[SliceResult]
    probes: list[ProbeResult]

    @property
    def unit_title(self) -> str:
        """What is drawn anew, in the plural."""
        return "documents" if self.unit == "document" else "sentences"

    @property
    def of_best(self) -> list[Difference]:
        """How far the best system is above each of the others."""
        return [each for each in self.differences if each.first == self.best.name]

    @property
    def best(self) -> SystemResult:
        """The system with the highest primary metric."""
        return self.systems[0]


@dataclass(frozen=True, slots=True)
class Results:
    """A whole metrics.json, ready to be shown."""

    primary: str
    context: dict[str, Any]
    evaluation: dict[str, Any]
    tests: list[TestResult]

    @property
    def level(self) -> float:
        """Systems differ whose corrected p-value is below this."""
        return float(self.evaluation["level"])

    @property
    def primary_title(self) -> str:
        """The primary metric as a heading has it."""
        return METRIC_TITLES[self.primary]


def warnings_of(runs: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the warnings of a system's runs, each once, with the seeds where not all of them share it."""
    seeds: dict[str, list[str]] = {}
    for run in runs:
        for line in run["warnings"]:
            seeds.setdefault(line, []).append(str(run["seed"]))
    return [
        line if len(own) == len(runs) else f"{line} (seed{'s' if len(own) > 1 else ''} {', '.join(own)})"
        for line, own in seeds.items()
    ]


def _mean_per_class(tables: Sequence[Mapping[str, Mapping[str, float]]]) -> dict[str, dict[str, float]]:
    return {
        stance: {name: float(np.mean([table[stance][name] for table in tables])) for name in tables[0][stance]}
        for stance in STANCES
    }
