"""The codebook: the actors and issues that are looked for in articles, their names, and where a text has them."""

from stancelab.article.codebook.entries import Codebook, Entry
from stancelab.article.codebook.match import Matcher
from stancelab.article.codebook.read import parse_codebook, read_codebook

__all__ = ["Codebook", "Entry", "Matcher", "parse_codebook", "read_codebook"]
