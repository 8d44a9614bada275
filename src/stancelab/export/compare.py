"""How near the answers of an export are to those of its checkpoint, and what is allowed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from stancelab.checkpoint import ApproximateScores
from stancelab.errors import CheckpointError
from stancelab.inference.classifier import StanceClassifier
from stancelab.metrics.calibration import expected_calibration_error, reliability_bins
from stancelab.metrics.classes import class_ids
from stancelab.metrics.classification import scores_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from stancelab.checkpoint import CheckpointInfo
    from stancelab.inference.backends.base import Backend, NetworkBackend
    from stancelab.schema import Example

#: The largest difference between a probability of the checkpoint and of its fp32 network.
MOST_DIFFERENCE: Final = 1e-4
#: How much lower the macro-F1 of a network in int8 or bf16 may be than that of the fp32 one.
MOST_LOST_F1: Final = 0.005
#: How much higher its expected calibration error may be.
MOST_ADDED_ECE: Final = 0.01
#: Of which share of the rows its stance may be another one.
MOST_FLIPS: Final = 0.05
#: The bins of the calibration error, as in evaluation.
_BINS: Final = 15


@dataclass(frozen=True)
class Answers:
    """The probabilities of some rows.

    Attributes:
        probabilities: Shape (rows, 3).
        gold: The gold stance ids, shape (rows,).
        classes: The classes of the task.
    """

    probabilities: NDArray[np.float64]
    gold: NDArray[np.int64]
    classes: Sequence[str]

    @property
    def predicted(self) -> NDArray[np.int64]:
        """The id of the stance with the highest probability, of each row."""
        predicted: NDArray[np.int64] = self.probabilities.argmax(axis=1)
        return predicted

    @property
    def macro_f1(self) -> float:
        """The macro-F1 over the classes of the task."""
        return float(scores_of(self.gold, self.predicted, class_ids(self.classes)).value("macro_f1"))

    @property
    def ece(self) -> float:
        """The expected calibration error."""
        return expected_calibration_error(reliability_bins(self.gold, self.probabilities, _BINS))

    def difference(self, other: Answers) -> float:
        """Return the largest difference of a probability."""
        return float(np.abs(self.probabilities - other.probabilities).max())


def answers_of(backend: Backend, info: CheckpointInfo, examples: Sequence[Example]) -> Answers:
    """Return what a backend answers to labeled rows.

    Args:
        backend: The backend.
        info: What the checkpoint's `stancelab.json` says.
        examples: The rows.
    """
    probabilities = StanceClassifier(backend, info).predict_proba(examples)
    return Answers(probabilities, np.array([example.stance_id for example in examples]), info.classes)


def check_fp32(folder: Path, fp32: Answers, checkpoint: Answers) -> float:
    """Return the largest difference of a probability between the fp32 network and the checkpoint.

    Raises:
        CheckpointError: It is more than `MOST_DIFFERENCE`.
    """
    found = fp32.difference(checkpoint)
    if not found <= MOST_DIFFERENCE:  # NaN is refused too
        raise CheckpointError(
            f"{folder}: the exported network differs from the checkpoint by {found:.2g} in a probability, allowed is "
            f"{MOST_DIFFERENCE:g}; nothing was written. The encoder may not be one that is exported"
        )
    return found


def check_inputs(folder: Path, examples: Sequence[Example], ours: NetworkBackend, theirs: NetworkBackend) -> None:
    """Check that the tokenizer without transformers builds the same inputs.

    Args:
        folder: The checkpoint, for messages.
        examples: Examples.
        ours: The export.
        theirs: The checkpoint.

    Raises:
        CheckpointError: An input differs.
    """
    if ours.builder.encode(examples) != theirs.builder.encode(examples):
        raise CheckpointError(
            f"{folder}: its tokenizer gives other tokens without transformers; nothing was written. The encoder is "
            "none that is exported"
        )


def approximate_scores(found: Answers, fp32: Answers, *, forced: bool = False) -> ApproximateScores:
    """Return how a network in int8 or bf16 answers beside the fp32 one."""
    return ApproximateScores(
        flips=int((found.predicted != fp32.predicted).sum()),
        difference=found.difference(fp32),
        macro_f1=found.macro_f1,
        macro_f1_fp32=fp32.macro_f1,
        ece=found.ece,
        ece_fp32=fp32.ece,
        forced=forced,
    )


def beyond(scores: ApproximateScores, rows: int) -> list[str]:
    """Return in which ways a network in int8 or bf16 is further from the fp32 one than is allowed.

    Args:
        scores: How it answers.
        rows: On how many rows.
    """
    found = []
    if scores.macro_f1_fp32 - scores.macro_f1 > MOST_LOST_F1:
        found.append(
            f"macro-F1 {100 * scores.macro_f1:.1f} in place of {100 * scores.macro_f1_fp32:.1f}, allowed are "
            f"{100 * MOST_LOST_F1:g} points less"
        )
    if scores.ece - scores.ece_fp32 > MOST_ADDED_ECE:
        found.append(
            f"calibration error {100 * scores.ece:.1f} in place of {100 * scores.ece_fp32:.1f}, allowed is "
            f"{100 * MOST_ADDED_ECE:g} point more"
        )
    if scores.flips > MOST_FLIPS * rows:
        found.append(f"another stance in {scores.flips:,} of {rows:,} rows, allowed are {100 * MOST_FLIPS:g}% of them")
    return found
