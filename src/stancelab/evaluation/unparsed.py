"""Answers that are no stance, such as refusals: how they stand among probabilities, and how they are told.

In a system's probabilities a row of zeros is an answer that could not be read and counts as an error, and a row of NaN
one that is left out of its scores (`metrics.classification.predicted_ids`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from stancelab.errors import count_of, shorten, verb
from stancelab.metrics.classification import LEFT_OUT, UNANSWERED
from stancelab.results import UnparsedRows
from stancelab.schema import STANCE_ID, STANCES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from stancelab.evaluation.slices import SliceRows
    from stancelab.metrics.classification import Floats, Ids
    from stancelab.schema import System

WRONG: Final = "wrong"
ABSTAIN: Final = "abstain"
#: Values that are shown with their counts.
_SHOWN: Final = 5


def as_answer(stance: str | None, *, abstained: bool) -> Floats:
    """Return a label as probabilities, shape (3,): 1 for a stance; for none zeros, or NaN where it abstained."""
    if stance is None:
        return np.full(len(STANCES), np.nan if abstained else 0.0)
    answer: Floats = np.eye(len(STANCES))[STANCE_ID[stance]]
    return answer


def unparsed_rows(predicted: Ids) -> UnparsedRows | None:
    """Return how many rows of a test file a system's answer could not be read of, None for none.

    Args:
        predicted: What it predicts, shape (rows,).
    """
    wrong, left_out = int((predicted == UNANSWERED).sum()), int((predicted == LEFT_OUT).sum())
    if not wrong + left_out:
        return None
    kind = ABSTAIN if left_out else WRONG
    return UnparsedRows(rows=wrong + left_out, counted_as=kind, coverage=1 - (wrong + left_out) / len(predicted))


def unparsed_lines(predicted: Ids, system: System) -> list[str]:
    """Return what the scores of a run say of rows whose answer could not be read."""
    found = unparsed_rows(predicted)
    if found is None:
        return []
    values: Mapping[str, int] = getattr(system, "unparsed", {})
    named = f" ({named_values(values)})" if sum(values.values()) == found.rows else ""  # else of several test files
    what = f"{found.rows:,} of {count_of(len(predicted), 'answer')} {verb(found.rows, 'is', 'are')} no stance{named}"
    if found.counted_as == WRONG:
        return [
            f"{what}; {verb(found.rows, 'it counts as an error', 'they count as errors')} in every metric "
            f"(evaluation.on_unparsed=wrong)"
        ]
    return [
        f"{what}; {verb(found.rows, 'it is', 'they are')} left out of its scores, which are of the other "
        f"{found.coverage:.1%} of the rows, and other "
        "systems are compared with it on these rows (evaluation.on_unparsed=abstain)"
    ]


def named_values(values: Mapping[str, int]) -> str:
    """Return values with their counts, the most frequent first."""
    ranked = sorted(values.items(), key=lambda pair: (-pair[1], pair[0]))
    shown = [f"{shorten(value)!r} in {count:,}" for value, count in ranked[:_SHOWN]]
    more = f" and {count_of(len(ranked) - _SHOWN, 'other value')}" if len(ranked) > _SHOWN else ""
    return ", ".join(shown) + more


def unscored_slices(slices: Sequence[SliceRows], predicted: Ids) -> list[str]:
    """Return a line where a run abstains on all rows of a slice, which then has no scores of it.

    Args:
        slices: The slices of the test file.
        predicted: What the run predicts, shape (rows,).
    """
    empty = [f"{each.attribute} {each.value!r}" for each in slices if (predicted[each.rows] == LEFT_OUT).all()]
    more = f" and {len(empty) - _SHOWN:,} more" if len(empty) > _SHOWN else ""
    named = ", ".join(empty[:_SHOWN]) + more
    return [f"no row is answered of these slices, of which it has no scores: {named}"] if empty else []
