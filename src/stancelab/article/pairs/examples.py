"""A pair as the example that a classifier answers."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from stancelab.schema import Example, Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stancelab.article.types import Document, Pair, Sentence

#: Line breaks and tabs, each of which becomes one space, so that offsets stay right.
_BREAK: Final = re.compile(r"[\t\n\v\f\r\x1c-\x1f\x85\u2028\u2029]")


def example_of(document: Document, sentence: Sentence, pair: Pair) -> Example:
    """Return the question of a pair as an example.

    Source and target are the words that stand in the sentence, with their places, as in the corpora that classifiers
    are trained on: "she" and "the ministry" are sources there. Where no word of a quoted sentence stands for its
    speaker, the source is the author of the text, which is that sentence: a source whose name is not in the text has
    no stance by the labeling rules, so that the entry's name would be answered with "neutral".

    Args:
        document: The article.
        sentence: The sentence of the pair.
        pair: The pair.

    Returns:
        An example whose spans count the characters of the sentence. Its id is unique within the document, but for
        several voices of one source in a sentence.
    """
    question = question_of(document.text, sentence.span, pair.source_span, pair.target_span)
    return replace(question, id=f"{document.id}#{sentence.number}#{pair.source}#{pair.target}", document=document.id)


def examples_of(document: Document, sentences: Sequence[Sentence], pairs: Sequence[Pair]) -> list[Example]:
    """Return the questions of an article's pairs, each with an id of its own.

    A second voice of one source in a sentence has "#2" behind its id.

    Args:
        document: The article.
        sentences: All its sentences.
        pairs: Its pairs.
    """
    seen: Counter[str] = Counter()
    found = []
    for pair in pairs:
        example = example_of(document, sentences[pair.sentence], pair)
        seen[example.id] += 1
        number = seen[example.id]
        found.append(example if number == 1 else replace(example, id=f"{example.id}#{number}"))
    return found


def question_of(article: str, sentence: Span, source_span: Span | None, target_span: Span) -> Example:
    """Return what `example_of` asks, without an id: the same sentence with the same mentions is the same question.

    Args:
        article: The text of the article.
        sentence: Where the sentence stands in it.
        source_span: Where the words of the source stand in it, None where no words do.
        target_span: Where those of the target stand.
    """
    text = _BREAK.sub(" ", article[slice(*sentence)])
    target = _inside(sentence, target_span)
    source = None if source_span is None else _inside(sentence, source_span)
    return Example(
        id="",
        text=text,
        source="" if source is None else _words(text, source),
        target=_words(text, target),
        source_span=source,
        target_span=target,
    )


def _inside(sentence: Span, span: Span) -> Span:
    return Span(span.start - sentence.start, span.end - sentence.start)


def _words(text: str, span: Span) -> str:
    return " ".join(text[span.start : span.end].split())
