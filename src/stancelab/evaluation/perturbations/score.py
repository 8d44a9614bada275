"""Perturbation tests of a system: its answers on changed examples beside those on the examples as they are.

A system that reads its target answers otherwise for another target, and the same when only letters and names change
(Ribeiro et al., "Beyond Accuracy: Behavioral Testing of NLP Models with CheckList", ACL 2020). Kaushal, Saha and
Ganguly ("tWT-WT", NAACL 2021) show that stance models often do not read their target.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from stancelab.evaluation.perturbations.registry import PERTURBATIONS
from stancelab.evaluation.predictions import checked_probabilities
from stancelab.metrics.classification import predicted_ids
from stancelab.metrics.jackknife import mean_share
from stancelab.results import Perturbation, PerturbationScores
from stancelab.schema import STANCE_ID, STANCES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stancelab.evaluation.gold_rows import GoldRows
    from stancelab.metrics.classification import Ids
    from stancelab.schema import Example, System


@dataclass(frozen=True)
class PerturbedRows:
    """Changed examples of one test file.

    Attributes:
        name: The perturbation.
        rows: The places in the test file of the examples that could be changed.
        examples: The changed examples; the stance is None where it is not known.
    """

    name: str
    rows: Ids
    examples: list[Example]

    @property
    def gold(self) -> Ids:
        """Gold stance ids of the changed examples, -1 where the stance is not known."""
        return np.array([-1 if e.stance is None else STANCE_ID[e.stance] for e in self.examples], dtype=np.int64)


def perturb(
    examples: Sequence[Example], names: Sequence[str], seed: int, classes: Sequence[str] = STANCES
) -> list[PerturbedRows]:
    """Return the changed examples of each perturbation that applies to at least one example of a test file.

    Args:
        examples: The test file.
        names: Which perturbations; ["all"] for all.
        seed: Seed of the choices, such as which target is taken and where typos go.
        classes: The classes of the task. Where the stance after a change is none of them, as neutral is none of a task
            of two, it counts as not known: no answer of the task is right, and changes of answers alone are counted.
    """
    found = []
    for test in PERTURBATIONS.values():
        if test.name not in names and "all" not in names:
            continue
        changed = test.change(examples, np.random.default_rng([seed, test.number]))
        kept = [(row, _within(example, classes)) for row, example in enumerate(changed) if example is not None]
        if kept:
            found.append(PerturbedRows(test.name, np.array([row for row, _ in kept]), [example for _, example in kept]))
    return found


def _within(example: Example, classes: Sequence[str]) -> Example:
    return example if example.stance in classes else replace(example, stance=None)


def describe_perturbations(perturbed: Sequence[PerturbedRows]) -> list[Perturbation]:
    """Return what each perturbation changes, as metrics.json has it."""
    return [
        Perturbation(
            name=each.name,
            preserves_label=PERTURBATIONS[each.name].preserves_label,
            rows=len(each.rows),
            scored_rows=int((each.gold >= 0).sum()),
        )
        for each in perturbed
    ]


def predict_perturbed(system: System, split: str, perturbed: Sequence[PerturbedRows]) -> list[Ids]:
    """Return what a system predicts for the changed examples of each perturbation, as stance ids."""
    return [predicted_ids(checked_probabilities(system, f"{split}, {each.name}", each.examples)) for each in perturbed]


def score_perturbations(
    perturbed: Sequence[PerturbedRows], answers: Sequence[Sequence[Ids]], predicted: Sequence[Ids], test: GoldRows
) -> list[PerturbationScores]:
    """Return one system's scores on each perturbation, means over its runs, with 95% intervals.

    Args:
        perturbed: The changed examples of each perturbation.
        answers: For each run what it predicts for them, as `predict_perturbed` returns it.
        predicted: For each run what it predicts for the test file itself, shape (rows,).
        test: The test file.
    """
    return [_score(each, [run[place] for run in answers], predicted, test) for place, each in enumerate(perturbed)]


def _score(
    perturbed: PerturbedRows, after: Sequence[Ids], predicted: Sequence[Ids], test: GoldRows
) -> PerturbationScores:
    now = np.stack(after, axis=1)
    then = np.stack([run[perturbed.rows] for run in predicted], axis=1)
    units, gold = test.units[perturbed.rows], perturbed.gold
    known = gold >= 0
    shares = {
        "changed": mean_share(now != then, units),
        "accuracy_before": mean_share((then == test.gold[perturbed.rows][:, None])[known], units[known]),
        "accuracy_after": mean_share((now == gold[:, None])[known], units[known]),
    }
    return PerturbationScores(
        changed=shares["changed"][0] or 0.0,
        accuracy_before=shares["accuracy_before"][0],
        accuracy_after=shares["accuracy_after"][0],
        intervals={name: interval for name, (_, interval) in shares.items() if interval is not None},
    )
