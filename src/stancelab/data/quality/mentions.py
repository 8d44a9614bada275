"""What the audit says of mentions: targets and sources that texts do not mention, and spans that hold other words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stancelab.data.quality.findings import Audit, MarkedSpans
from stancelab.errors import count_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stancelab.data.quality.findings import SplitComposition
    from stancelab.offsets import OffsetVotes


def marked_spans(votes: Mapping[str, OffsetVotes]) -> dict[str, MarkedSpans]:
    """Return what the spans of each corpus mark; corpora without spans are left out."""
    return {
        name: MarkedSpans(marked=each.marked, named=each.named, other_words=each.other, examples=each.examples)
        for name, each in votes.items()
        if each.marked
    }


def mention_warnings(findings: Audit) -> list[str]:
    """Return a sentence for what the texts do not mention, and one for each corpus whose spans hold other words."""
    parts = findings.splits.values()
    lines = []
    absent = sum(part.targets_not_in_text or 0 for part in parts)
    if absent:
        rows = sum(part.rows for part in parts)
        lines.append(f"the target is not in the text: {absent:,} of {count_of(rows, 'row')}")
    absent = sum(part.sources_not_in_text or 0 for part in parts)
    if absent:
        rows = sum(part.rows_with_source or 0 for part in parts)
        lines.append(f"the source is not in the text: {absent:,} of {count_of(rows, 'row')} with one")
    return lines + span_sentences(findings.spans)


def span_sentences(spans: Mapping[str, MarkedSpans]) -> list[str]:
    """Return a sentence for each corpus whose spans hold other words than the target (or source)."""
    return [
        f"{name}: {each.other_words:,} of {count_of(each.named, 'span')} in texts that have the words of the target (or"
        " source), with other words, such as"
        f" {', '.join(f'{found!r} for {wanted!r}' for found, wanted in each.examples)}; "
        "pronouns and other names may be marked"
        for name, each in spans.items()
        if each.other_words
    ]


def not_in_text(splits: Mapping[str, SplitComposition]) -> list[tuple[str, str, str]]:
    """Return by split how many rows have a target, and how many a source, that the text does not mention."""
    return [
        (
            name,
            f"{part.targets_not_in_text:,} of {part.rows:,}",
            f"{part.sources_not_in_text:,} of {part.rows_with_source:,}",
        )
        for name, part in splits.items()
        if part.targets_not_in_text is not None
    ]
