"""The builder of inputs that each head reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from stancelab.encoding.pairs import PairBuilder
from stancelab.encoding.tokens import InputBuilder

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

    from stancelab.encoding.encoded import Builder
    from stancelab.encoding.settings import InputSettings

#: The head over pooled mentions, and the encoder's own head over a marked sequence.
PAIR: Final = "pair"
SEQUENCE: Final = "sequence"
BUILDERS: Final[dict[str, type[Builder]]] = {PAIR: PairBuilder, SEQUENCE: InputBuilder}
HEADS: Final = tuple(BUILDERS)


def make_builder(head: str, tokenizer: PreTrainedTokenizerBase, settings: InputSettings) -> Builder:
    """Return the builder of a head's input.

    Args:
        head: One of `HEADS`.
        tokenizer: The encoder's tokenizer.
        settings: How an example becomes the input.
    """
    return BUILDERS[head](tokenizer, settings)
