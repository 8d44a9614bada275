"""An encoder with the pair head: the stances of all pairs of a text from one pass over it.

The states of the source's tokens are averaged, and those of the target's; learned vectors tell a mention in the text
from a name in the second segment and from the author. A small network reads source, target, their product, their
difference and the mean of the text, as sentence encoders compare two vectors (Conneau et al., 2017, InferSent).
Entity pairs are represented by their pooled mentions in Baldini Soares et al. (2019) and Zhong and Chen (2021).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Self

import torch
from safetensors.torch import load_file, save_file
from torch import nn
from transformers import AutoConfig, AutoModel
from transformers.modeling_outputs import SequenceClassifierOutput

from stancelab.encoding.encoded import GIVEN
from stancelab.heads.loading import check_size, check_weights
from stancelab.layout import HEAD_WEIGHTS, WEIGHTS
from stancelab.schema import STANCE_ID, STANCES

if TYPE_CHECKING:
    from pathlib import Path

#: Standard deviation of the learned vectors before training, as of the encoders' own embeddings.
START: Final = 0.02


class PairHead(nn.Module):
    """The stances of pairs from the token states of their texts.

    Args:
        size: Width of the encoder's states.
        dropout: Share of the inputs of each linear layer that is dropped in training.
    """

    def __init__(self, size: int, dropout: float = 0.1) -> None:
        super().__init__()
        self.source_given = nn.Parameter(torch.randn(GIVEN, size) * START)
        self.target_given = nn.Parameter(torch.randn(GIVEN, size) * START)
        self.score = nn.Sequential(
            nn.Dropout(dropout),
            nn.Linear(5 * size, size),
            nn.GELU(),
            nn.Dropout(dropout),
            nn.Linear(size, len(STANCES)),
        )

    def forward(
        self,
        states: torch.Tensor,
        attention_mask: torch.Tensor,
        pair_text: torch.Tensor,
        source_place: torch.Tensor,
        target_place: torch.Tensor,
    ) -> torch.Tensor:
        """Return the logits of the pairs, shape (pairs, stances).

        Args:
            states: The encoder's last states, shape (texts, tokens, size).
            attention_mask: 1 for each token that is no padding, shape (texts, tokens).
            pair_text: The text of each pair, shape (pairs,), the pairs of a text together and the texts in their order.
            source_place: First token of the source, the one after its last, and how it is given, shape (pairs, 3).
            target_place: The same of the target.
        """
        source = pooled(states, pair_text, source_place) + self.source_given[source_place[:, 2]]
        target = pooled(states, pair_text, target_place) + self.target_given[target_place[:, 2]]
        weights = attention_mask.to(states.dtype)
        text = (states * weights.unsqueeze(-1)).sum(dim=1) / weights.sum(dim=1, keepdim=True)
        logits: torch.Tensor = self.score(
            torch.cat([source, target, source * target, source - target, text[pair_text]], dim=-1)
        )
        return logits


def pooled(states: torch.Tensor, pair_text: torch.Tensor, place: torch.Tensor) -> torch.Tensor:
    """Return the mean state of the tokens from start to end, shape (pairs, size), 0 where there are none.

    Args:
        states: Shape (texts, tokens, size).
        pair_text: The text of each pair, shape (pairs,), the pairs of a text together and the texts in their order.
        place: Start, end and how the part is given, shape (pairs, 3).
    """
    position = torch.arange(states.shape[1], device=states.device)
    inside = (position >= place[:, :1]) & (position < place[:, 1:2])
    weights = inside.to(states.dtype) / inside.sum(dim=1, keepdim=True).clamp(min=1)
    # One product for each text: to take the states once for each pair would copy them as often.
    # Written so that it can be exported: searchsorted is not known to ONNX, and len() and int() become constants.
    first = (pair_text.unsqueeze(1) > pair_text).sum(dim=1)
    number = torch.arange(pair_text.shape[0], device=pair_text.device) - first
    most: Any = number.max().item() + 1
    torch._check(most >= 1)
    of_text = weights.new_zeros(states.shape[0], most, states.shape[1])
    of_text[pair_text, number] = weights
    return torch.bmm(of_text, states)[pair_text, number]


class PairClassifier(nn.Module):
    """An encoder with the pair head.

    Args:
        encoder: A transformers encoder without a pooler.
    """

    #: The name under which the encoder's weights stand in this module, as in transformers' own classifiers.
    base_model_prefix: Final = "encoder"

    def __init__(self, encoder: Any) -> None:
        super().__init__()
        self.encoder = encoder
        self.head = PairHead(encoder.config.hidden_size)
        self.config.id2label, self.config.label2id = dict(enumerate(STANCES)), STANCE_ID

    @classmethod
    def from_encoder(cls, name_or_path: str | Path) -> Self:
        """Return a pretrained encoder, a local folder or a name on the hub, with a new head."""
        return cls(_encoder(name_or_path))

    @classmethod
    def from_pretrained(cls, folder: Path) -> Self:
        """Load what `save_pretrained` wrote."""
        config = AutoConfig.from_pretrained(folder, trust_remote_code=False)
        with torch.device("meta"):
            check_size(str(folder), cls(_from_config(config)), (folder / WEIGHTS, folder / HEAD_WEIGHTS))
        network = cls(_encoder(folder, whole=True))
        network.head.load_state_dict(load_file(folder / HEAD_WEIGHTS))
        return network

    def save_pretrained(self, folder: Path) -> None:
        """Write the encoder as transformers does, so that `AutoModel` loads it, and the head beside it."""
        self.encoder.save_pretrained(folder)
        save_file({name: weight.contiguous() for name, weight in self.head.state_dict().items()}, folder / HEAD_WEIGHTS)

    @property
    def config(self) -> Any:
        """The encoder's configuration, with the names of the stances."""
        return self.encoder.config

    @property
    def device(self) -> torch.device:
        """Where the weights are."""
        return self.head.source_given.device

    def forward(
        self, *, pair_text: torch.Tensor, source_place: torch.Tensor, target_place: torch.Tensor, **inputs: torch.Tensor
    ) -> SequenceClassifierOutput:
        """Return the logits of the pairs, shape (pairs, stances); `inputs` are the encoder's own."""
        states = self.encoder(**inputs).last_hidden_state
        logits = self.head(states, inputs["attention_mask"], pair_text, source_place, target_place)
        return SequenceClassifierOutput(logits=logits)


def _from_config(config: Any) -> Any:
    """Return an encoder with random weights."""
    try:
        return AutoModel.from_config(config, add_pooling_layer=False, trust_remote_code=False)
    except TypeError:  # families without a pooler, such as DeBERTa
        return AutoModel.from_config(config, trust_remote_code=False)


def _encoder(name_or_path: str | Path, *, whole: bool = False) -> Any:
    options: dict[str, Any] = {
        "use_safetensors": True,
        "dtype": "float32",
        "trust_remote_code": False,
        "ignore_mismatched_sizes": True,  # `check_weights` says more than transformers does
        "output_loading_info": True,
    }
    try:
        # A pooler's weights would be kept and never trained.
        encoder, loading = AutoModel.from_pretrained(name_or_path, add_pooling_layer=False, **options)
    except TypeError:  # families without a pooler, such as DeBERTa
        encoder, loading = AutoModel.from_pretrained(name_or_path, **options)
    check_weights(str(name_or_path), loading, encoder.state_dict(), whole=whole)
    return encoder
