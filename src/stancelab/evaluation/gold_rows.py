"""A test file as arrays, and what metrics.json says of it whatever the systems answer."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from stancelab.evaluation.slices import partial_input_upper_bounds
from stancelab.metrics.chance import guessing_scores
from stancelab.metrics.classification import majority_scores
from stancelab.results import Guessing, Majority, PartialInput, TestFile
from stancelab.schema import STANCES, Example

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stancelab.metrics.classification import Ids
    from stancelab.results import Perturbation, Slice

#: Below this number of resampling units a percentile interval is too narrow.
FEW_UNITS: Final = 30
#: With fewer documents than this, sentences are the resampling unit.
FEWEST_DOCUMENTS: Final = 10


@dataclass(frozen=True, slots=True)
class GoldRows:
    """One test file as arrays: gold stance ids, and for each row its resampling unit and its target.

    Attributes:
        examples: The rows.
        gold: Gold stance ids, shape (rows,).
        unit: The resampling unit: "document" where the settings ask for it and there are enough, else "text".
        n_documents: How many documents the rows name.
        units: Shape (rows,): rows of one document (where a row names none, of one sentence) share a number.
        n_units: How many resampling units there are.
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
        by_document = unit == "document" and len(documents) >= FEWEST_DOCUMENTS
        keys = [(by_document and e.document, "" if by_document and e.document else e.text) for e in examples]
        number = {key: place for place, key in enumerate(dict.fromkeys(keys))}
        frequency = Counter(example.target for example in examples)
        targets = sorted(frequency, key=lambda target: (-frequency[target], target))
        target_number = {target: number for number, target in enumerate(targets)}
        return cls(
            examples=examples,
            gold=np.array([example.stance_id for example in examples], dtype=np.int64),
            unit="document" if by_document else "text",
            n_documents=len(documents),
            units=np.array([number[key] for key in keys], dtype=np.int64),
            n_units=len(number),
            n_texts=len({example.text for example in examples}),
            target_groups=np.array([target_number[example.target] for example in examples], dtype=np.int64),
            targets=targets,
        )


def describe_test(test: GoldRows, unit: str, slices: list[Slice], perturbations: list[Perturbation]) -> TestFile:
    """Return what a test file holds, what the majority class scores on it, and what its scores cannot say.

    Args:
        test: The test file.
        unit: The resampling unit of the settings, "document" or "text".
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
        warnings=_warnings(test, unit, counts),
        partial_input_upper_bounds=PartialInput(text=text, text_target=text_target, text_source=text_source),
        slices=slices,
        perturbations=perturbations,
    )


def _warnings(test: GoldRows, unit: str, counts: Ids) -> list[str]:
    warnings = [
        f"no row has the stance {stance}: its precision, recall and F1 count as 0, "
        "and the means are still over all three classes"
        for stance, count in zip(STANCES, counts, strict=True)
        if not count
    ]
    if test.n_documents and unit == "document" and test.unit == "text":
        warnings.append(
            f"rows name only {_counted(test.n_documents, 'document')}, too few to resample: sentences are the "
            "resampling unit, and the intervals are likely too narrow"
        )
    if test.n_units == 1:
        warnings.append("all rows are of one sentence: there are no intervals and no comparisons")
    elif test.n_units < FEW_UNITS:
        what = "document" if test.unit == "document" else "different sentence"
        warnings.append(f"only {_counted(test.n_units, what)}: the intervals are likely too narrow")
    return warnings


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" + ("" if number == 1 else "s")
