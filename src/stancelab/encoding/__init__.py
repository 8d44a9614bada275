"""Example -> the encoder's input, the same in training and inference: one builder for each head."""

from stancelab.encoding.builders import HEADS, PAIR, READ, SEQUENCE, make_builder, settings_read
from stancelab.encoding.encoded import Builder, Cut, EncodedText
from stancelab.encoding.settings import MARKERS, InputSettings
from stancelab.encoding.text import TextBuilder
from stancelab.encoding.tokens import Encoded, InputBuilder

__all__ = [
    "HEADS",
    "MARKERS",
    "PAIR",
    "READ",
    "SEQUENCE",
    "Builder",
    "Cut",
    "Encoded",
    "EncodedText",
    "InputBuilder",
    "InputSettings",
    "TextBuilder",
    "make_builder",
    "settings_read",
]
