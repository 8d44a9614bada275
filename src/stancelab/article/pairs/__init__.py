"""From sentences and mentions to the pairs that are asked, with sources carried over from sentence to sentence."""

from stancelab.article.pairs.candidates import pairs_of
from stancelab.article.pairs.examples import example_of, examples_of
from stancelab.article.pairs.hearing import heard_sources
from stancelab.article.pairs.settings import PairSettings

__all__ = ["PairSettings", "example_of", "examples_of", "heard_sources", "pairs_of"]
