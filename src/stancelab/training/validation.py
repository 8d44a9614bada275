"""What is fitted and measured on the validation rows after training: temperature, thresholds, dev scores."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from stancelab.checkpoint import CorpusScores, DevScores
from stancelab.metrics.classes import ALL_CLASSES
from stancelab.metrics.classification import scores_of
from stancelab.metrics.guarantees import guaranteed_thresholds
from stancelab.metrics.names import PRIMARY_METRICS
from stancelab.metrics.temperature import (
    TEMPERATURE_RANGE,
    confidence_thresholds,
    fit_temperature,
    negative_log_likelihood,
    softmax,
    within_classes,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from stancelab.metrics.classes import Classes
    from stancelab.schema import Example

logger = logging.getLogger(__name__)

#: Below so many validation rows what is chosen and fitted on them is said to be uncertain.
FEW_ROWS: Final = 100


@dataclass(frozen=True)
class FittedOnDev:
    """What the validation rows gave.

    Attributes:
        temperature: What the logits are divided by (Guo et al., 2017).
        thresholds: Name of a stated accuracy, such as "accuracy_90" or "guaranteed_90" -> the confidence from which it
            is reached, None where none reaches it.
        coverage: The same names -> the share of validation rows that are answered from there on.
        scores: The scores of the calibrated model.
    """

    temperature: float
    thresholds: dict[str, float | None]
    coverage: dict[str, float]
    scores: DevScores


def fit_on_dev(
    logits: NDArray[np.float64], examples: Sequence[Example], metric: str, classes: Classes = ALL_CLASSES
) -> FittedOnDev:
    """Fit temperature and thresholds on the validation rows, and measure the scores there.

    Args:
        logits: The logits of the rows, shape (n, 3), columns in the order of `STANCES`.
        examples: The rows.
        metric: The metric that the checkpoint was chosen by.
        classes: The ids of the task's classes; the logits of other stances are left out.
    """
    logits = within_classes(logits, classes)
    gold = np.array([example.stance_id for example in examples])
    if len(gold) < FEW_ROWS:
        logger.warning(
            "only %d validation rows: the choice of the checkpoint, its temperature and its dev scores rest on them",
            len(gold),
        )
    temperature = fit_temperature(logits, gold)
    _warn_at_the_ends(temperature)
    probabilities = softmax(logits / temperature)
    thresholds = confidence_thresholds(probabilities, gold)
    thresholds |= guaranteed_thresholds(probabilities, gold, _units(examples))
    confidence = probabilities.max(axis=1)
    coverage = {name: float((confidence >= each).mean()) for name, each in thresholds.items() if each is not None}
    scores = dev_scores(logits, gold, [example.corpus for example in examples], temperature, metric, classes)
    return FittedOnDev(temperature, thresholds, coverage, scores)


def dev_scores(
    logits: NDArray[np.float64],
    gold: NDArray[np.int64],
    corpora: Sequence[str],
    temperature: float,
    metric: str,
    classes: Classes = ALL_CLASSES,
) -> DevScores:
    """Return the scores by corpus, and the mean of `metric` over the corpora.

    Args:
        logits: Shape (n, 3).
        gold: Gold stance ids, shape (n,).
        corpora: The corpus of each row.
        temperature: What the logits are divided by.
        metric: One of `PRIMARY_METRICS`.
        classes: The ids of the task's classes.
    """
    predicted, corpus = logits.argmax(axis=1), np.array(corpora)
    by_corpus: dict[str, CorpusScores] = {}
    for name in sorted(set(corpora)):
        here: NDArray[np.bool_] = corpus == name
        scores = scores_of(gold[here], predicted[here], classes)
        by_corpus[name] = CorpusScores(rows=int(here.sum()), **{each: scores.value(each) for each in PRIMARY_METRICS})
    return DevScores(
        metric=metric,
        score=float(np.mean([getattr(scores, metric) for scores in by_corpus.values()])),
        nll_before=negative_log_likelihood(logits, gold),
        nll_after=negative_log_likelihood(logits, gold, temperature),
        corpora=by_corpus,
    )


def _units(examples: Sequence[Example]) -> NDArray[np.int64]:
    """Return for each row the number of its document, or where it names none of its sentence."""
    keys = [(e.corpus, "document", e.document) if e.document else (e.corpus, "text", e.text) for e in examples]
    number = {key: place for place, key in enumerate(dict.fromkeys(keys))}
    return np.array([number[key] for key in keys], dtype=np.int64)


def _warn_at_the_ends(temperature: float) -> None:
    low, high = TEMPERATURE_RANGE
    if not low * 1.01 < temperature < high / 1.01:
        logger.warning(
            "the temperature %.3g is at the end of its range: on the validation rows the model %s",
            temperature,
            "makes no mistake"
            if temperature < 1
            else "does no better than chance, so its probabilities are nearly equal",
        )
