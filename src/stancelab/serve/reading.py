"""One article -> the content of stances.json, by `read_text`, with answers by the batches of all requests."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from stancelab.article.read import read_text
from stancelab.article.sentences import sentences_of
from stancelab.errors import DataError
from stancelab.schema import System

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from stancelab.article.results import Reading
    from stancelab.article.settings import ReadSettings
    from stancelab.article.types import Document
    from stancelab.inference.classifier import StanceClassifier
    from stancelab.schema import Example
    from stancelab.serve.books import Book

#: Sources of earlier sentences that a sentence may carry on, in the estimate of how much an article asks.
_CARRIED: Final = 3
#: Characters of a sentence, at most: the rules that find sources take time with the square of its length, up to 0.3 s.
_LONGEST_SENTENCE: Final = 10_000


class Asked(System):
    """A checkpoint that is asked through the batches of all requests.

    Args:
        classifier: The checkpoint, for what it says of itself.
        ask: Returns probabilities of shape (len(examples), 3).
    """

    def __init__(self, classifier: StanceClassifier, ask: Callable[[Sequence[Example]], NDArray[np.float64]]) -> None:
        self.name = classifier.name
        self.seed = classifier.seed
        self.temperature = classifier.temperature
        self.thresholds = classifier.thresholds
        self.unreached = classifier.unreached
        self.weights_sha256 = classifier.weights_sha256
        self.info = classifier.info
        self._ask = ask

    def predict_proba(self, examples: Sequence[Example]) -> NDArray[np.float64]:
        """Return probabilities of shape (len(examples), 3)."""
        return self._ask(examples)


@dataclass(frozen=True)
class Most:
    """How much one article may ask.

    Attributes:
        pairs: Pairs of a source and a target, over all sentences.
        characters: Characters of the sentences of these pairs together.
    """

    pairs: int
    characters: int


def read_article(document: Document, book: Book, system: System, settings: ReadSettings, most: Most) -> Reading:
    """Return what an article says.

    Args:
        document: The article, whose sentences are of a length that `check_sentences` allows.
        book: The actors and issues.
        system: What answers.
        settings: How it is read.
        most: How much it may ask.

    Raises:
        DataError: It may ask more, or holds characters that cannot be written.
        MissingPackageError: A package of the extra `read` is not installed.
    """
    _check_pairs(document, book, most)
    reading = read_text(document, book.matcher, system, settings)
    provenance = replace(
        reading.provenance, title=document.title, command="stancelab serve", codebook=book.name, settings={}
    )
    return replace(reading, provenance=provenance)


def check_sentences(document: Document) -> None:
    """Check that an article has no sentence that takes too much time, before names or pairs are looked for in it.

    Raises:
        DataError: It has one.
    """
    for sentence in sentences_of(document):
        if (found := len(sentence.text)) > _LONGEST_SENTENCE:
            raise DataError(
                f"text: has {found:,} characters without the end of a sentence, from character {sentence.span.start:,} "
                f"on; allowed are {_LONGEST_SENTENCE:,}; put ends of sentences or empty lines into it"
            )


def _check_pairs(document: Document, book: Book, most: Most) -> None:
    """Raise a `DataError` where an article may ask more than is allowed, before any pair is made of it.

    One sentence of a stranger may name all entries of a large codebook: the pairs grow with the square of their number.
    """
    mentions = book.matcher.mentions(document.text)
    pairs = characters = place = 0
    for sentence in sentences_of(document):
        sources, targets = set(), set()
        while place < len(mentions) and mentions[place].span.start < sentence.span.end:
            mention = mentions[place]
            place += 1
            if mention.source:
                sources.add(mention.entry)
            if mention.target:
                targets.add(mention.entry)
        asked = (len(sources) + _CARRIED) * len(targets)
        pairs += asked
        characters += asked * len(sentence.text)
    if pairs > most.pairs or characters > most.characters:
        raise DataError(
            f"text: may ask up to {pairs:,} pairs of source and target, in sentences of {characters:,} characters "
            f"together; allowed are {most.pairs:,} pairs (serve.pairs) and {most.characters:,} characters; send it in "
            "parts, or take a codebook with fewer entries"
        )
