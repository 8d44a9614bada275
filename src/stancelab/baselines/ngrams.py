"""Linear models on n-grams, over all targets together and per target: the baseline of SemEval-2016 Task 6.

Mohammad et al. (2016) train one linear SVM per target on word 1-3-grams and character 2-5-grams; it beat every system
that took part. The models per target follow it, with tf-idf; a target with too few train rows is answered for by the
model over all targets, which sees the target as features and has naive Bayes weights (see `families`). The columns are
found on all train rows, also those that are held out in cross-validation, since that uses no label; naive Bayes weights
and classifiers see the fold's own rows alone.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from stancelab.baselines.base import Baseline, SharedWork, TrainingRows
from stancelab.baselines.classifiers import LINEAR_LOGREG, LINEAR_SVM, NAIVE_BAYES_LOGREG, NAIVE_BAYES_SVM
from stancelab.baselines.features import ALL_TARGETS, SINGLE_TARGET, TEXT, NgramFeatures, Reader, Row, fit_features
from stancelab.baselines.linear import (
    Choice,
    FittedLinear,
    Part,
    Selection,
    fit_classifier,
    fit_linear,
    select,
)
from stancelab.baselines.solving import Fits
from stancelab.errors import count_of, verb
from stancelab.schema import PARTS
from stancelab.text_keys import name_key

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Self

    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

    from stancelab.baselines.settings import BaselineSettings
    from stancelab.schema import Example

#: The classifiers of the model over all targets, and of those of single targets.
POOLED: Final = {"svm": NAIVE_BAYES_SVM, "logreg": NAIVE_BAYES_LOGREG}
PER_TARGET: Final = {"svm": LINEAR_SVM, "logreg": LINEAR_LOGREG}

log = logging.getLogger(__name__)


class _Pooled(NamedTuple):
    """A model over all targets, and the features it stands on."""

    features: NgramFeatures
    model: FittedLinear


class NgramBaseline(Baseline):
    """One linear model on n-grams for all targets, the target as a feature.

    Attributes:
        kind: "svm" or "logreg".
        text_only: Whether it reads the text alone: a partial-input baseline (Poliak et al., 2018), which shows what can
            be known without source and target.
    """

    def __init__(self, settings: BaselineSettings, kind: str, *, text_only: bool = False) -> None:
        super().__init__(settings)
        self.seed = settings.seed
        self.name = f"text_only_ngram_{kind}" if text_only else f"ngram_{kind}"
        self.kind = kind
        self.text_only = text_only
        self._selection = Selection(settings.folds, settings.seed, settings.metric)
        self._pooled: _Pooled | None = None

    def fit(self, train: Sequence[Example], validation: Sequence[Example], shared: SharedWork | None = None) -> Self:
        """Choose C and temperature by cross-validation on the rows to learn from, then fit to all of them."""
        rows = self.rows_to_learn(train, validation)
        shared = SharedWork() if shared is None else shared
        labels, groups = tuple(rows.labels.tolist()), tuple(rows.groups.tolist())
        key = ("pooled", self.kind, self.text_only, _seen(rows), labels, groups, self._selection)
        self._pooled = shared.once(key, lambda: self._fit_pooled(rows, shared))
        return self

    def predict_proba(self, examples: Sequence[Example]) -> NDArray[np.float64]:
        """Return probabilities of shape (len(examples), 3), columns in the order of `STANCES`."""
        features, model = self._fitted()
        return model.predict_proba(features.transform([Row.of(example) for example in examples]))

    @property
    def fits(self) -> Fits:
        """How the solver ended."""
        return Fits() if self._pooled is None else self._pooled.model.fits

    def describe(self) -> dict[str, Any]:
        """Return C, temperature, cross-validated score, how the solvers ended, and what is hidden from it."""
        return {
            **self._fitted().model.describe(),
            "metric": self.settings.metric,
            "folds": self.settings.folds,
            "hidden": list(PARTS) if self.text_only else [],
        }

    def _fit_pooled(self, rows: TrainingRows, shared: SharedWork) -> _Pooled:
        features, matrix = _fit_features(rows, shared, TEXT if self.text_only else ALL_TARGETS)
        return _Pooled(features, fit_linear(POOLED[self.kind], matrix, rows.labels, rows.groups, self._selection))

    def _fitted(self) -> _Pooled:
        assert self._pooled is not None, "fit comes before predict_proba"
        return self._pooled


class NgramPerTargetBaseline(NgramBaseline):
    """A linear model on n-grams for each target with enough train rows, the pooled one for the others."""

    def __init__(self, settings: BaselineSettings, kind: str) -> None:
        super().__init__(settings, kind)
        self.name = f"ngram_{kind}_per_target"
        self._features: NgramFeatures | None = None
        self._choice: Choice | None = None
        self._own: dict[str, FittedLinear] = {}
        self._small_targets = 0

    def fit(self, train: Sequence[Example], validation: Sequence[Example], shared: SharedWork | None = None) -> Self:
        """Fit the pooled model, then one per target with at least `min_rows_per_target` rows."""
        shared = SharedWork() if shared is None else shared
        super().fit(train, validation, shared)
        rows = self.rows_to_learn(train, validation)
        rows_of = _rows_of_targets(rows)
        enough = {target: own for target, own in rows_of.items() if len(own) >= self.settings.min_rows_per_target}
        self._small_targets = len(rows_of) - len(enough)
        self._features, self._choice, self._own = None, None, {}
        if enough:
            self._features, matrix = _fit_features(rows, shared, SINGLE_TARGET)
            family = PER_TARGET[self.kind]
            parts = [Part(own, rows.groups[own]) for own in enough.values()]
            self._choice = choice = select(family, matrix, rows.labels, parts, self._selection)
            for target, own in enough.items():
                classifier = fit_classifier(family, choice.c, matrix[own], rows.labels[own], self._selection)
                self._own[target] = FittedLinear(choice, classifier)
        log.info(
            "%s: %d of %s %s a model of their own (%d of %s); the pooled model answers for targets with fewer than %s",
            self.name,
            len(enough),
            count_of(len(rows_of), "target"),
            verb(len(enough), "has", "have"),
            sum(map(len, enough.values())),
            count_of(len(rows.examples), "row"),
            count_of(self.settings.min_rows_per_target, "row"),
        )
        return self

    @property
    def fits(self) -> Fits:
        """How the solvers of all models ended."""
        return Fits.all_of([super().fits, self._own_fits])

    @property
    def _own_fits(self) -> Fits:
        return Fits.all_of(model.fits for model in self._own.values())

    def predict_proba(self, examples: Sequence[Example]) -> NDArray[np.float64]:
        """Return probabilities of shape (len(examples), 3), columns in the order of `STANCES`."""
        found = super().predict_proba(examples)
        if self._features is None:
            return found
        matrix = self._features.transform([Row.of(example) for example in examples])
        targets = np.array([name_key(example.target) for example in examples], dtype=object)
        for target in sorted(set(targets) & set(self._own)):
            rows = np.flatnonzero(targets == target)
            found[rows] = self._own[target].predict_proba(matrix[rows])
        return found

    def describe(self) -> dict[str, Any]:
        """Return what was chosen for the targets' own models and for the pooled one, and how many targets each has."""
        return {
            "per_target": {**self._choice.describe(), "fit": self._own_fits.describe()} if self._choice else None,
            "pooled": self._fitted().model.describe(),
            "targets_with_own_model": len(self._own),
            "targets_left_to_pooled": self._small_targets,
            "min_rows_per_target": self.settings.min_rows_per_target,
            "metric": self.settings.metric,
            "folds": self.settings.folds,
        }


def _rows_of_targets(rows: TrainingRows) -> dict[str, NDArray[np.int64]]:
    """Return the positions of each target's rows."""
    positions: dict[str, list[int]] = defaultdict(list)
    for position, example in enumerate(rows.examples):
        positions[name_key(example.target)].append(position)
    return {target: np.array(positions[target]) for target in sorted(positions)}


def _fit_features(
    rows: TrainingRows, shared: SharedWork, reader: Reader
) -> tuple[NgramFeatures, csr_matrix[np.float32]]:
    seen = _seen(rows)
    return shared.once(("features", seen, reader), lambda: fit_features(seen, reader))


def _seen(rows: TrainingRows) -> tuple[Row, ...]:
    return tuple(map(Row.of, rows.examples))
