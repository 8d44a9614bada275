"""Example -> the encoder's input, the same in training and inference: text -> marked text -> token ids."""

from stancelab.encoding.settings import MARKERS, InputSettings
from stancelab.encoding.text import TextBuilder
from stancelab.encoding.tokens import Cut, Encoded, InputBuilder

__all__ = ["MARKERS", "Cut", "Encoded", "InputBuilder", "InputSettings", "TextBuilder"]
