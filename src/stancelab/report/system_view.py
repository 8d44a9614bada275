"""One system on one test file as the report shows it: its runs taken together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from stancelab.results import PerClass
from stancelab.schema import STANCE_ID, STANCES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from stancelab.metrics.bootstrap import Interval
    from stancelab.results import RunScores, SystemScores


#: Stands for the predicted stance where a system's answer could not be read and counts as an error.
NO_ANSWER: Final = "no answer"


@dataclass(frozen=True, slots=True)
class Estimate:
    """A score and its spread.

    Attributes:
        mean: Mean over runs.
        std: Sample standard deviation over runs, None where there is one.
        interval: 95% interval: of the mean over such trainings where there are several runs, else of this run. None
            where none was computed.
    """

    mean: float
    std: float | None
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class SystemView:
    """One system on one test file.

    Attributes:
        name: As in tables.
        is_baseline: Whether it is a baseline.
        scores: Its scores, as metrics.json has them.
    """

    name: str
    is_baseline: bool
    scores: SystemScores

    @property
    def has_probabilities(self) -> bool:
        """Whether the system says how sure it is."""
        return self.scores.has_probabilities

    @property
    def runs(self) -> list[RunScores]:
        """Its runs."""
        return self.scores.runs

    @property
    def seeds(self) -> list[int]:
        """The seeds of its runs; empty where chance plays no part."""
        return [run.seed for run in self.runs if run.seed is not None]

    @property
    def warnings(self) -> list[str]:
        """What its scores cannot say, each once."""
        return warnings_of(self.runs)

    @property
    def confusion(self) -> NDArray[np.float64]:
        """Mean confusion matrix over runs, shape (3, 3), rows gold, columns predicted."""
        return np.asarray(np.mean([run.confusion for run in self.runs], axis=0))

    @property
    def confusion_by_name(self) -> dict[str, dict[str, float]]:
        """The same by names: gold stance -> predicted stance, or `NO_ANSWER` -> rows."""
        unanswered = self.unanswered
        return {
            gold: {**dict(zip(STANCES, row, strict=True)), NO_ANSWER: unanswered.get(gold, 0.0)}
            for gold, row in zip(STANCES, self.confusion.tolist(), strict=True)
        }

    @property
    def unanswered(self) -> dict[str, float]:
        """Rows by gold stance whose answer could not be read and counts as an error, means over runs."""
        return {gold: float(np.mean([_unanswered(run, gold) for run in self.runs])) for gold in self.runs[0].per_class}

    @property
    def per_class(self) -> dict[str, PerClass]:
        """Precision, recall, F1 and support by class, means over runs."""
        return mean_per_class([run.per_class for run in self.runs])

    def mean(self, metric: str) -> float:
        """Return the mean over runs of a metric.

        Raises:
            ValueError: It scores probabilities and the system has none.
        """
        return known_value(self.scores.mean.value(metric), metric)

    def estimate(self, metric: str) -> Estimate:
        """Return a metric with its spread; a `ValueError` as for `mean`."""
        std = None if self.scores.std is None else self.scores.std.value(metric)
        return Estimate(self.mean(metric), std, self.scores.intervals.get(metric))


def _unanswered(run: RunScores, gold: str) -> int:
    if run.unparsed is None:
        return 0
    return run.per_class[gold].support - sum(run.confusion[STANCE_ID[gold]])


def warnings_of(runs: Sequence[RunScores]) -> list[str]:
    """Return the warnings of a system's runs, each once, with the seeds where not all of them share it."""
    seeds: dict[str, list[str]] = {}
    for run in runs:
        for line in run.warnings:
            seeds.setdefault(line, []).append(str(run.seed))
    return [
        line if len(own) == len(runs) else f"{line} (seed{'s' if len(own) > 1 else ''} {', '.join(own)})"
        for line, own in seeds.items()
    ]


def mean_per_class(tables: Sequence[Mapping[str, PerClass]]) -> dict[str, PerClass]:
    """Return scores by stance, means over runs; all runs have the same rows, and so the same support."""
    return {
        stance: PerClass(
            precision=float(np.mean([table[stance].precision for table in tables])),
            recall=float(np.mean([table[stance].recall for table in tables])),
            f1=float(np.mean([table[stance].f1 for table in tables])),
            support=tables[0][stance].support,
        )
        for stance in tables[0]
    }


def known_value(value: float | None, metric: str) -> float:
    """Return a metric's value; a `ValueError` where it scores probabilities and there are none."""
    if value is None:
        raise ValueError(f"{metric} scores probabilities, and the system gives labels alone")
    return value
