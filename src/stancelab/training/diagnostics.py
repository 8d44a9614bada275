"""What speaks against relying on a trained model: few updates, one answer for all, targets without validation."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from stancelab.errors import count_of, verb
from stancelab.schema import STANCES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from stancelab.data.prepared import PreparedDataset
    from stancelab.schema import Example

#: A target with at least this share of the rows of train or of a test is looked for in validation.
FREQUENT: Final = 0.1
_NAMED: Final = 5


def training_warnings(
    dataset: PreparedDataset, predicted: NDArray[np.int64], updates: int, min_updates: int
) -> list[str]:
    """Return what speaks against relying on the model, one sentence each, without a full stop.

    Args:
        dataset: What it was trained on.
        predicted: The stance ids that the model answers on the validation rows.
        updates: How often its weights were changed.
        min_updates: Fewer updates than this are few.
    """
    found = []
    if updates < min_updates:
        found.append(
            f"{count_of(updates, 'update')} {verb(updates, 'is', 'are')} few (training.min_updates is "
            f"{min_updates:,}): a head that starts from random "
            "weights may not have learned yet"
        )
    answers = set(predicted.tolist())
    if len(answers) == 1:
        found.append(
            f"the model answers {STANCES[answers.pop()]} for all {len(predicted):,} validation rows, so it tells no "
            "stances apart"
        )
    return [*found, *_unchecked(dataset)]


def _unchecked(dataset: PreparedDataset) -> list[str]:
    """Return what train or test has and validation lacks: corpora, and targets that are frequent."""
    names = dataset.target_names
    parts = {"train": dataset.train, **dataset.tests}
    lines = []
    for name, rows in parts.items():
        lacking = _lacking(rows, dataset.validation, lambda row: row.corpus, 0.0)
        lines += _line("corpora", lacking, name, len(rows))
    # These splits hold validation's targets out of train, and test's out of both.
    split = dataset.manifest.settings.split
    if split.kind not in ("unseen_targets", "leave_target_out") and split.exclude_target is None:
        for name, rows in parts.items():
            lacking = _lacking(rows, dataset.validation, lambda row: names.canonical(row.target), FREQUENT)
            lines += _line("frequent targets", lacking, name, len(rows))
    return lines


def _lacking(
    rows: Iterable[Example], validation: Sequence[Example], key: Callable[[Example], str], share: float
) -> list[tuple[str, int]]:
    """Return which values with at least a share of the rows no validation row has, with their rows."""
    counts = Counter(key(row) for row in rows)
    known = {key(row) for row in validation}
    total = counts.total()
    return [(value, n) for value, n in counts.most_common() if n >= share * total and value not in known]


def _line(what: str, lacking: list[tuple[str, int]], split: str, rows: int) -> list[str]:
    if not lacking:
        return []
    shown = ", ".join(
        f"{value or 'without a name'} ({n:,} of {count_of(rows, 'row')})" for value, n in lacking[:_NAMED]
    )
    more = f" and {len(lacking) - _NAMED:,} more" if len(lacking) > _NAMED else ""
    return [
        f"validation has no row of these {what} of {split}: {shown}{more}; checkpoint, temperature and thresholds were "
        "chosen without them"
    ]
