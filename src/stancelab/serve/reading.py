"""One article -> the content of stances.json: the one place where the parts of `stancelab.article` are put together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from stancelab.article.aggregate import Answer, StanceSettings, stances_of
from stancelab.article.codebook import Matcher
from stancelab.article.pairs import PairSettings, example_of, pairs_of
from stancelab.article.results import (
    CorpusPair,
    DocumentPair,
    Entry,
    Evidence,
    ReadDocument,
    Reading,
    ReadingProvenance,
    SentencePlace,
)
from stancelab.article.sentences import sentences_of
from stancelab.errors import DataError
from stancelab.files import versions
from stancelab.inference.classifier import to_prediction
from stancelab.serve.rows import DECIMALS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from stancelab.article.aggregate import PairStance
    from stancelab.article.codebook import Codebook
    from stancelab.article.types import Document, Pair, Sentence
    from stancelab.schema import Example, Prediction

METHOD: Final = (
    "A sentence is evidence for a stance where its probability reaches {evidence:g}; no stance where these "
    "probabilities sum to less than {least:g}, mixed where the smaller side has {mixed:.0%} of them or more."
)
INTERVAL: Final = "95%, bootstrap over sentences, each of whose stances is drawn from its probabilities"


@dataclass(frozen=True)
class Book:
    """A codebook that is ready to be looked for.

    Attributes:
        name: What it is called on the page.
        matcher: Finds its entries.
        entries: Its entries as a reading lists them.
    """

    name: str
    matcher: Matcher
    entries: tuple[Entry, ...]

    @classmethod
    def of(cls, codebook: Codebook, name: str) -> Book:
        """Make one of a codebook.

        Raises:
            MissingPackageError: pyahocorasick is not installed.
        """
        entries = (
            Entry(name=each.name, group=each.group, within=each.within, source=each.source, target=each.target)
            for each in codebook.entries.values()
        )
        return cls(name, Matcher(codebook), tuple(entries))


@dataclass(frozen=True)
class Model:
    """What answers, and what is said of it.

    Attributes:
        predict: Returns probabilities of shape (len(examples), 3).
        provenance: What readings say of the checkpoint, without title, codebook and date.
        most_pairs: Pairs that are asked of an article, at most.
        most_characters: Characters of their sentences together, at most.
    """

    predict: Callable[[Sequence[Example]], NDArray[np.float64]]
    provenance: ReadingProvenance
    most_pairs: int
    most_characters: int


def read_article(document: Document, book: Book, model: Model, settings: StanceSettings | None = None) -> Reading:
    """Return what an article says: every pair that is asked of each sentence, and the stances that follow.

    Args:
        document: The article.
        book: The actors and issues.
        model: What answers.
        settings: How sentences come to a stance.

    Raises:
        DataError: It asks too much of the classifier.
        MissingPackageError: A package of the extra `read` is not installed.
    """
    settings = settings or StanceSettings()
    sentences = sentences_of(document)
    groups = {entry.name: entry.group for entry in book.entries}
    pairs = pairs_of(document, sentences, book.matcher.mentions(document.text), PairSettings(), groups)
    _check_size(pairs, sentences, model)
    probabilities = model.predict([example_of(document, sentences[pair.sentence], pair) for pair in pairs])
    threshold = model.provenance.threshold
    answers = [Answer(pair, to_prediction(row, threshold)) for pair, row in zip(pairs, probabilities, strict=True)]
    stances = stances_of(answers, settings)
    return Reading(
        provenance=_provenance(model.provenance, document, book, settings),
        entries=list(book.entries),
        documents=[_document(document, sentences)],
        evidence=[_evidence(document.id, each.pair, each.prediction) for each in answers],
        pairs=[DocumentPair(document=document.id, **_pair(each)) for each in stances],
        corpus=[CorpusPair(documents=int(each.sentences > 0), **_pair(each)) for each in stances],
    )


def _check_size(pairs: Sequence[Pair], sentences: Sequence[Sentence], model: Model) -> None:
    """Raise a `DataError` where an article is more than may be asked: one may name all entries in one sentence."""
    characters = sum(len(sentences[pair.sentence].text) for pair in pairs)
    if len(pairs) > model.most_pairs or characters > model.most_characters:
        raise DataError(
            f"the article has {len(pairs):,} pairs of source and target, in sentences of {characters:,} characters "
            f"together; allowed are {model.most_pairs:,} pairs (serve.pairs) and {model.most_characters:,} characters; "
            "send it in parts, or take a codebook with fewer entries"
        )


def _provenance(
    made_by: ReadingProvenance, document: Document, book: Book, settings: StanceSettings
) -> ReadingProvenance:
    return replace(
        made_by,
        title=document.title,
        command="stancelab serve",
        method=METHOD.format(evidence=settings.evidence, least=settings.least, mixed=settings.mixed),
        interval=INTERVAL,
        codebook=book.name,
        versions=versions(),
        created=datetime.now(UTC).isoformat(timespec="seconds"),
    )


def _document(document: Document, sentences: Sequence[Sentence]) -> ReadDocument:
    return ReadDocument(
        id=document.id,
        text=document.text,
        title=document.title,
        date=document.date,
        outlet=document.outlet,
        path=document.path,
        fields=dict(document.fields),
        sentences=[SentencePlace(span=each.span, paragraph=each.paragraph, kind=each.kind) for each in sentences],
    )


def _evidence(document: str, pair: Pair, answer: Prediction) -> Evidence:
    return Evidence(
        document=document,
        sentence=pair.sentence,
        source=pair.source,
        target=pair.target,
        source_span=pair.source_span,
        target_span=pair.target_span,
        how=pair.how,
        p_against=round(answer.p_against, DECIMALS),
        p_neutral=round(answer.p_neutral, DECIMALS),
        p_favor=round(answer.p_favor, DECIMALS),
        score=round(answer.score, DECIMALS),
        confidence=round(answer.confidence, DECIMALS),
        counted=not answer.abstained,
    )


def _pair(stance: PairStance) -> dict[str, object]:
    counted = [*stance.favor, *stance.against, *stance.neutral]
    low, high = (None, None) if stance.interval is None else (stance.interval.low, stance.interval.high)
    confidence = sum(each.prediction.confidence for each in counted) / len(counted) if counted else None
    return {
        "source": stance.source,
        "target": stance.target,
        "stance": stance.stance,
        "sentences": stance.sentences,
        "favor": len(stance.favor),
        "against": len(stance.against),
        "neutral": len(stance.neutral),
        "left_out": len(stance.uncounted),
        "score": _number(stance.score),
        "low": _number(low),
        "high": _number(high),
        "confidence": _number(confidence),
    }


def _number(value: float | None) -> float | None:
    return None if value is None else round(float(value), DECIMALS)
