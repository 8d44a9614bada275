"""Class shares of the train rows, over all targets or of each: what any system has to beat."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from stancelab.baselines.base import Baseline
from stancelab.schema import STANCES
from stancelab.text_keys import name_key

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Self

    from numpy.typing import NDArray

    from stancelab.baselines.base import SharedWork
    from stancelab.baselines.settings import BaselineSettings
    from stancelab.schema import Example

#: How many rows with the overall class shares are added to those of each target. Five gave the likeliest held-out train
#: rows on NewsMTSC and MPQA, most of whose targets have one or two rows; with many rows per target it hardly matters.
PRIOR_ROWS: Final = 5.0


class MajorityBaseline(Baseline):
    """The class shares of train for every row, so its answer is the most frequent stance."""

    name = "majority"

    def __init__(self, settings: BaselineSettings) -> None:
        super().__init__(settings)
        self._shares: NDArray[np.float64] = np.empty(0)

    def fit(self, train: Sequence[Example], validation: Sequence[Example], shared: SharedWork | None = None) -> Self:
        """Count the stances."""
        self._shares = _shares(self.rows_to_learn(train, validation).labels)
        return self

    def predict_proba(self, examples: Sequence[Example]) -> NDArray[np.float64]:
        """Return the shares once per example, shape (len(examples), 3), columns in the order of `STANCES`."""
        return np.tile(self._shares, (len(examples), 1))

    def describe(self) -> dict[str, Any]:
        """Return the class shares."""
        return {"shares": _rounded(self._shares)}


class MajorityPerTargetBaseline(MajorityBaseline):
    """The class shares of each target in train, smoothed by the overall ones; these alone for an unseen target."""

    name = "majority_per_target"

    def __init__(self, settings: BaselineSettings) -> None:
        super().__init__(settings)
        self._of_target: dict[str, NDArray[np.float64]] = {}

    def fit(self, train: Sequence[Example], validation: Sequence[Example], shared: SharedWork | None = None) -> Self:
        """Count the stances of each target, letter case aside."""
        super().fit(train, validation, shared)
        rows = self.rows_to_learn(train, validation)
        labels = defaultdict(list)
        for example, label in zip(rows.examples, rows.labels, strict=True):
            labels[name_key(example.target)].append(label)
        self._of_target = {}
        for target, own in labels.items():
            counts = np.bincount(own, minlength=len(STANCES))
            self._of_target[target] = (counts + PRIOR_ROWS * self._shares) / (len(own) + PRIOR_ROWS)
        return self

    def predict_proba(self, examples: Sequence[Example]) -> NDArray[np.float64]:
        """Return the shares of each example's target, shape (len(examples), 3), columns in the order of `STANCES`."""
        found = super().predict_proba(examples)
        for row, example in enumerate(examples):
            found[row] = self._of_target.get(name_key(example.target), self._shares)
        return found

    def describe(self) -> dict[str, Any]:
        """Return the overall shares, the number of targets and the weight of the overall shares."""
        return {**super().describe(), "targets": len(self._of_target), "prior_rows": PRIOR_ROWS}


def _shares(labels: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.bincount(labels, minlength=len(STANCES)) / len(labels)


def _rounded(shares: NDArray[np.float64]) -> dict[str, float]:
    return {stance: round(float(share), 4) for stance, share in zip(STANCES, shares, strict=True)}
