"""The codebook: which actors and issues are looked for in an article, under which names, and where a text names them."""

from stancelab.article.codebook.entries import Codebook, Entry
from stancelab.article.codebook.match import Matcher
from stancelab.article.codebook.read import parse_codebook, read_codebook

__all__ = ["Codebook", "Entry", "Matcher", "parse_codebook", "read_codebook"]
