"""Pairs of mentions that nobody labeled: what a teacher can answer of training texts and of unlabeled ones."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING, Final

from stancelab.schema import PARTS, SOURCE, TARGET, Example, Part, Span
from stancelab.training.soft_labels import key_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: Another way of making pairs has another cache.
PAIRS_VERSION: Final = 1


def every_pair(examples: Sequence[Example]) -> list[Example]:
    """Return the pairs of mentions that no row of their text has, as examples without stance.

    The sources and targets of a text's rows, and its author, are each paired with every source and target that they do
    not overlap.

    Args:
        examples: The rows; those of one text may lie anywhere.
    """
    found: list[Example] = []
    for rows in _by_text(examples):
        mentions = _mentions(rows)
        known = {key_of(row) for row in rows}
        found += (pair for pair in _pairs(rows[0], mentions, mentions) if key_of(pair) not in known)
    return [replace(pair, id=f"{pair.id}~{number}") for number, pair in enumerate(found)]


def unlabeled_pairs(rows: Sequence[Example]) -> list[Example]:
    """Return the pairs of texts without labels: each text's sources and its author with its sources and targets.

    What its rows name as targets alone is no source.

    Args:
        rows: The rows; those of one text may lie anywhere.
    """
    found: list[Example] = []
    for own in _by_text(rows):
        found += _pairs(own[0], _mentions(own, (SOURCE,)), _mentions(own))
    return [replace(pair, id=f"unlabeled~{number}") for number, pair in enumerate(found)]


def _by_text(rows: Sequence[Example]) -> list[list[Example]]:
    """Return the rows of each text, the texts in the order of their first rows."""
    by_text: dict[str, list[Example]] = {}
    for row in rows:
        by_text.setdefault(row.text, []).append(row)
    return list(by_text.values())


def _pairs(row: Example, sources: Sequence[tuple[str, Span]], targets: Sequence[tuple[str, Span]]) -> Iterator[Example]:
    """Yield each pair of a source, or the author, and a target that it does not overlap, as rows without stance."""
    for (source, source_span), (target, target_span) in product([("", None), *sources], targets):
        if source_span is None or not _overlap(source_span, target_span):
            yield replace(
                row,
                source=source,
                target=target,
                source_span=source_span,
                target_span=target_span,
                stance=None,
                extra={},
            )


def _mentions(rows: Sequence[Example], parts: Sequence[Part] = PARTS) -> list[tuple[str, Span]]:
    """Return the different mentions of a text, in the order of their places."""
    spans: dict[Span, str] = {}
    for row in rows:
        for part in parts:
            span = row.mention(part)
            if span is not None:
                spans.setdefault(span, row.target if part == TARGET else row.source)
    return [(words, span) for span, words in sorted(spans.items())]


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end
