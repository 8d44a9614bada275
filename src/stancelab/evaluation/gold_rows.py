"""A test file as arrays, and what metrics.json says of it whatever the systems answer."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from stancelab.errors import count_of
from stancelab.evaluation.names import key_of, spellings
from stancelab.evaluation.slices import partial_input_upper_bounds
from stancelab.metrics.chance import guessing_scores
from stancelab.metrics.classes import ALL_CLASSES, Classes
from stancelab.metrics.classification import majority_scores
from stancelab.metrics.intervals import FEWEST_UNITS
from stancelab.results import Guessing, Majority, PartialInput, TestFile
from stancelab.schema import STANCES, Example

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stancelab.metrics.classification import Ids
    from stancelab.results import Perturbation, Slice

#: Below this number of resampling units it is said how few they are.
FEW_UNITS: Final = 30
#: Both documents and targets are resampling units.
BOTH: Final = "document_and_target"


@dataclass(frozen=True, slots=True)
class GoldRows:
    """One test file as arrays: gold stance ids, and for each row its resampling unit and its target.

    Attributes:
        examples: The rows.
        gold: Gold stance ids, shape (rows,).
        unit: The resampling unit: what the settings ask for, and "text" instead of "document" where no row names one.
        n_documents: How many documents the rows name.
        units: Shape (rows,): rows of one document (where a row names none, of one sentence) share a number.
        n_units: How many resampling units there are; where targets are units too, how many documents.
        n_texts: How many different sentences there are.
        target_groups: Shape (rows,), an index of `targets`.
        targets: The different targets in their usual spelling, the most frequent first.
        classes: The ids of the task's classes, which the rows need not have all of.
    """

    examples: Sequence[Example]
    gold: Ids
    unit: str
    n_documents: int
    units: Ids
    n_units: int
    n_texts: int
    target_groups: Ids
    targets: list[str]
    classes: Classes = ALL_CLASSES

    @classmethod
    def of(cls, examples: Sequence[Example], unit: str, classes: Classes = ALL_CLASSES) -> GoldRows:
        """Make the arrays.

        Args:
            examples: The rows; each has a stance.
            unit: The resampling unit of the settings.
            classes: The ids of the task's classes.
        """
        documents = {example.document for example in examples} - {""}
        by_document = unit in ("document", BOTH) and bool(documents)
        keys = [(by_document and e.document, "" if by_document and e.document else key_of(e.text)) for e in examples]
        number = {key: place for place, key in enumerate(dict.fromkeys(keys))}
        spelling = spellings(example.target for example in examples)
        frequency = Counter(key_of(example.target) for example in examples)
        ranked = sorted(frequency, key=lambda key: (-frequency[key], spelling[key]))
        target_number = {key: number for number, key in enumerate(ranked)}
        return cls(
            examples=examples,
            gold=np.array([example.stance_id for example in examples], dtype=np.int64),
            unit=BOTH if unit == BOTH else "document" if by_document else "text",
            n_documents=len(documents),
            units=np.array([number[key] for key in keys], dtype=np.int64),
            n_units=len(number),
            n_texts=len({key_of(example.text) for example in examples}),
            target_groups=np.array([target_number[key_of(example.target)] for example in examples], dtype=np.int64),
            targets=[spelling[key] for key in ranked],
            classes=classes,
        )

    def counts(self, rows: Ids | None = None) -> dict[str, int]:
        """Return how many of some rows, all where it is None, each of the task's classes has."""
        found = np.bincount(self.gold if rows is None else self.gold[rows], minlength=len(STANCES))
        return {STANCES[each]: int(found[each]) for each in self.classes}

    @property
    def is_crossed(self) -> bool:
        """Whether both documents and targets are resampling units."""
        return self.unit == BOTH

    @property
    def cells(self) -> Ids:
        """Shape (rows,): rows of one document and one target share a number."""
        cells: Ids = np.unique(self.units * len(self.targets) + self.target_groups, return_inverse=True)[1]
        return cells


def describe_test(test: GoldRows, slices: list[Slice], perturbations: list[Perturbation]) -> TestFile:
    """Return what a test file holds, what the majority class scores on it, and what its scores cannot say.

    Args:
        test: The test file.
        slices: Its slices.
        perturbations: The perturbations that were tested on it.
    """
    counts = np.bincount(test.gold, minlength=len(STANCES))
    text, text_target, text_source = partial_input_upper_bounds(test.examples)
    return TestFile(
        rows=len(test.gold),
        texts=test.n_texts,
        targets=len(test.targets),
        unit=test.unit,
        units=test.n_units,
        classes=test.counts(),
        guessing=Guessing(**guessing_scores(counts.tolist(), test.classes)),
        majority=Majority(stance=STANCES[int(counts.argmax())], **majority_scores(counts, test.classes)),
        warnings=_warnings(test),
        partial_input_upper_bounds=PartialInput(text=text, text_target=text_target, text_source=text_source),
        slices=slices,
        perturbations=perturbations,
    )


def _warnings(test: GoldRows) -> list[str]:
    number = "three" if len(test.classes) == len(STANCES) else "two"
    warnings = [
        f"no row has the stance {stance}: its precision, recall and F1 count as 0, "
        f"and the means are still over the {number} classes of the task"
        for stance, count in test.counts().items()
        if not count
    ]
    return warnings + _few_units(test)


def _few_units(test: GoldRows) -> list[str]:
    """Return what follows from a small number of resampling units."""
    units, what = test.n_units, "document" if test.unit != "text" else "different sentence"
    if test.is_crossed and len(test.targets) < units:
        units, what = len(test.targets), "target"
    if units == 1:
        one = "sentence" if what.endswith("sentence") else what
        return [f"all rows are of one {one}: there are no intervals and no comparisons"]
    if units < FEWEST_UNITS:
        return [f"only {count_of(units, what)}: too few for intervals, and only large differences can be found"]
    if units < FEW_UNITS:
        return [f"only {count_of(units, what)}: the intervals are wide, with {units - 1} degrees of freedom"]
    return []
