"""Evidence → which sentences count, the stance of each pair in its document, and the stance over all documents."""

from __future__ import annotations

import zlib
from collections import Counter, defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from stancelab.article.aggregate import Answer, score_samples, stances_of
from stancelab.article.results import MIXED, NONE, CorpusPair, DocumentPair, FinalStance
from stancelab.article.settings import COUNT, NEVER
from stancelab.article.types import Pair
from stancelab.metrics.bootstrap import percentile_interval
from stancelab.schema import AGAINST, FAVOR, Prediction

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from stancelab.article.aggregate import PairStance, StanceSettings
    from stancelab.article.results import Evidence, ReadDocument
    from stancelab.metrics.bootstrap import Interval


def with_counted(
    document: ReadDocument, evidence: Sequence[Evidence], threshold: float, headlines: str
) -> list[Evidence]:
    """Return the evidence of a document with what of it counts.

    A sentence counts where its confidence reaches the threshold. A headline mostly repeats in few words what a sentence
    says: with `alone` it counts only where no other sentence counts for its pair, so that one claim is not counted
    twice. On the articles for tuning headlines that count find one or two stances of 130 more (docs/reading.md).

    Args:
        document: The document.
        evidence: Its evidence.
        threshold: The confidence from which a sentence counts.
        headlines: One of `HEADLINES`.
    """

    def in_headline(each: Evidence) -> bool:
        return document.sentences[each.sentence].kind == "headline"

    sure = [each.confidence >= threshold for each in evidence]
    in_text = {
        (each.source, each.target) for each, is_sure in zip(evidence, sure, strict=True)
        if is_sure and not in_headline(each)
    }  # fmt: skip

    def counts(each: Evidence) -> bool:
        if headlines == COUNT or not in_headline(each):
            return True
        return headlines != NEVER and (each.source, each.target) not in in_text

    return [replace(each, counted=is_sure and counts(each)) for each, is_sure in zip(evidence, sure, strict=True)]


def document_pairs(
    document: ReadDocument, evidence: Sequence[Evidence], settings: StanceSettings
) -> list[DocumentPair]:
    """Return the stance of each pair in a document, in the order in which they come first.

    Args:
        document: The document.
        evidence: Its evidence, with what counts, in the order of the text.
        settings: How sentences come to a stance.
    """
    ends = _ends(document, evidence)
    return [
        DocumentPair(document=document.id, **_fields(found), **ends.get((found.source, found.target), {}))
        for found in stances_of(map(_answer, evidence), settings)
    ]


def _ends(document: ReadDocument, evidence: Sequence[Evidence]) -> dict[tuple[str, str], dict[str, Any]]:
    """Return the stances of the first and the last counted sentence of each pair that has one.

    Headlines are left out where other sentences have a stance: they stand first, and tell what the article ends with.
    """
    told: dict[tuple[str, str], list[Evidence]] = defaultdict(list)
    for each in evidence:
        if each.counted and each.stance in (FAVOR, AGAINST):
            told[each.source, each.target].append(each)
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for pair, own in told.items():
        in_text = [each for each in own if document.sentences[each.sentence].kind != "headline"] or own
        found[pair] = {"first_stance": in_text[0].stance, "last_stance": in_text[-1].stance}
    return found


def _answer(each: Evidence) -> Answer:
    pair = Pair(
        sentence=each.sentence,
        source=each.source,
        target=each.target,
        source_span=each.source_span,
        target_span=each.target_span,
        how=each.how,
    )
    return Answer(
        pair,
        Prediction(
            predicted=each.stance,
            p_against=each.p_against,
            p_neutral=each.p_neutral,
            p_favor=each.p_favor,
            abstained=not each.counted,
        ),
    )


def _fields(found: PairStance) -> dict[str, Any]:
    counted = [*found.favor, *found.against, *found.neutral]
    low, high = found.interval or (None, None)
    return {
        "source": found.source,
        "target": found.target,
        "stance": found.stance,
        "sentences": found.sentences,
        "favor": len(found.favor),
        "against": len(found.against),
        "neutral": len(found.neutral),
        "left_out": len(found.uncounted),
        "score": found.score,
        "low": low,
        "high": high,
        "confidence": float(np.mean([each.prediction.confidence for each in counted])) if counted else None,
    }


def corpus_pairs(
    documents: Iterable[ReadDocument],
    pairs: Iterable[DocumentPair],
    evidence: Iterable[Evidence],
    settings: StanceSettings,
) -> list[CorpusPair]:
    """Return the stance of each pair over all documents.

    It is the stance that most of the documents have in which sentences count, mixed where as many are in favor as
    against; the score is the mean of their scores. The interval resamples documents, and within each the stances of its
    sentences; that of one document is the document's own.

    The first and the last stance are those of the first and of the last document by date; documents of one date are in
    the order in which they were read. There are none where one of several documents has no date.

    Args:
        documents: All documents.
        pairs: The pairs of all documents.
        evidence: The evidence of all documents, with what counts.
        settings: Resamples and seed.
    """
    dates = {document.id: document.date for document in documents}
    groups: dict[tuple[str, str], list[DocumentPair]] = defaultdict(list)
    for pair in pairs:
        groups[pair.source, pair.target].append(pair)
    several = {key for key, own in groups.items() if len([each for each in own if each.sentences]) > 1}
    answers: dict[tuple[str, str], dict[str, list[tuple[float, float, float]]]] = defaultdict(lambda: defaultdict(list))
    for each in evidence:
        if each.counted and (each.source, each.target) in several:
            row = (each.p_against, each.p_neutral, each.p_favor)
            answers[each.source, each.target][each.document].append(row)
    return [
        replace(_over_documents(key, own, answers.get(key, {}), settings), **_over_time(own, dates))
        for key, own in groups.items()
    ]


def _over_time(own: Sequence[DocumentPair], dates: Mapping[str, str]) -> dict[str, Any]:
    told = sorted((each for each in own if each.first_stance), key=lambda each: dates[each.document])
    if not told or (len(told) > 1 and not all(dates[each.document] for each in told)):
        return {}
    return {"first_stance": told[0].first_stance, "last_stance": told[-1].last_stance}


def _over_documents(
    key: tuple[str, str],
    own: Sequence[DocumentPair],
    answers: dict[str, list[tuple[float, float, float]]],
    settings: StanceSettings,
) -> CorpusPair:
    scored = [each for each in own if each.sentences]
    sums = {name: sum(getattr(each, name) for each in own) for name in ("sentences", "favor", "against", "neutral")}
    score = low = high = confidence = None
    if scored:
        score = float(np.mean([each.score for each in scored]))
        confidence = float(np.mean([each.confidence for each in scored]))
        low, high = scored[0].low, scored[0].high
    if len(scored) > 1:
        low, high = _interval(key, list(answers.values()), settings)
    return CorpusPair(
        source=key[0],
        target=key[1],
        stance=_most(scored),
        **sums,
        left_out=sum(each.left_out for each in own),
        score=score,
        low=low,
        high=high,
        confidence=confidence,
        documents=len(scored),
    )


def _most(scored: Sequence[DocumentPair]) -> FinalStance:
    """Return the stance that most documents have; of equal ones mixed, and a stance before none."""
    votes = Counter(each.stance for each in scored)
    most = max(votes.values(), default=0)
    leading = {stance for stance, count in votes.items() if count == most}
    if MIXED in leading or {FAVOR, AGAINST} <= leading:
        return MIXED
    return next((stance for stance in (FAVOR, AGAINST) if stance in leading), NONE)


def _interval(
    key: tuple[str, str], documents: Sequence[Sequence[tuple[float, float, float]]], settings: StanceSettings
) -> Interval:
    """Return the 95% interval of the mean of documents' scores, which are resampled with the stances inside of them."""
    seed = [settings.seed, zlib.crc32("\0".join(key).encode())]
    samples = np.stack(
        [
            score_samples(np.array(rows, dtype=np.float64), settings.resamples, [*seed, number]).astype(np.float32)
            for number, rows in enumerate(documents)
        ]
    )
    random = np.random.default_rng(seed)
    columns = np.arange(settings.resamples)
    total = np.zeros(settings.resamples)
    # One document of each resample at a time: all at once would take as much memory again as the samples.
    for _ in documents:
        total += samples[random.integers(len(documents), size=settings.resamples), columns]
    return percentile_interval(total / len(documents))
