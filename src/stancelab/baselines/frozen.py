"""A frozen encoder's embeddings with logistic regression: what pretraining alone knows, without fine-tuning."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from stancelab.baselines.base import Baseline
from stancelab.baselines.classifiers import EMBEDDING_LOGREG
from stancelab.baselines.embeddings import Embedder, Passage
from stancelab.baselines.linear import FittedLinear, Selection, fit_linear
from stancelab.baselines.solving import Fits
from stancelab.errors import count_of
from stancelab.schema import PARTS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Self

    from numpy.typing import NDArray

    from stancelab.baselines.base import SharedWork
    from stancelab.baselines.settings import BaselineSettings
    from stancelab.schema import Example


class FrozenEncoderBaseline(Baseline):
    """Mean-pooled embeddings of the text, of the target's mention in it, and of the pair, then logistic regression.

    An example's features are e(text), the mean over the tokens of the target's mention (of the whole text where it is
    not mentioned), e(pair), and e(text) * e(pair), where the pair is "SOURCE: TARGET", or the target alone. The product
    lets a linear model see how text and pair agree.

    Attributes:
        text_only: Whether it reads the text alone, and its features are e(text): a partial-input baseline.
    """

    def __init__(self, settings: BaselineSettings, *, text_only: bool = False) -> None:
        super().__init__(settings)
        self.name = "text_only_frozen_encoder" if text_only else "frozen_encoder"
        self.text_only = text_only
        self.seed = settings.seed
        self._embedder = Embedder(settings.encoder, max_length=settings.max_length, batch_size=settings.batch_size)
        self._model: FittedLinear | None = None

    def fit(self, train: Sequence[Example], validation: Sequence[Example], shared: SharedWork | None = None) -> Self:
        """Choose C and temperature by cross-validation on the rows to learn from, then fit to all of them."""
        rows = self.rows_to_learn(train, validation)
        selection = Selection(self.settings.folds, self.settings.seed, self.settings.metric)
        self._model = fit_linear(EMBEDDING_LOGREG, self._features(rows.examples), rows.labels, rows.groups, selection)
        return self

    def predict_proba(self, examples: Sequence[Example]) -> NDArray[np.float64]:
        """Return probabilities of shape (len(examples), 3), columns in the order of `STANCES`."""
        assert self._model is not None, "fit comes before predict_proba"
        if not examples:
            return np.empty((0, 3))
        return self._model.predict_proba(self._features(examples))

    @property
    def fits(self) -> Fits:
        """How the solver of its logistic regression ended."""
        return Fits() if self._model is None else self._model.fits

    def describe(self) -> dict[str, Any]:
        """Return the encoder, C, temperature, score, how the solvers ended, and what is hidden from it."""
        assert self._model is not None, "fit comes before describe"
        return {
            "encoder": self.settings.encoder,
            **self._model.describe(),
            "metric": self.settings.metric,
            "folds": self.settings.folds,
            "hidden": list(PARTS) if self.text_only else [],
        }

    def _features(self, examples: Sequence[Example]) -> NDArray[np.float32]:
        texts = [Passage(example.text) for example in examples]
        if self.text_only:
            return self._embedder.embed(texts, f"embedding {count_of(len(examples), 'text')}")
        mentions = [Passage(example.text, example.mention("target")) for example in examples]
        pairs = [Passage(pair_of(example)) for example in examples]
        found = self._embedder.embed([*texts, *mentions, *pairs], f"embedding {count_of(len(examples), 'row')}")
        text, mention, pair = np.split(found, 3)
        return np.hstack([text, mention, pair, text * pair])


def pair_of(example: Example) -> str:
    """Return "SOURCE: TARGET", or the target alone where the source is the author."""
    return f"{example.source}: {example.target}" if example.source else example.target
