"""The builder of inputs that each head reads."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any, Final

from stancelab.encoding.pairs import PairBuilder
from stancelab.encoding.settings import InputSettings
from stancelab.encoding.tokens import InputBuilder

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

    from stancelab.encoding.encoded import Builder

#: The head over pooled mentions, and the encoder's own head over a marked sequence.
PAIR: Final = "pair"
SEQUENCE: Final = "sequence"
BUILDERS: Final[dict[str, type[Builder]]] = {PAIR: PairBuilder, SEQUENCE: InputBuilder}
HEADS: Final = tuple(BUILDERS)
#: The settings of the input that each head reads.
READ: Final[dict[str, tuple[str, ...]]] = {
    PAIR: ("hide", "max_length", "keep"),
    SEQUENCE: tuple(each.name for each in fields(InputSettings)),
}


def settings_read(head: str, settings: InputSettings) -> dict[str, Any]:
    """Return the settings of the input that a head reads, by name; the others say nothing of its input.

    Args:
        head: One of `HEADS`.
        settings: How an example becomes the input.
    """
    return {name: value for name, value in asdict(settings).items() if name in READ[head]}


def make_builder(head: str, tokenizer: PreTrainedTokenizerBase, settings: InputSettings) -> Builder:
    """Return the builder of a head's input.

    Args:
        head: One of `HEADS`.
        tokenizer: The encoder's tokenizer.
        settings: How an example becomes the input.
    """
    return BUILDERS[head](tokenizer, settings)
