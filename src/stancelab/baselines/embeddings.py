"""Texts -> vectors of a frozen encoder: means over the tokens of a text, and over those of a mention in it."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from stancelab.encoders import explain_hub_error, positions_of, resolve_encoder
from stancelab.encoding.encoded import give_padding
from stancelab.errors import CheckpointError
from stancelab.heads.quiet import without_loading_bar

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from stancelab.schema import Span

#: Texts that are cut into tokens at once, to be read in the order of their numbers of tokens.
_TOKENIZED: Final = 16_384


class Passage(NamedTuple):
    """A text, and the span in it whose vector is wanted as well; None for the whole text."""

    text: str
    span: Span | None = None


class Tokens(NamedTuple):
    """A text as the encoder reads it.

    Attributes:
        text: The text.
        inputs: What the tokenizer gives: name -> a number for each token, without padding.
        offsets: Where each token begins and ends in the text, shape (tokens, 2).
    """

    text: str
    inputs: dict[str, list[int]]
    offsets: NDArray[np.int64]


class Embedder:
    """A frozen encoder, loaded when it is first used.

    Attributes:
        encoder: "package:NAME", a local folder or a hub name.
        max_length: Tokens at which a text is cut; never more than the encoder has positions for.
        batch_size: Texts that are read at once.
    """

    def __init__(self, encoder: str, *, max_length: int, batch_size: int) -> None:
        self.encoder = encoder
        self.max_length = max_length
        self.batch_size = batch_size
        self._tokenizer: Any = None
        self._model: Any = None

    def embed(self, passages: Sequence[Passage], what: str) -> NDArray[np.float32]:
        """Return one vector per passage, shape (len(passages), hidden size).

        Every distinct text is read once, however many passages it is in. A span that lies beyond `max_length` has the
        vector of its whole text.

        Args:
            passages: What to embed.
            what: What the progress bar calls it.

        Raises:
            CheckpointError: The encoder cannot be found or loaded.
        """
        from tqdm import tqdm

        self._load()
        wanted: dict[str, set[Span | None]] = {}
        for passage in passages:
            wanted.setdefault(passage.text, set()).add(passage.span)
        vectors: dict[Passage, NDArray[np.float32]] = {}
        with tqdm(total=len(wanted), desc=what, unit="text", disable=None) as bar:
            # The longest first, so that a batch too large for the memory is known at once.
            texts = sorted(wanted, key=lambda text: (-len(text), text))
            for first in range(0, len(texts), _TOKENIZED):
                tokenized = self._tokenize(texts[first : first + _TOKENIZED])
                for start in range(0, len(tokenized), self.batch_size):
                    batch = tokenized[start : start + self.batch_size]
                    vectors.update(self.read(batch, wanted))
                    bar.update(len(batch))
        if not passages:
            return np.empty((0, int(self._model.config.hidden_size)), dtype=np.float32)
        return np.stack([vectors[passage] for passage in passages])

    def _load(self) -> None:
        if self._model is not None:
            return
        import torch
        from transformers import AutoModel, AutoTokenizer

        resolved = resolve_encoder(self.encoder)
        with explain_hub_error(resolved), without_loading_bar():
            self._tokenizer = AutoTokenizer.from_pretrained(resolved)
            self._model = AutoModel.from_pretrained(resolved, dtype=torch.float32, use_safetensors=True)
        if not self._tokenizer.is_fast:
            raise CheckpointError(
                f"{self.encoder}: its tokenizer does not say where a token stands; take another encoder"
            )
        give_padding(self._tokenizer)
        self._model.eval()
        if torch.cuda.is_available():
            self._model.to("cuda")
        # Encoders without a limit of their own name an astronomically large one.
        limits = [self.max_length, int(self._tokenizer.model_max_length), positions_of(self._model.config)]
        self._cut = min(limit for limit in limits if limit is not None)

    def _tokenize(self, texts: Sequence[str]) -> list[Tokens]:
        """Return texts as tokens, those of like numbers beside each other, so that little of a batch is padding."""
        found = self._tokenizer(list(texts), truncation=True, max_length=self._cut, return_offsets_mapping=True)
        offsets = found.pop("offset_mapping")
        tokenized = [
            Tokens(text, {name: values[row] for name, values in found.items()}, np.array(offsets[row]).reshape(-1, 2))
            for row, text in enumerate(texts)
        ]
        return sorted(tokenized, key=lambda each: -len(each.offsets))

    def read(
        self, batch: Sequence[Tokens], wanted: dict[str, set[Span | None]]
    ) -> Iterator[tuple[Passage, NDArray[np.float32]]]:
        """Yield the passages of one batch of texts with their vectors.

        Args:
            batch: The texts.
            wanted: The spans that are wanted of each; None for the whole text.
        """
        import torch

        from stancelab.heads.onednn import OneDnn, onednn_is_faster

        inputs = self._tokenizer.pad([each.inputs for each in batch], return_tensors="pt")
        real = inputs["attention_mask"].numpy().astype(bool)
        by_onednn = self._model.device.type == "cpu" and onednn_is_faster()
        with torch.inference_mode(), OneDnn() if by_onednn else nullcontext():
            padded = self._model(**inputs.to(self._model.device)).last_hidden_state.float().cpu().numpy()
        for row, (text, _, offsets) in enumerate(batch):
            states = padded[row][real[row]]
            whole = states.mean(axis=0)
            for span in wanted[text]:
                yield Passage(text, span), whole if span is None else _mean_over(span, states, offsets, whole)


def _mean_over(
    span: Span, states: NDArray[np.float32], offsets: NDArray[np.int64], whole: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Return the mean of the tokens that share a character with the span, or `whole` where there is none."""
    inside = np.maximum(offsets[:, 0], span.start) < np.minimum(offsets[:, 1], span.end)
    return np.asarray(states[inside].mean(axis=0)) if inside.any() else whole
