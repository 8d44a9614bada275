"""One document → the questions that it asks the classifier, and the answers → evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from stancelab.article.pairs import examples_of, pairs_of
from stancelab.article.results import Evidence, ReadDocument, SentencePlace
from stancelab.article.sentences import sentences_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from stancelab.article.codebook import Matcher
    from stancelab.article.pairs import PairSettings
    from stancelab.article.types import Document, Pair
    from stancelab.schema import Example


@dataclass(frozen=True, slots=True)
class Asked:
    """A document with its questions.

    Attributes:
        document: The document as it is written into the results.
        pairs: Its pairs, in the order of the text.
        examples: The question of each pair, as an example.
    """

    document: ReadDocument
    pairs: list[Pair]
    examples: list[Example]


class Asker:
    """Finds the questions of documents; made once for many of them.

    Args:
        matcher: Finds the mentions of the codebook.
        settings: Which pairs are asked.
    """

    def __init__(self, matcher: Matcher, settings: PairSettings) -> None:
        self._matcher = matcher
        self._settings = settings
        self._groups = {entry.name: entry.group for entry in matcher.codebook.entries.values() if entry.group}
        self._entries = matcher.codebook.entries

    def ask(self, document: Document) -> Asked:
        """Return a document with its questions.

        Raises:
            MissingPackageError: The package that finds sentences is not installed.
        """
        sentences = sentences_of(document)
        mentions = self._matcher.mentions(document.text)
        pairs = pairs_of(document, sentences, mentions, self._settings, self._groups, self._entries)
        examples = examples_of(document, sentences, pairs)
        places = [SentencePlace(span=each.span, paragraph=each.paragraph, kind=each.kind) for each in sentences]
        read = ReadDocument(
            id=document.id,
            text=document.text,
            title=document.title,
            date=document.date,
            outlet=document.outlet,
            path=document.path,
            fields=dict(document.fields),
            sentences=places,
        )
        return Asked(read, pairs, examples)


def evidence_of(asked: Asked, probabilities: NDArray[np.float64]) -> list[Evidence]:
    """Return what the sentences of a document say of its pairs; whether they count is decided later.

    Args:
        asked: The document and its pairs.
        probabilities: The answers, shape (pairs, 3), columns in the order of `STANCES`.
    """
    found = []
    for pair, row in zip(asked.pairs, probabilities, strict=True):
        against, neutral, favor = map(float, row)
        found.append(
            Evidence(
                document=asked.document.id,
                sentence=pair.sentence,
                source=pair.source,
                target=pair.target,
                source_span=pair.source_span,
                target_span=pair.target_span,
                how=pair.how,
                p_against=against,
                p_neutral=neutral,
                p_favor=favor,
                score=favor - against,
                confidence=max(against, neutral, favor),
            )
        )
    return found
