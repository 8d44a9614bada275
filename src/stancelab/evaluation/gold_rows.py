"""A test file as arrays, and what metrics.json says of it whatever the systems answer."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from stancelab.evaluation.slices import partial_input_upper_bounds
from stancelab.metrics.chance import guessing_scores
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
        targets: The different targets, the most frequent first.
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

    @classmethod
    def of(cls, examples: Sequence[Example], unit: str) -> GoldRows:
        """Make the arrays; every example has a stance. `unit` is the one of the settings."""
        documents = {example.document for example in examples} - {""}
        by_document = unit in ("document", BOTH) and bool(documents)
        keys = [(by_document and e.document, "" if by_document and e.document else e.text) for e in examples]
        number = {key: place for place, key in enumerate(dict.fromkeys(keys))}
        frequency = Counter(example.target for example in examples)
        targets = sorted(frequency, key=lambda target: (-frequency[target], target))
        target_number = {target: number for number, target in enumerate(targets)}
        return cls(
            examples=examples,
            gold=np.array([example.stance_id for example in examples], dtype=np.int64),
            unit=BOTH if unit == BOTH else "document" if by_document else "text",
            n_documents=len(documents),
            units=np.array([number[key] for key in keys], dtype=np.int64),
            n_units=len(number),
            n_texts=len({example.text for example in examples}),
            target_groups=np.array([target_number[example.target] for example in examples], dtype=np.int64),
            targets=targets,
        )

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
        classes=dict(zip(STANCES, counts.tolist(), strict=True)),
        guessing=Guessing(**guessing_scores(counts.tolist())),
        majority=Majority(stance=STANCES[int(counts.argmax())], **majority_scores(counts)),
        warnings=_warnings(test, counts),
        partial_input_upper_bounds=PartialInput(text=text, text_target=text_target, text_source=text_source),
        slices=slices,
        perturbations=perturbations,
    )


def _warnings(test: GoldRows, counts: Ids) -> list[str]:
    warnings = [
        f"no row has the stance {stance}: its precision, recall and F1 count as 0, "
        "and the means are still over all three classes"
        for stance, count in zip(STANCES, counts, strict=True)
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
        return [f"only {_counted(units, what)}: too few for intervals, and only large differences can be found"]
    if units < FEW_UNITS:
        return [f"only {_counted(units, what)}: the intervals are wide, with {units - 1} degrees of freedom"]
    return []


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" + ("" if number == 1 else "s")
