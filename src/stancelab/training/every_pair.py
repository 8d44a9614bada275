"""Every other pair of mentions of a text: what a teacher can answer and nobody labeled."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING, Final

from stancelab.schema import PARTS, TARGET, Example, Span
from stancelab.training.soft_labels import key_of

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Another way of making pairs has another cache.
PAIRS_VERSION: Final = 1


def every_pair(examples: Sequence[Example]) -> list[Example]:
    """Return the pairs of mentions that no row of their text has, as examples without stance.

    The sources and targets of a text's rows, and its author, are each paired with every source and target that they do
    not overlap.

    Args:
        examples: The rows; those of one text may lie anywhere.
    """
    by_text: dict[str, list[Example]] = {}
    for example in examples:
        by_text.setdefault(example.text, []).append(example)
    found: list[Example] = []
    for rows in by_text.values():
        known = {key_of(row) for row in rows}
        mentions = _mentions(rows)
        for (source, source_span), (target, target_span) in product([("", None), *mentions], mentions):
            if source_span is not None and _overlap(source_span, target_span):
                continue
            pair = replace(
                rows[0],
                id=f"{rows[0].id}~{len(found)}",
                source=source,
                target=target,
                source_span=source_span,
                target_span=target_span,
                stance=None,
                extra={},
            )
            if key_of(pair) not in known:
                known.add(key_of(pair))
                found.append(pair)
    return found


def _mentions(rows: Sequence[Example]) -> list[tuple[str, Span]]:
    """Return the different mentions of a text, in the order of their places."""
    spans: dict[Span, str] = {}
    for row in rows:
        for part in PARTS:
            span = row.mention(part)
            if span is not None:
                spans.setdefault(span, row.target if part == TARGET else row.source)
    return [(words, span) for span, words in sorted(spans.items())]


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end
