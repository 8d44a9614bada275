"""SetFit: a sentence encoder tuned on pairs of few labeled texts, then logistic regression on its embeddings."""

from __future__ import annotations

import contextlib
import sys
import tempfile
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from stancelab.baselines.base import Baseline
from stancelab.baselines.frozen import pair_of
from stancelab.baselines.solving import Fits
from stancelab.encoders import explain_hub_error, resolve_encoder
from stancelab.schema import STANCES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Self

    from numpy.typing import NDArray

    from stancelab.baselines.base import SharedWork
    from stancelab.baselines.settings import BaselineSettings
    from stancelab.schema import Example

#: Rounds of pairs in the paper: each row is in so many pairs of like and so many of unlike stance.
ITERATIONS: Final = 20
_BATCH: Final = 16


class SetFitBaseline(Baseline):
    """Sentence Transformer Fine-tuning by the package of its authors (Tunstall et al., 2022), with the paper's pairs.

    It reads one text; an example is "SOURCE: TARGET" (or the target alone), a line break, and the sentence. Its number
    of pairs grows with the rows: it suits a few hundred of them.
    """

    name = "setfit"

    def __init__(self, settings: BaselineSettings) -> None:
        super().__init__(settings)
        self.seed = settings.seed
        self._model: Any = None
        self._rows = 0

    def fit(self, train: Sequence[Example], validation: Sequence[Example], shared: SharedWork | None = None) -> Self:
        """Tune the encoder on pairs of rows, then fit the logistic regression.

        Raises:
            CheckpointError: The encoder cannot be found or loaded.
        """
        from datasets import Dataset
        from setfit import SetFitModel, Trainer, TrainingArguments
        from sklearn.linear_model import LogisticRegression

        rows = self.rows_to_learn(train, validation)
        # Made here, not by SetFitModel.from_pretrained, which would unpickle a head that lies beside the weights.
        self._model = SetFitModel(model_body=self._encoder(), model_head=LogisticRegression(max_iter=1000, tol=1e-5))
        texts = [_text_of(example) for example in rows.examples]
        # Its trainer prints to where a command says its results.
        with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(sys.stderr):
            arguments = TrainingArguments(
                output_dir=folder,
                batch_size=_BATCH,
                num_epochs=1,
                num_iterations=ITERATIONS,
                seed=self.settings.seed,
                max_length=self.settings.max_length,
                save_strategy="no",
                report_to="none",
            )
            Trainer(
                model=self._model,
                args=arguments,
                train_dataset=Dataset.from_dict({"text": texts, "label": rows.labels.tolist()}),
            ).train()
        self._rows = len(texts)
        return self

    def predict_proba(self, examples: Sequence[Example]) -> NDArray[np.float64]:
        """Return probabilities of shape (len(examples), 3), columns in the order of `STANCES`."""
        assert self._model is not None, "fit comes before predict_proba"
        probabilities = np.zeros((len(examples), len(STANCES)))
        if examples:
            texts = [_text_of(example) for example in examples]
            found = self._model.predict_proba(texts, batch_size=self.settings.batch_size, as_numpy=True)
            probabilities[:, self._model.model_head.classes_] = found
        return probabilities

    @property
    def fits(self) -> Fits:
        """How the solver of its logistic regression ended."""
        if self._model is None:
            return Fits()
        head = self._model.model_head
        iterations = int(np.max(head.n_iter_))
        return Fits(1, iterations, int(iterations >= head.max_iter), int(not np.any(head.coef_)))

    def describe(self) -> dict[str, Any]:
        """Return the encoder, on how many rows and pairs it was tuned, and how the solver ended."""
        return {
            "encoder": self.settings.encoder,
            "rows": self._rows,
            "pairs": 2 * ITERATIONS * self._rows,
            "fit": self.fits.describe(),
        }

    def _encoder(self) -> Any:
        from sentence_transformers import SentenceTransformer

        resolved = resolve_encoder(self.settings.encoder)
        with explain_hub_error(resolved):
            encoder = SentenceTransformer(
                str(resolved), trust_remote_code=False, model_kwargs={"use_safetensors": True}
            )
        encoder.max_seq_length = min(self.settings.max_length, encoder.max_seq_length or self.settings.max_length)
        return encoder


def _text_of(example: Example) -> str:
    return f"{pair_of(example)}\n{example.text}"
