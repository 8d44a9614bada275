"""What the report shows of metrics.json: for each test file the ranked systems, its slices, pairs, perturbations."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from stancelab.metrics.names import shown_metrics
from stancelab.pages.formatting import count, counted
from stancelab.report import titles
from stancelab.report.system_view import NO_ANSWER, Estimate, SystemView, known_value
from stancelab.report.text_readers import TextReaders, text_readers
from stancelab.schema import STANCES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from stancelab.metrics.jackknife import Difference
    from stancelab.metrics.significance import Comparison
    from stancelab.results import (
        Comparisons,
        PairScores,
        PairSet,
        Perturbation,
        PerturbationScores,
        Pooled,
        Results,
        Slice,
        SliceScores,
        SystemResults,
        TestFile,
    )

#: A slice with fewer rows is marked, not drawn and not tested.
SMALL_SLICE: Final = 30


@dataclass(frozen=True, slots=True)
class SliceView:
    """Rows of a test file that have something in common, and each system's scores on them.

    Attributes:
        facts: What they are, as metrics.json has it.
        scores: By system.
    """

    facts: Slice
    scores: Mapping[str, SliceScores]

    @property
    def attribute(self) -> str:
        """The title of the attribute."""
        return titles.attribute(self.facts.attribute)

    @property
    def value(self) -> str:
        """The title of the value."""
        return titles.value(self.facts.attribute, self.facts.value)

    @property
    def rows(self) -> int:
        """How many rows they are."""
        return self.facts.rows

    @property
    def is_small(self) -> bool:
        """Whether there are too few rows for their scores to mean much."""
        return self.rows < SMALL_SLICE

    @property
    def has_all_classes(self) -> bool:
        """Whether means over the task's classes can be compared with those of other rows."""
        return all(self.facts.classes.values())

    def estimate(self, system: str, metric: str) -> Estimate | None:
        """Return a system's score on the rows that it answers, None where it answers none.

        Raises:
            ValueError: It scores probabilities and there are none.
        """
        own = self.scores[system]
        if own.scores is None:
            return None
        return Estimate(known_value(own.scores.value(metric), metric), None, own.intervals.get(metric))

    def accuracy(self, system: str) -> float | None:
        """Return a system's accuracy on the rows that it answers, None where it answers none."""
        scores = self.scores[system].scores
        return None if scores is None else scores.accuracy

    def answered(self, system: str) -> float:
        """Return how many of these rows a system answers, mean over its runs."""
        found = self.scores[system].answered
        return self.rows if found is None else sum(found.values())

    def abstained(self, system: str) -> str:
        """Return in how many of these rows a system abstains, in words; "" where it answers all."""
        left_out = self.rows - self.answered(system)
        return f"abstained in {count(left_out)} of {count(self.rows)}" if left_out else ""

    def compares_means(self, system: str) -> bool:
        """Whether means over the task's classes of a system's answers can be compared with those of other rows."""
        found = self.scores[system].answered
        return self.has_all_classes and (found is None or all(found.values()))

    def others(self, system: str) -> Difference | None:
        """Return a system's accuracy on these rows minus that on the rows with other values, None where not tested."""
        return self.scores[system].others


@dataclass(frozen=True, slots=True)
class PerturbationView:
    """A change of the examples of a test file, and what it did to each system that could answer the changed ones."""

    facts: Perturbation
    scores: Mapping[str, PerturbationScores]

    @property
    def title(self) -> str:
        """What the change is called."""
        return titles.perturbation(self.facts.name)


@dataclass(frozen=True, slots=True)
class PairView:
    """Pairs of a test file's rows that differ in one part alone, and each system's scores on them."""

    facts: PairSet
    scores: Mapping[str, PairScores]


@dataclass(frozen=True, slots=True)
class FileView:
    """All systems on one test file.

    Attributes:
        name: The test file, such as "test_rw".
        primary: The metric that ranks the systems.
        level: Systems differ significantly whose corrected p-value is below it.
        text_only: The systems that were trained with source and target hidden.
        facts: What the test file holds, as metrics.json has it.
        compared: Which systems differ.
        systems: The best by the primary metric first.
        readers: The systems that read the text alone.
        pooled: The cross-validation that this is of, None where it is of one dataset.
        margin: The largest difference, in points, that makes no difference; None where equivalence was not tested.
    """

    name: str
    primary: str
    level: float
    text_only: Sequence[str]
    facts: TestFile
    compared: Comparisons
    systems: Sequence[SystemView]
    readers: TextReaders = field(default_factory=TextReaders)
    pooled: Pooled | None = None
    margin: float | None = None

    @property
    def primary_title(self) -> str:
        """The title of the primary metric."""
        return titles.metric(self.primary)

    @property
    def metrics(self) -> list[str]:
        """The metrics that have intervals, the one that ranks first."""
        return shown_metrics(self.primary, self.classes)

    @property
    def classes(self) -> list[str]:
        """The classes of the task."""
        return list(self.facts.classes)

    @property
    def answers(self) -> list[str]:
        """The classes of the task, and what else a system answers or leaves open: columns of confusion matrices."""
        answered = sum(system.confusion.sum(axis=0) for system in self.systems)
        counts = dict(zip(STANCES, np.asarray(answered).tolist(), strict=True))
        unanswered = [NO_ANSWER] if any(sum(system.unanswered.values()) for system in self.systems) else []
        return [stance for stance in STANCES if stance in self.classes or counts[stance]] + unanswered

    @property
    def unit(self) -> str:
        """The title of the resampling unit, in the plural."""
        return titles.unit(self.facts.unit)

    @property
    def counted_units(self) -> str:
        """How many resampling units there are, in words."""
        if self.facts.unit == "document_and_target":
            return f"{counted(self.facts.units, 'document')} and {counted(self.facts.targets, 'target')}"
        return f"{count(self.facts.units)} {self.unit}"

    @property
    def best(self) -> SystemView:
        """The system with the highest primary metric."""
        return self.systems[0]

    @property
    def best_trained(self) -> SystemView | None:
        """The best system that is no baseline; a text-only ablation only where there is no other, None without any."""
        trained = [system for system in self.systems if not system.is_baseline]
        return next((system for system in trained if system.name not in self.text_only), next(iter(trained), None))

    @property
    def shown(self) -> list[SystemView]:
        """The systems that are shown in detail: the best one and, where it is another, the best trained one."""
        trained = self.best_trained
        return [self.best] if trained is None or trained is self.best else [self.best, trained]

    def role(self, system: SystemView) -> str:
        """Return why a system is shown in detail; "" for the others."""
        if system is self.best:
            return "best system"
        return "best trained system" if system is self.best_trained else ""

    @property
    def pairs(self) -> list[Comparison]:
        """All pairs of systems, the better one first, in the order of the ranking."""
        return self.compared.pairs

    @property
    def pairs_of_best(self) -> list[Comparison]:
        """The best system compared with each other one."""
        return [pair for pair in self.pairs if pair.systems[0] == self.best.name]

    @property
    def slices(self) -> list[SliceView]:
        """The slices, with the scores of all systems."""
        return [
            SliceView(facts, {system.name: system.scores.slices[place] for system in self.systems})
            for place, facts in enumerate(self.facts.slices)
        ]

    @property
    def perturbations(self) -> list[PerturbationView]:
        """The perturbations, with the scores of all systems that could answer changed examples."""
        scored = {system.name: system.scores.perturbations for system in self.systems}
        return [
            PerturbationView(facts, {name: own[place] for name, own in scored.items() if own is not None})
            for place, facts in enumerate(self.facts.perturbations)
        ]

    @property
    def row_pairs(self) -> list[PairView]:
        """The pairs of rows that differ in one part alone, with the scores of all systems."""
        return [
            PairView(facts, {system.name: system.scores.pairs[place] for system in self.systems})
            for place, facts in enumerate(self.facts.pairs)
        ]

    def majority(self, metric: str) -> float:
        """Return what always answering the most frequent stance would score on a primary metric."""
        return float(getattr(self.facts.majority, metric))

    def without_overlap(self, system: SystemView) -> Estimate | None:
        """Return a system's primary metric on the rows whose text no system was trained on; None without such rows."""
        found = system.scores.without_train_overlap
        if found is None or found.scores is None:
            return None
        value = known_value(found.scores.value(self.primary), self.primary)
        return Estimate(value, None, found.intervals.get(self.primary))

    def system(self, name: str) -> SystemView | None:
        """Return a system by its name, None where there is none."""
        return next((system for system in self.systems if system.name == name), None)

    def is_significant(self, pair: Comparison) -> bool:
        """Tell whether the corrected p-value of a pair is below the level."""
        return pair.p_holm < self.level

    def differs(self, part: SliceView, system: str) -> bool:
        """Tell whether a system's accuracy on a slice is significantly below or above that on the other rows."""
        tested = part.others(system)
        return tested is not None and tested.p_holm < self.level


def view_files(results: Results) -> list[FileView]:
    """Return what is shown of each test file."""
    return [
        FileView(
            name=name,
            primary=results.primary_metric,
            level=results.procedure.level,
            text_only=results.provenance.text_only,
            facts=facts,
            compared=results.comparisons[name],
            systems=_ranked(results.systems, name, results.primary_metric),
            readers=text_readers(results.provenance),
            pooled=results.provenance.pooled,
            margin=results.procedure.margin,
        )
        for name, facts in results.tests.items()
    ]


def _ranked(systems: Sequence[SystemResults], test: str, primary: str) -> list[SystemView]:
    found = [SystemView(each.name, each.is_baseline, each.tests[test]) for each in systems]
    # Equal scores keep the order in which the systems were given.
    return sorted(found, key=lambda system: -system.mean(primary))
