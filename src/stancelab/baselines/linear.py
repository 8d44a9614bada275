"""Linear classifiers whose C is chosen by grouped cross-validation and whose decisions become probabilities.

Both come from one set of out-of-fold decision values: each train row is scored by a model that has not seen its text.
The C with the best score of these decisions is taken; a single temperature, the one that makes the stances of the train
rows most likely, turns decision values into probabilities by a softmax (Guo et al., 2017). One temperature for all
classes never changes which class is highest, unlike a sigmoid per class: the system's answer is the classifier's own.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from stancelab.baselines.parallel import in_parallel
from stancelab.baselines.solving import Fits, Solved, solve
from stancelab.metrics.classes import class_ids, task_classes
from stancelab.metrics.classification import scores_of
from stancelab.metrics.temperature import fit_temperature
from stancelab.progress import progress
from stancelab.schema import STANCES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from stancelab.baselines.classifiers import Family

    Fold = tuple[NDArray[np.int64], ...]

_ABSENT = -np.inf  # the decision value of a class that no train row has


@dataclass(frozen=True)
class Choice:
    """What cross-validation chose.

    Attributes:
        c: Inverse strength of the regularization.
        temperature: What decision values are divided by before the softmax.
        score: The metric of the out-of-fold decisions, None where there were too few texts to cross-validate.
        fits: How the solvers of the cross-validation ended.
    """

    c: float
    temperature: float
    score: float | None
    fits: Fits = field(default_factory=Fits)

    def describe(self) -> dict[str, Any]:
        """Return the choice for the report."""
        return {
            "C": self.c,
            "temperature": round(self.temperature, 4),
            "cv_score": self.score,
            "cv_fits": self.fits.describe(),
        }


@dataclass(frozen=True)
class Selection:
    """How cross-validation is done: folds, their seed, and the metric that is maximized."""

    folds: int
    seed: int
    metric: str

    @property
    def class_weight(self) -> str | None:
        """Classes count alike in metrics that are means over classes, rows in accuracy."""
        return None if self.metric == "accuracy" else "balanced"


@dataclass(frozen=True)
class Part:
    """Rows that have a classifier of their own.

    Attributes:
        rows: Their positions.
        groups: Ids of their texts, of the same length: rows that share one share a fold.
    """

    rows: NDArray[np.int64]
    groups: NDArray[np.int64]

    def folds(self, labels: NDArray[np.int64], selection: Selection) -> list[Fold]:
        """Return (train, held out) positions within the part; none where it has a single text or a single stance.

        Every stance has about the same share in each fold, as far as the groups allow it.
        """
        from sklearn.model_selection import StratifiedGroupKFold

        own = labels[self.rows]
        # scikit-learn refuses more folds than the largest class has rows.
        folds = min(selection.folds, len(np.unique(self.groups)), int(np.bincount(own).max()))
        if folds < 2 or len(np.unique(own)) < 2:
            return []
        splitter = StratifiedGroupKFold(folds, shuffle=True, random_state=selection.seed)
        with warnings.catch_warnings():
            # A stance with fewer rows than folds is missing from some; that is what can be done.
            warnings.simplefilter("ignore", UserWarning)
            return list(splitter.split(self.rows, own, self.groups))


@dataclass(frozen=True)
class FittedLinear:
    """A classifier for all rows, and what was chosen for it."""

    choice: Choice
    classifier: Solved | int

    @property
    def fits(self) -> Fits:
        """How the solver of the classifier ended."""
        return Fits.of([self.classifier])

    def describe(self) -> dict[str, Any]:
        """Return the choice and the fit for the report."""
        return {**self.choice.describe(), "fit": self.fits.describe()}

    def predict_proba(self, features: Any) -> NDArray[np.float64]:
        """Return probabilities of shape (n, 3), columns in the order of `STANCES`."""
        return probabilities(decide(self.classifier, features), self.choice.temperature)


def fit_linear(
    family: Family, features: Any, labels: NDArray[np.int64], groups: NDArray[np.int64], selection: Selection
) -> FittedLinear:
    """Choose C and temperature by cross-validation, then fit one classifier to all rows.

    Args:
        family: The classifiers to choose among.
        features: Shape (n, columns).
        labels: Stance ids, shape (n,).
        groups: Ids of the rows' texts, shape (n,).
        selection: Folds and metric.
    """
    choice = select(family, features, labels, [Part(np.arange(len(labels)), groups)], selection)
    return FittedLinear(choice, fit_classifier(family, choice.c, features, labels, selection))


def select(
    family: Family, features: Any, labels: NDArray[np.int64], parts: Sequence[Part], selection: Selection
) -> Choice:
    """Return the C and the temperature that are best out of fold, one of each for all `parts` together.

    Args:
        family: The classifiers to choose among.
        features: Of all rows, shape (n, columns).
        labels: Stance ids, shape (n,).
        parts: The sets of rows that have a classifier of their own; a single one for a pooled model. One choice for
            all of them, since the fifty rows of a small target say too little of C.
        selection: Folds and metric.
    """
    decisions, fits = _out_of_fold(family, features, labels, parts, selection)
    gold = np.concatenate([labels[part.rows] for part in parts])
    known = ~np.isnan(decisions[family.grid[0]]).any(axis=1)
    if not known.any():
        return Choice(family.grid[len(family.grid) // 2], 1.0, None)
    gold = gold[known]
    found = {c: values[known] for c, values in decisions.items()}
    classes = class_ids(task_classes({STANCES[each] for each in np.unique(labels)}))
    scores = {c: scores_of(gold, values.argmax(axis=1), classes).value(selection.metric) for c, values in found.items()}
    best = max(family.grid, key=lambda c: scores[c])  # the strongest regularization among equals
    return Choice(best, fit_temperature(found[best], gold), round(scores[best], 4), Fits.all_of(fits))


def fit_classifier(
    family: Family, c: float, features: Any, labels: NDArray[np.int64], selection: Selection
) -> Solved | int:
    """Return a fitted classifier, or the id of the stance where the rows have only one."""
    present = np.unique(labels)
    if len(present) == 1:
        return int(present[0])
    return solve(family, c, selection.class_weight, selection.seed, features, labels)


def decide(classifier: Solved | int, features: Any) -> NDArray[np.float64]:
    """Return decision values of shape (n, 3); those of a stance that the classifier has not seen are minus infinity."""
    values = np.full((features.shape[0], len(STANCES)), _ABSENT)
    if not len(values):  # scikit-learn wants at least one row
        return values
    if isinstance(classifier, int):
        values[:, classifier] = 0.0
        return values
    found = np.asarray(classifier.decision_function(features), dtype=np.float64)
    # Two classes have one decision value: how far a row is on the second one's side.
    values[:, classifier.classes_] = found if found.ndim == 2 else np.stack([-found, found], axis=1)
    return values


def probabilities(decisions: NDArray[np.float64], temperature: float) -> NDArray[np.float64]:
    """Return the softmax of decision values divided by a temperature; the order of the classes stays."""
    from scipy.special import softmax

    return np.asarray(softmax(decisions / temperature, axis=1))


def _out_of_fold(
    family: Family, features: Any, labels: NDArray[np.int64], parts: Sequence[Part], selection: Selection
) -> tuple[dict[float, NDArray[np.float64]], list[Fits]]:
    """Return the decision values by C, each from a classifier that has not seen the row's text, else NaN; and the fits.

    The values of the parts stand one after the other.
    """
    starts = np.cumsum([0, *(len(part.rows) for part in parts)])
    folds = [
        (part.rows[train], part.rows[held_out], start + held_out)
        for start, part in zip(starts, parts, strict=False)
        for train, held_out in part.folds(labels, selection)
    ]
    tasks = [(c, *fold) for c in family.grid for fold in folds]
    values = {c: np.full((starts[-1], len(STANCES)), np.nan) for c in family.grid}
    fits = []
    with progress("cross-validation", len(tasks)) as fitted:
        calls = ((family, c, features, labels, train, held_out, selection) for c, train, held_out, _ in tasks)
        found = in_parallel(_fit_and_decide, calls, max((len(train) for train, *_ in folds), default=0))
        for (c, _, _, places), (decisions, fit) in zip(tasks, found, strict=True):
            values[c][places] = decisions
            fits.append(fit)
            fitted()
    return values, fits


def _fit_and_decide(
    family: Family,
    c: float,
    features: Any,
    labels: NDArray[np.int64],
    train: NDArray[np.int64],
    held_out: NDArray[np.int64],
    selection: Selection,
) -> tuple[NDArray[np.float64], Fits]:
    """Return the decision values of the rows that are held out, and how the solver ended."""
    classifier = fit_classifier(family, c, features[train], labels[train], selection)
    return decide(classifier, features[held_out]), Fits.of([classifier])
