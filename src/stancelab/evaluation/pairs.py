"""Pairs of a test file's own rows that differ in the target alone, or in the source alone.

Such pairs are contrast sets (Gardner et al., "Evaluating Models' Local Decision Boundaries via Contrast Sets", Findings
of EMNLP 2020) that the file brings along: one sentence, two targets. Where their stances differ, a reader of the text
alone is wrong on one of the two, whatever its accuracy, so that the share of pairs with both rows right shows whether
the part is read; where the stances are the same, the answer should not change. Every pair counts once, and nothing is
drawn at random.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from stancelab.evaluation.names import key_of
from stancelab.metrics.classification import LEFT_OUT
from stancelab.metrics.jackknife import mean_share
from stancelab.results import PairScores, PairSet
from stancelab.schema import PARTS, STANCES, TARGET

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from stancelab.evaluation.gold_rows import GoldRows
    from stancelab.metrics.classification import Ids
    from stancelab.schema import Part


@dataclass(frozen=True, slots=True)
class PairRows:
    """The pairs of a test file that differ in one part alone.

    Attributes:
        part: "target" or "source".
        rows: The places of the two rows of each pair, shape (pairs, 2).
    """

    part: Part
    rows: Ids


def pairs_of(test: GoldRows) -> list[PairRows]:
    """Return the pairs of rows of one sentence and document that differ in the target, and those in the source.

    Names and sentences are compared as `key_of` has them; an empty source, the author, is a source of its own. A part
    without pairs is left out.
    """
    found = []
    for part in reversed(PARTS):
        groups: defaultdict[tuple[int, str, str], list[tuple[int, str]]] = defaultdict(list)
        for place, (example, unit) in enumerate(zip(test.examples, test.units.tolist(), strict=True)):
            target, source = key_of(example.target), key_of(example.source)
            changed, kept = (target, source) if part == TARGET else (source, target)
            groups[unit, key_of(example.text), kept].append((place, changed))
        pairs = [
            (first, second)
            for rows in groups.values()
            for (first, one), (second, other) in itertools.combinations(rows, 2)
            if one != other
        ]
        if pairs:
            found.append(PairRows(part, np.array(pairs, dtype=np.int64)))
    return found


def describe_pairs(pairs: Sequence[PairRows], test: GoldRows) -> list[PairSet]:
    """Return what the pairs are, as metrics.json has it."""
    return [
        PairSet(
            part=each.part,
            pairs=len(each.rows),
            different=int(_differ(test.gold, each).sum()),
            units=len(np.unique(test.units[each.rows[:, 0]])),
        )
        for each in pairs
    ]


def score_pairs(pairs: Sequence[PairRows], test: GoldRows, predicted: Sequence[Ids]) -> list[PairScores]:
    """Return one system's scores on the pairs of each part, means over its runs, with 95% intervals.

    Pairs of which it left a row out do not count.

    Args:
        pairs: The pairs.
        test: The test file.
        predicted: What each of its runs predicts, shape (rows,).
    """
    return [_score(each, test, predicted) for each in pairs]


def _differ(values: Ids, pairs: PairRows) -> NDArray[np.bool_]:
    return np.asarray(values[pairs.rows[:, 0]] != values[pairs.rows[:, 1]])


def _score(pairs: PairRows, test: GoldRows, predicted: Sequence[Ids]) -> PairScores:
    answered = np.all([(run != LEFT_OUT)[pairs.rows].all(axis=1) for run in predicted], axis=0)
    pairs = PairRows(pairs.part, pairs.rows[answered])
    different = _differ(test.gold, pairs)
    right = np.stack([(run == test.gold)[pairs.rows].all(axis=1) for run in predicted], axis=1)
    changed = np.stack([_differ(run, pairs) for run in predicted], axis=1)
    units = test.units[pairs.rows[:, 0]]
    shares = {
        "both_right": mean_share(right[different], units[different]),
        "changed_different": mean_share(changed[different], units[different]),
        "changed_same": mean_share(changed[~different], units[~different]),
    }
    return PairScores(
        **{name: found[0] for name, found in shares.items()},
        independent=_independent(test.gold, pairs.rows[different], predicted),
        intervals={name: found[1] for name, found in shares.items() if found[1] is not None},
    )


def _independent(gold: Ids, pairs: Ids, predicted: Sequence[Ids]) -> float | None:
    """Return the share of pairs that would be right if the answers to the two rows were independent.

    Each row is then right as often as rows of its stance are, among those of the pairs.

    Args:
        gold: The stances of the test file.
        pairs: The places of the two rows of each pair whose stances differ, shape (pairs, 2).
        predicted: What each run predicts.
    """
    if not len(pairs):
        return None
    labels = gold[pairs]
    shares = []
    for run in predicted:
        right = run[pairs] == labels
        of_stance = [labels == stance for stance in range(len(STANCES))]
        recall = np.array([right[own].mean() if own.any() else 0.0 for own in of_stance])
        shares.append(recall[labels].prod(axis=1).mean())
    return float(np.mean(shares))
