"""What systems answer on the test files, and the tables of predictions that keep it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tqdm import tqdm

from stancelab.evaluation.input_gaps import cut_of
from stancelab.evaluation.perturbations.score import PerturbedRows, perturb, predict_perturbed
from stancelab.evaluation.predictions import (
    checked_overlap,
    checked_probabilities,
    example_table,
    file_stem,
    write_predictions,
)
from stancelab.schema import STANCES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from stancelab.evaluation.input_gaps import Cut
    from stancelab.evaluation.settings import EvaluationSettings
    from stancelab.metrics.classification import Floats, Ids
    from stancelab.schema import Example, System


@dataclass(frozen=True)
class Answers:
    """What all systems answer on one test file.

    Attributes:
        split: The test file.
        examples: Its rows.
        perturbed: Its changed examples.
        probabilities: By system, shape (rows, 3).
        cuts: By system what its input lacks of the rows, None where it does not say it.
        trained_on: By system on which rows' texts it was trained, shape (rows,); None where that is not known.
        perturbed_predictions: By system its predictions for each perturbation; None where it cannot answer changed
            examples.
    """

    split: str
    examples: Sequence[Example]
    perturbed: list[PerturbedRows]
    probabilities: list[Floats] = field(default_factory=list)
    cuts: list[Cut | None] = field(default_factory=list)
    trained_on: list[NDArray[np.bool_] | None] = field(default_factory=list)
    perturbed_predictions: list[list[Ids] | None] = field(default_factory=list)


def predict_all(
    systems: Sequence[System],
    tests: Mapping[str, Sequence[Example]],
    folder: Path,
    settings: EvaluationSettings,
    classes: Sequence[str] = STANCES,
) -> dict[str, Answers]:
    """Return what all systems answer by test file, and write their prediction tables.

    Args:
        systems: The systems.
        tests: The test files.
        folder: Where the tables go.
        settings: Perturbations and seed.
        classes: The classes of the task.
    """
    answers = {
        split: Answers(split, examples, perturb(examples, settings.perturbations, settings.seed, classes))
        for split, examples in tests.items()
    }
    rows = {split: example_table(examples) for split, examples in tests.items()}
    with tqdm(total=len(systems) * len(tests), desc="evaluate", unit="file", disable=None) as progress:
        for system in systems:
            for split, own in answers.items():
                progress.set_postfix_str(f"{file_stem(system)} on {split}")
                probabilities = checked_probabilities(system, split, own.examples)
                own.cuts.append(cut_of(system, f"{file_stem(system)} on {split}"))  # of the call just made
                path = folder / table_name(system, split)
                trained_on = checked_overlap(system, split, own.examples)
                write_predictions(
                    path, rows[split], probabilities, trained_on, labels_only=not system.has_probabilities
                )
                own.probabilities.append(probabilities)
                own.trained_on.append(trained_on)
                own.perturbed_predictions.append(
                    predict_perturbed(system, split, own.perturbed) if system.answers_any_example else None
                )
                progress.update()
    return answers


def table_name(system: System, split: str) -> str:
    """Return the file name of a run's predictions on a test file."""
    return f"{file_stem(system)}.{split}.parquet"
