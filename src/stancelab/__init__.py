"""stancelab: who is for or against what, in which sentence, how sure, and compared with what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stancelab.schema import STANCES, Example, Prediction, Span

if TYPE_CHECKING:
    from stancelab.inference.classifier import StanceClassifier

__version__ = "0.1.0"
__all__ = ["STANCES", "Example", "Prediction", "Span", "StanceClassifier", "__version__"]


def __getattr__(name: str) -> object:
    """Load the classifier, and torch with it, when it is first used."""
    if name == "StanceClassifier":
        from stancelab.inference.classifier import StanceClassifier

        return StanceClassifier
    raise AttributeError(f"module 'stancelab' has no attribute {name!r}")
