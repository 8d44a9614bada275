"""The part of a long text that the encoder reads: the tokens around the mentions, not those at the beginning.

What decides a stance stands mostly near source and target. Of a text that is longer than the input, the stretch is kept
that fits and has the mentions in its middle; if they are too far apart for one, the one around the target.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from stancelab.encoding.settings import MARKERS
from stancelab.schema import PARTS, SOURCE, TARGET, Example, Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from transformers import PreTrainedTokenizerBase

    from stancelab.encoding.settings import InputSettings
    from stancelab.schema import Part

#: Tokens that are kept free, since a stretch of a text may be cut into more tokens than it was in the text.
_SPARE: Final = 2
#: A stretch begins with a word where one begins within so many tokens.
_WORD_TOKENS: Final = 6


class View(NamedTuple):
    """An example as the encoder reads it.

    Attributes:
        example: The example; where its text is longer than the input, with the stretch around its mentions.
        shortened: The parts of whose mention the stretch has some characters, but not all.
    """

    example: Example
    shortened: frozenset[Part] = frozenset()


def in_view(
    examples: Sequence[Example],
    seconds: Sequence[str],
    tokenizer: PreTrainedTokenizerBase,
    settings: InputSettings,
    *,
    split_special_tokens: bool,
) -> list[View]:
    """Return examples with texts that fit the input: those that do not are cut around their mentions.

    An example whose text fits, or that mentions neither source nor target, is returned as it is. Spans of the others
    are set to where the mentions stand in what is left.

    Args:
        examples: The examples.
        seconds: Their second segments, "" where there is none.
        tokenizer: The encoder's tokenizer.
        settings: How an example becomes the input.
        split_special_tokens: Whether special tokens in the text are read as their letters.
    """
    texts = _offsets([example.text for example in examples], tokenizer, split_special_tokens=split_special_tokens)
    names = _offsets(seconds, tokenizer, split_special_tokens=split_special_tokens)
    shown = []
    for example, tokens, second in zip(examples, texts, names, strict=True):
        room = settings.max_length - tokenizer.num_special_tokens_to_add(pair=bool(second))
        room -= min(len(second), settings.max_length // 2)
        spans = {part: span for part in PARTS if part not in settings.hide and (span := example.mention(part))}
        room -= sum(len(MARKERS[part]) for part in spans if settings.shows_mark(part))
        shown.append(View(example) if len(tokens) <= room else _around(example, spans, tokens, room - _SPARE))
    return shown


def _offsets(
    texts: Sequence[str], tokenizer: PreTrainedTokenizerBase, *, split_special_tokens: bool
) -> list[list[tuple[int, int]]]:
    """Return where the tokens of each text begin and end; a slow tokenizer's are told from single words."""
    if not texts:
        return []
    if not tokenizer.is_fast:
        return [
            [match.span() for match in re.finditer(r"\S+", text) for _ in tokenizer.tokenize(match[0])]
            for text in texts
        ]
    encoded: Any = tokenizer(
        list(texts),
        add_special_tokens=False,
        return_offsets_mapping=True,
        split_special_tokens=split_special_tokens,
        verbose=False,
    )
    offsets: list[list[tuple[int, int]]] = encoded["offset_mapping"]
    return offsets


def _around(example: Example, spans: dict[Part, Span], tokens: Sequence[tuple[int, int]], room: int) -> View:
    """Return an example with the stretch of its text that has its mentions in the middle."""
    inside = {part: found for part, span in spans.items() if (found := _tokens_of(span, tokens))}
    if not inside or room < 1:
        return View(example)
    first, last = min(start for start, _ in inside.values()), max(end for _, end in inside.values())
    if last - first > room:
        first, last = inside.get(TARGET) or inside[SOURCE]
    start = max(min(first - (room - (last - first)) // 2, len(tokens) - room), 0)
    for place in range(start, min(start + _WORD_TOKENS, first + 1)):
        if place == 0 or example.text[tokens[place][0] - 1 : tokens[place][0]].isspace():
            start = place
            break
    left, right = tokens[start][0], tokens[min(start + room, len(tokens)) - 1][1]
    if start == 0:
        left = 0
    moved = {part: Span(span.start - left, min(span.end, right) - left) for part, span in spans.items()}
    source, target = (span if (span := moved.get(part)) and 0 <= span.start < span.end else None for part in PARTS)
    shortened = frozenset(
        part for part, span in spans.items() if span.start < left < span.end or span.start < right < span.end
    )
    return View(replace(example, text=example.text[left:right], source_span=source, target_span=target), shortened)


def _tokens_of(span: Span, tokens: Sequence[tuple[int, int]]) -> tuple[int, int] | None:
    inside = [
        place for place, (start, end) in enumerate(tokens) if start < span.end and end > span.start and end > start
    ]
    return (inside[0], inside[-1] + 1) if inside else None
