"""Whether the parts of `stances.json` fit together: what its types alone do not say."""

from __future__ import annotations

import math
import re
from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Final

from stancelab.errors import did_you_mean
from stancelab.json_types import is_share, shown
from stancelab.schema import is_unicode

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from stancelab.article.results import DocumentPair, Evidence, PairStance, ReadDocument, Reading
    from stancelab.schema import Span

_DATE: Final = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?", re.ASCII)
#: How far probabilities that were rounded may be from a sum of 1, or from the score that is made of them.
_ROUNDED: Final = 1e-3
#: Longest name, and longest further column of a document.
_NAME: Final = 1_000
#: Most further columns of a document.
_COLUMNS: Final = 1_000


def problems_of(reading: Reading) -> Iterator[str]:
    """Yield what does not fit together, one line each: place, what was found, what is allowed."""
    yield from _entry_problems(reading)
    yield from _document_problems(reading.documents)
    documents = {document.id: document for document in reading.documents}
    names = [entry.name for entry in reading.entries]
    known = {"", *names}
    for place, evidence in enumerate(reading.evidence):
        yield from _prefixed(f"evidence[{place}]", _evidence_problems(evidence, documents, known, names))
    for place, pair in enumerate(reading.pairs):
        where = f"pairs[{place}]"
        if pair.document not in documents:
            yield f"{where}.document: found {shown(pair.document)}, allowed are the ids of `documents`"
        yield from _prefixed(where, _pair_problems(pair, known, names))
    for place, total in enumerate(reading.corpus):
        yield from _prefixed(f"corpus[{place}]", _pair_problems(total, known, names))
    yield from _twice("pairs", [_key(pair) for pair in reading.pairs])
    yield from _twice("corpus", [(pair.source, pair.target) for pair in reading.corpus])
    yield from _lacking(reading)


def _key(pair: DocumentPair | Evidence) -> tuple[str, str, str]:
    return pair.document, pair.source, pair.target


def _prefixed(where: str, lines: Iterator[str]) -> Iterator[str]:
    return (f"{where}.{line}" for line in lines)


def _twice(what: str, keys: Sequence[object]) -> Iterator[str]:
    for key, times in Counter(keys).items():
        if times > 1:
            yield f"{what}: found {shown(key)} {times} times, allowed is once"


def _lacking(reading: Reading) -> Iterator[str]:
    """Yield pairs of sentences for which there is no line over all documents, on which the page would be silent."""
    totals = {(pair.source, pair.target) for pair in reading.corpus}
    found = {(pair.source, pair.target) for pair in reading.pairs}
    found |= {(each.source, each.target) for each in reading.evidence}
    for source, target in sorted(found - totals):
        yield f"corpus: lacks the pair of {shown(source)} and {shown(target)}, which has sentences"
    own = {_key(pair) for pair in reading.pairs}
    for key in dict.fromkeys(_key(each) for each in reading.evidence):
        if key not in own:
            yield f"pairs: lacks {shown(key)} (document, source, target), which has sentences"


def _entry_problems(reading: Reading) -> Iterator[str]:
    names = [entry.name for entry in reading.entries]
    yield from _twice("entries", names)
    for place, entry in enumerate(reading.entries):
        for key, text in (("name", entry.name), ("group", entry.group)):
            yield from _text_problems(f"entries[{place}].{key}", text, _NAME)
        if not entry.name.strip():
            yield f"entries[{place}].name: found {shown(entry.name)}, allowed is a name"
        if entry.within and entry.within not in names:
            yield f"entries[{place}].within: found {shown(entry.within)}, allowed are names of `entries`"


def _document_problems(documents: Sequence[ReadDocument]) -> Iterator[str]:
    yield from _twice("documents", [document.id for document in documents])
    for place, document in enumerate(documents):
        yield from _prefixed(f"documents[{place}]", document_problems(document))


def document_problems(document: ReadDocument) -> Iterator[str]:
    """Yield what of a document cannot be written, one line each, each beginning with the field."""
    for key in ("id", "title", "outlet", "path"):
        yield from _text_problems(key, getattr(document, key), 100 * _NAME)
    yield from _text_problems("text", document.text, None)
    if not _is_date(document.date):
        yield f"date: found {shown(document.date)}, allowed are 2026-11-29, 2026-11, 2026 or nothing"
    if len(document.fields) > _COLUMNS:
        yield f"fields: found {len(document.fields):,}, allowed are {_COLUMNS:,} at most"
    for name, value in document.fields.items():
        yield from _text_problems(f"fields {shown(name)}", name + value, None)
    end = 0
    for number, sentence in enumerate(document.sentences):
        span = sentence.span
        if not end <= span.start < span.end <= len(document.text):
            yield (
                f"sentences[{number}].span: found {list(span)}, allowed are ranges in order within the text's"
                f" {len(document.text):,} characters"
            )
            return
        end = span.end


def _evidence_problems(
    evidence: Evidence, documents: Mapping[str, ReadDocument], known: set[str], names: Sequence[str]
) -> Iterator[str]:
    yield from _name_problems(evidence.source, evidence.target, known, names)
    document = documents.get(evidence.document)
    if document is None:
        yield f"document: found {shown(evidence.document)}, allowed are the ids of `documents`"
    elif not 0 <= evidence.sentence < len(document.sentences):
        yield f"sentence: found {evidence.sentence}, the document has {len(document.sentences)} sentences, from 0"
    else:
        inside = document.sentences[evidence.sentence].span
        spans: dict[str, Span | None] = {"source_span": evidence.source_span, "target_span": evidence.target_span}
        for key, span in spans.items():
            if span is not None and not _within(span, inside):
                yield f"{key}: found {list(span)}, allowed are ranges within the sentence, {list(inside)}"
        if any(not _within(weight, inside) or not math.isfinite(weight.weight) for weight in evidence.weights):
            yield f"weights: found a range outside of the sentence, {list(inside)}, or a weight that is not finite"
    probabilities = (evidence.p_against, evidence.p_neutral, evidence.p_favor)
    if not all(map(is_share, probabilities)) or abs(sum(probabilities) - 1) > _ROUNDED:
        yield f"p_against, p_neutral, p_favor: found {list(probabilities)}, allowed are shares that sum to 1"
        return
    if abs(evidence.score - (evidence.p_favor - evidence.p_against)) > _ROUNDED:
        yield f"score: found {evidence.score}, allowed is p_favor - p_against"
    if abs(evidence.confidence - max(probabilities)) > _ROUNDED:
        yield f"confidence: found {evidence.confidence}, allowed is the largest of the three probabilities"


def _within(span: Sequence[float], inside: Span) -> bool:
    return inside.start <= span[0] < span[1] <= inside.end


def _pair_problems(pair: PairStance, known: set[str], names: Sequence[str]) -> Iterator[str]:
    yield from _name_problems(pair.source, pair.target, known, names)
    counts = list(pair.counts().values())
    if min(*counts, pair.left_out) < 0 or sum(counts) != pair.sentences:
        yield f"sentences: found {pair.sentences}, allowed is the sum of favor, against and neutral ({sum(counts)})"
    for key in ("score", "low", "high"):
        value = getattr(pair, key)
        if value is not None and not -1 <= value <= 1:
            yield f"{key}: found {value}, allowed are numbers from -1 to 1"
    if pair.confidence is not None and not is_share(pair.confidence):
        yield f"confidence: found {pair.confidence}, allowed is a number from 0 to 1"
    if (pair.low is None) != (pair.high is None) or (
        pair.low is not None and pair.high is not None and pair.low > pair.high
    ):
        yield f"low and high: found {pair.low} and {pair.high}, allowed are two ends in order, or neither"
    if pair.sentences and (pair.score is None or pair.confidence is None):
        yield f"score and confidence: are missing, though {pair.sentences} sentences were counted"
    if (pair.first_stance is None) != (pair.last_stance is None):
        yield (
            f"first_stance and last_stance: found {shown(pair.first_stance)} and {shown(pair.last_stance)}, allowed are"
            " two stances, or neither"
        )


def _name_problems(source: str, target: str, known: set[str], names: Sequence[str]) -> Iterator[str]:
    for key, name in (("source", source), ("target", target)):
        if name not in known or (key == "target" and not name):
            yield f"{key}: found {shown(name)}, allowed are names of `entries`.{did_you_mean(name[:_NAME], names)}"


def _text_problems(where: str, text: str, most: int | None) -> Iterator[str]:
    if "\0" in text:
        yield f"{where}: holds a NUL character, which neither CSV nor HTML can"
    if not is_unicode(text):
        yield f"{where}: holds half of a character (a lone surrogate)"
    if most is not None and len(text) > most:
        yield f"{where}: found {len(text):,} characters, allowed are {most:,} at most"


def _is_date(text: str) -> bool:
    match = _DATE.fullmatch(text)
    if match is None:
        return text == ""
    try:
        date(*(int(part or 1) for part in match.groups()))
    except ValueError:
        return False
    return True
