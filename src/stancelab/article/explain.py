"""Which words spoke for an answer: the sentence is asked again without each of them.

The weight of a word is the probability of the answer with it minus that without it (erasure; Li, Monroe and Jurafsky,
"Understanding Neural Networks through Representation Erasure", 2016). Words of the source and of the target stay.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from stancelab.article.pairs.examples import question_of
from stancelab.article.results import TokenWeight
from stancelab.schema import NEUTRAL, STANCES, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from stancelab.article.results import Evidence, ReadDocument
    from stancelab.article.settings import ReadSettings
    from stancelab.schema import Example

    Answer = Callable[[Sequence[Example]], NDArray[np.float64]]

_WORD: Final = re.compile(r"\w+(?:['’\-]\w+)*")
#: Words of a sentence that are left out one by one; a longer one is no sentence of prose.
_MOST_WORDS: Final = 80
#: Sentences whose words are asked together.
AT_ONCE: Final = 16


def explained(
    documents: Sequence[ReadDocument], evidence: Sequence[Evidence], answer: Answer, settings: ReadSettings
) -> dict[int, list[TokenWeight]]:
    """Return the place of an answer -> the weights of the words of its sentence, for the answers that are chosen."""
    found: dict[int, list[TokenWeight]] = {}
    for batch in weights_of(chosen(evidence, settings.explain_most), documents, evidence, answer):
        found |= batch
    return found


def chosen(evidence: Sequence[Evidence], most: int) -> list[int]:
    """Return the places of the answers that are explained: those with a stance first, the most confident ones first."""
    places = range(len(evidence))
    ranked = sorted(places, key=lambda place: (evidence[place].stance == NEUTRAL, -evidence[place].confidence, place))
    return ranked[:most]


def weights_of(
    places: Sequence[int], documents: Sequence[ReadDocument], evidence: Sequence[Evidence], answer: Answer
) -> Iterator[dict[int, list[TokenWeight]]]:
    """Yield the weights of the words of some answers, `AT_ONCE` of them at a time.

    Args:
        places: The places of the answers.
        documents: All documents.
        evidence: All answers.
        answer: Gives probabilities, shape (examples, 3).
    """
    by_id = {document.id: document for document in documents}
    for start in range(0, len(places), AT_ONCE):
        batch = places[start : start + AT_ONCE]
        asked = [_without_words(by_id[evidence[place].document], evidence[place]) for place in batch]
        probabilities = answer([example for own in asked for example, _ in own])
        found, row = {}, 0
        for place, own in zip(batch, asked, strict=True):
            each = evidence[place]
            column = STANCES.index(each.stance)
            whole = (each.p_against, each.p_neutral, each.p_favor)[column]
            found[place] = [
                TokenWeight(span.start, span.end, whole - float(probabilities[row + number, column]))
                for number, (_, span) in enumerate(own)
            ]
            row += len(own)
        yield found


def _without_words(document: ReadDocument, evidence: Evidence) -> list[tuple[Example, Span]]:
    """Return the question without each of its words, with the place of the word in the document."""
    sentence = document.sentences[evidence.sentence].span
    whole = question_of(document.text, sentence, evidence.source_span, evidence.target_span)
    found: list[tuple[Example, Span]] = []
    for match in _WORD.finditer(whole.text):
        word = Span(*match.span())
        spans = (whole.target_span, whole.source_span)
        if any(span is not None and word.start < span.end and span.start < word.end for span in spans):
            continue
        if len(found) == _MOST_WORDS:
            break
        example = replace(_without(whole, word), id=f"{evidence.document}#{evidence.sentence}#{word.start}")
        found.append((example, Span(sentence.start + word.start, sentence.start + word.end)))
    return found


def _without(example: Example, word: Span) -> Example:
    """Return an example without a word and the blank behind it; spans after it move."""
    end = word.end + (example.text[word.end : word.end + 1] == " ")

    def moved(span: Span | None) -> Span | None:
        if span is None or span.start < word.end:
            return span
        return Span(span.start - (end - word.start), span.end - (end - word.start))

    return replace(
        example,
        text=example.text[: word.start] + example.text[end:],
        target_span=moved(example.target_span),
        source_span=moved(example.source_span),
    )
