"""What all baselines have: the interface, training rows in an order of their own, and work done once for several."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from stancelab.baselines.solving import Fits
from stancelab.errors import DataError, list_problems
from stancelab.schema import Example, System
from stancelab.text_keys import text_key

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence
    from typing import Self

    from numpy.typing import NDArray

    from stancelab.baselines.settings import BaselineSettings

Work = TypeVar("Work")


class Baseline(System):
    """A simple system to compare with, fitted on the same train rows as a fine-tuned model.

    Attributes:
        name: Its name in tables and files.
        settings: What it was made with.
    """

    is_baseline = True

    def __init__(self, settings: BaselineSettings) -> None:
        self.settings = settings
        self._texts: frozenset[str] | None = None

    @abstractmethod
    def fit(self, train: Sequence[Example], validation: Sequence[Example], shared: SharedWork | None = None) -> Self:
        """Fit to labeled rows and return itself.

        Parameters and hyperparameters are learned from `train` alone, unless the setting `fit_on_validation` adds
        `validation` to it. The order of the rows does not matter.

        Args:
            train: The training rows.
            validation: The validation rows.
            shared: What baselines that are fitted to the same rows have done already; None shares nothing.

        Raises:
            DataError: There is no train row, or one without a stance.
        """

    def rows_to_learn(self, train: Sequence[Example], validation: Sequence[Example]) -> TrainingRows:
        """Return the rows to learn from: those of `train`, and of `validation` where the settings say so."""
        rows = [*train, *validation] if self.settings.fit_on_validation else train
        self._texts = frozenset(text_key(row.text) for row in rows)
        return training_rows(rows)

    def trained_on(self, examples: Sequence[Example]) -> NDArray[np.bool_] | None:
        """Tell of which examples the text is among the rows that it was fitted to, shape (len(examples),)."""
        if self._texts is None:
            return None
        return np.array([text_key(example.text) in self._texts for example in examples], dtype=bool)

    @property
    def fits(self) -> Fits:
        """How the solvers of its linear classifiers ended, those of cross-validation aside; it may have none."""
        return Fits()

    @abstractmethod
    def describe(self) -> dict[str, Any]:
        """Return what was chosen or counted while fitting, JSON-like, for the report."""


class SharedWork:
    """Features and models that several baselines need, each computed once. Lives as long as they are fitted."""

    def __init__(self) -> None:
        self._done: dict[Hashable, Any] = {}

    def once(self, key: Hashable, compute: Callable[[], Work]) -> Work:
        """Return what `compute` returned when it was first asked for under this key.

        Args:
            key: Everything that the result depends on.
            compute: Computes it.
        """
        if key not in self._done:
            self._done[key] = compute()
        found: Work = self._done[key]
        return found


@dataclass(frozen=True)
class TrainingRows:
    """Labeled rows in canonical order.

    Attributes:
        examples: The rows.
        labels: Ids of their stances, shape (n,).
        groups: Ids of their texts, shape (n,): rows with the same text share one, so that no text lies in two folds.
    """

    examples: list[Example]
    labels: NDArray[np.int64]
    groups: NDArray[np.int64]


def training_rows(train: Sequence[Example]) -> TrainingRows:
    """Return the rows sorted by content, so that neither folds nor solvers depend on the file's order.

    Raises:
        DataError: There is no row, or one without a stance.
    """
    if not train:
        raise DataError("the baselines have no train rows; check the split, and the report on rejected rows")
    unlabeled = [row.id for row in train if row.stance is None]
    if unlabeled:
        raise DataError(
            f"{len(unlabeled):,} of {len(train):,} train rows have no stance; label or drop them:\n"
            + list_problems([f"id {row_id}" for row_id in unlabeled])
        )
    rows = sorted(train, key=lambda row: (row.text, row.target, row.source, row.target_span or (), row.stance, row.id))
    labels = np.array([row.stance_id for row in rows], dtype=np.int64)
    texts = [text_key(row.text) for row in rows]
    groups = np.unique(texts, return_inverse=True)[1].astype(np.int64)
    return TrainingRows(rows, labels, groups)
