"""Comparisons with a system that abstains: on the rows that both answer.

A system chooses which rows it leaves out, and they are seldom like the others. Its score on the rest and another
system's score on all rows are of different rows; the two are compared where both have an answer.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from stancelab.errors import count_of
from stancelab.evaluation.gold_rows import GoldRows
from stancelab.evaluation.resampling import Compared, Resamples
from stancelab.metrics.significance import IDENTICAL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from stancelab.evaluation.settings import EvaluationSettings
    from stancelab.metrics.classification import Floats
    from stancelab.metrics.significance import Comparison
    from stancelab.results import Comparisons


def on_common_rows(
    found: Comparisons,
    test: GoldRows,
    runs: Sequence[Floats],
    compared: Compared,
    metric: str,
    settings: EvaluationSettings,
) -> Comparisons:
    """Return comparisons in which pairs with a system that abstains are compared on the rows that both answer.

    Args:
        found: The comparisons, of each system on the rows that it answers.
        test: The test file.
        runs: The probabilities of each run, shape (rows, 3); NaN where it abstains.
        compared: The systems.
        metric: The metric of the scores.
        settings: Rounds, seed, and whether seeds are paired.
    """
    answered = {
        name: np.all([~np.isnan(runs[number]).any(axis=1) for number in own], axis=0)
        for name, own in compared.members.items()
    }
    partial = [name for name, rows in answered.items() if not rows.all()]
    if not partial or not found.pairs:
        return found
    pairs = []
    for pair in found.pairs:
        rows = answered[pair.systems[0]] & answered[pair.systems[1]]
        pairs.append(pair if rows.all() else _on_rows(pair, rows, test, runs, compared, metric, settings))
    notes = [
        f"{name} answers {int(answered[name].sum()):,} of {count_of(len(test.gold), 'row')}: it is compared "
        f"with each other "
        "system on the rows that both answer, so that the difference is not that of their scores in the table"
        for name in partial
    ]
    return replace(found, pairs=pairs, notes=[*found.notes, *notes])


def _on_rows(
    pair: Comparison,
    rows: NDArray[np.bool_],
    test: GoldRows,
    runs: Sequence[Floats],
    compared: Compared,
    metric: str,
    settings: EvaluationSettings,
) -> Comparison:
    """Return the comparison of two systems on some rows; without enough of them it is no test."""
    places = np.flatnonzero(rows)
    part = None
    if len(places):
        part = GoldRows.of([test.examples[place] for place in places.tolist()], settings.unit, test.classes)
    members: dict[str, list[int]] = {}
    kept: list[Floats] = []
    for name in pair.systems:
        members[name] = [len(kept) + place for place in range(len(compared.members[name]))]
        kept += [runs[number][places] for number in compared.members[name]]
    own = Compared(
        members,
        {name: compared.seeds[name] for name in members},
        {name for name in compared.baselines if name in members},
    )
    # In the order of the pair, which that of the scores on all rows has settled.
    ranks = {pair.systems[0]: 1.0, pair.systems[1]: 0.0}
    again = None if part is None else Resamples.of(part, kept, settings).compare(own, ranks, metric, settings)
    if again is None or not again.pairs:
        return replace(pair, difference=0.0, interval=None, p=1.0, p_holm=1.0, precision=None, method=IDENTICAL)
    return replace(again.pairs[0], repeats=pair.repeats)
