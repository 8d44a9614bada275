"""VADER's sentiment scores (Hutto & Gilbert, 2014) of the sentence and of the words around the target.

The lexicon and its rules are fixed; a multinomial logistic regression on train says what a score means as a stance.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Protocol

import numpy as np

from stancelab.baselines.base import Baseline
from stancelab.baselines.classifiers import DENSE_LOGREG
from stancelab.baselines.linear import FittedLinear, Selection, fit_linear
from stancelab.baselines.solving import Fits

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Self

    from numpy.typing import NDArray

    from stancelab.baselines.base import SharedWork
    from stancelab.baselines.settings import BaselineSettings
    from stancelab.schema import Example

#: Words on each side of the mention. By cross-validation on train, 8 beat the sentence alone by about one point of
#: macro-F1 on NewsMTSC and MPQA; 3, 5 and 12 were about as good.
WINDOW_WORDS: Final = 8
SCORES: Final = ("neg", "neu", "pos", "compound")


class Analyzer(Protocol):
    """What is asked of VADER."""

    def polarity_scores(self, text: str) -> dict[str, float]:
        """Return the scores named by `SCORES`."""


class LexiconBaseline(Baseline):
    """Sentiment scores by VADER, mapped to stances by logistic regression."""

    name = "lexicon"

    def __init__(self, settings: BaselineSettings) -> None:
        super().__init__(settings)
        self.seed = settings.seed
        self._analyzer = load_analyzer()
        self._model: FittedLinear | None = None

    def fit(self, train: Sequence[Example], validation: Sequence[Example], shared: SharedWork | None = None) -> Self:
        """Choose C and temperature by cross-validation on the rows to learn from, then fit to all of them."""
        rows = self.rows_to_learn(train, validation)
        selection = Selection(self.settings.folds, self.settings.seed, self.settings.metric)
        scores = sentiment(self._analyzer, rows.examples)
        self._model = fit_linear(DENSE_LOGREG, scores, rows.labels, rows.groups, selection)
        return self

    def predict_proba(self, examples: Sequence[Example]) -> NDArray[np.float64]:
        """Return probabilities of shape (len(examples), 3), columns in the order of `STANCES`."""
        assert self._model is not None, "fit comes before predict_proba"
        return self._model.predict_proba(sentiment(self._analyzer, examples))

    @property
    def fits(self) -> Fits:
        """How the solver of its logistic regression ended."""
        return Fits() if self._model is None else self._model.fits

    def describe(self) -> dict[str, Any]:
        """Return C, temperature and cross-validated score."""
        assert self._model is not None, "fit comes before describe"
        return {**self._model.describe(), "metric": self.settings.metric, "window_words": WINDOW_WORDS}


def load_analyzer() -> Analyzer:
    """Return VADER with its lexicon."""
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    analyzer: Analyzer = SentimentIntensityAnalyzer()
    return analyzer


def sentiment(analyzer: Analyzer, examples: Sequence[Example]) -> NDArray[np.float64]:
    """Return `SCORES` of each sentence, then of the words around its target, shape (len(examples), 8).

    Where the target is not mentioned, the sentence's scores stand twice.
    """
    scores = [(*_scores(analyzer, example.text), *_scores(analyzer, window(example))) for example in examples]
    return np.array(scores, dtype=np.float64).reshape(len(examples), 2 * len(SCORES))


def window(example: Example) -> str:
    """Return the target's mention with `WINDOW_WORDS` words on each side, or the whole text without a mention."""
    mention = example.mention("target")
    if mention is None:
        return example.text
    before = example.text[: mention.start].split()[-WINDOW_WORDS:]
    after = example.text[mention.end :].split()[:WINDOW_WORDS]
    return " ".join([*before, example.text[mention.start : mention.end], *after])


def _scores(analyzer: Analyzer, text: str) -> list[float]:
    found = analyzer.polarity_scores(text)
    return [found[name] for name in SCORES]
