"""What does a system rely on? It is asked again about changed examples, and the answers are compared.

A system that reads its target answers otherwise when another one is asked of, and the same when only letters and names
change. That stance models often do not is shown by Kaushal, Saha and Ganguly ("tWT-WT", NAACL 2021) and, for
target-dependent sentiment, by the probes of CheckList (Ribeiro et al., ACL 2020).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from stancelab.evaluation.perturbations import edits, entities
from stancelab.evaluation.predictions import checked_probabilities
from stancelab.metrics.bootstrap import percentile_interval, resample_counts
from stancelab.schema import STANCE_ID

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from stancelab.evaluation.perturbations.edits import Perturbed
    from stancelab.evaluation.settings import EvaluationSettings
    from stancelab.metrics.classification import Floats, Ids
    from stancelab.schema import Example, System

PROBES: Final[dict[str, Callable[[Sequence[Example], np.random.Generator], Perturbed]]] = {
    "target_hidden": edits.hide_target,
    "source_hidden": edits.hide_source,
    "target_of_sentence": edits.target_of_sentence,
    "source_of_sentence": edits.source_of_sentence,
    "target_of_corpus": edits.target_of_corpus,
    "source_of_corpus": edits.source_of_corpus,
    "negated": edits.negated,
    "lower_case": edits.lower_case,
    "typos": edits.typos,
    "contractions": edits.contractions,
    "countries": entities.countries,
    "people": entities.people,
    "organizations": entities.organizations,
}


@dataclass(frozen=True)
class Probe:
    """Changed examples of one test file.

    Attributes:
        name: One of `PROBES`.
        rows: The places in the test file of the examples that could be changed.
        examples: What they became; those whose stance is not known have None.
    """

    name: str
    rows: Ids
    examples: list[Example]

    @property
    def gold(self) -> Ids:
        """Gold stance ids of the changed examples, -1 where it is not known."""
        return np.array([-1 if e.stance is None else STANCE_ID[e.stance] for e in self.examples], dtype=np.int64)


def make_probes(examples: Sequence[Example], names: Sequence[str], seed: int) -> list[Probe]:
    """Return the probes that apply to at least one example of a test file.

    Args:
        examples: The test file.
        names: Which of `PROBES`; ["all"] for all.
        seed: Decides which target is taken for which, where typos go and so on.
    """
    found = []
    for place, name in enumerate(PROBES):
        if name not in names and "all" not in names:
            continue
        changed = PROBES[name](examples, np.random.default_rng([seed, place]))
        kept = [(row, example) for row, example in enumerate(changed) if example is not None]
        if kept:
            found.append(Probe(name, np.array([row for row, _ in kept]), [example for _, example in kept]))
    return found


def describe_probes(probes: Sequence[Probe]) -> list[dict[str, Any]]:
    """Return what each probe changes, as metrics.json has it."""
    return [
        {"name": probe.name, "rows": len(probe.rows), "scored_rows": int((probe.gold >= 0).sum())} for probe in probes
    ]


def ask(system: System, split: str, probes: Sequence[Probe]) -> list[Ids]:
    """Return what a system predicts for the changed examples of each probe, as stance ids."""
    return [checked_probabilities(system, f"{split}, {each.name}", each.examples).argmax(axis=1) for each in probes]


def score_probes(
    probes: Sequence[Probe],
    answers: Sequence[Sequence[Ids]],
    predicted: Sequence[Ids],
    gold: Ids,
    units: Ids,
    settings: EvaluationSettings,
) -> list[dict[str, Any]]:
    """Return one system's scores on each probe, means over its runs, with 95% intervals.

    Args:
        probes: The probes.
        answers: For each run what it predicts on each probe, as `ask` returns it.
        predicted: For each run what it predicts on the test file itself, shape (rows,).
        gold: Gold stance ids of the test file, shape (rows,).
        units: What is drawn together, shape (rows,).
        settings: Draws and seed.

    Returns:
        For each probe "changed", the share of predictions that are other ones, and, over the rows whose stance is known
        after the change, "accuracy_before" and "accuracy_after"; with "intervals" of all three. None where no row is.
    """
    found = []
    for place, probe in enumerate(probes):
        known, after_gold = probe.gold >= 0, probe.gold
        own = np.unique(units[probe.rows], return_inverse=True)[1]
        columns = []
        for said, before in zip(answers, predicted, strict=True):
            now, then = said[place], before[probe.rows]
            columns.append(
                np.stack(
                    [
                        np.ones(len(now)),
                        now != then,
                        known,
                        known & (then == gold[probe.rows]),
                        known & (now == after_gold),
                    ],
                    axis=1,
                )
            )
        rows = np.stack(columns, axis=1)
        counts = np.zeros((int(own.max()) + 1, *rows.shape[1:]))
        np.add.at(counts, own, rows)
        drawn = _shares(resample_counts(counts, settings.bootstrap_draws, settings.seed))
        points = _shares(counts.sum(axis=0, keepdims=True))
        found.append(
            {
                **{name: None if values is None else float(values[0]) for name, values in points.items()},
                "intervals": {
                    name: None if values is None else list(percentile_interval(values[~np.isnan(values)]))
                    for name, values in drawn.items()
                },
            }
        )
    return found


def _shares(counts: Floats) -> Mapping[str, Floats | None]:
    """Return the shares of counts of shape (draws, runs, 5), as means over the runs, shape (draws,)."""
    rows, changed, known, before, after = (counts[..., place] for place in range(5))
    if not known.any():
        return {"changed": (changed / rows).mean(axis=1), "accuracy_before": None, "accuracy_after": None}
    with np.errstate(invalid="ignore"):
        return {
            "changed": (changed / rows).mean(axis=1),
            "accuracy_before": (before / known).mean(axis=1),
            "accuracy_after": (after / known).mean(axis=1),
        }
