"""Documents → sentences, each with its place in the document's text."""

from __future__ import annotations

from stancelab.article.sentences.split import sentences_of

__all__ = ["sentences_of"]
