"""Edits of a text that keep the spans of source and target where their mentions are."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from stancelab.schema import Example, Span

if TYPE_CHECKING:
    from collections.abc import Sequence

#: What a perturbation returns: the changed examples in the order of the given ones, None where it does not apply.
Perturbed = list[Example | None]


@dataclass(frozen=True, slots=True)
class Edit:
    """Characters of a text that are replaced."""

    start: int
    end: int
    words: str


def edited(example: Example, edits: Sequence[Edit]) -> Example | None:
    """Return an example with parts of its text replaced and its spans moved along; None where nothing was changed.

    Args:
        example: The example.
        edits: Parts that do not overlap one another; those that touch a mention of source or target are left out.
    """
    ordered = sorted(edits, key=lambda edit: edit.start)
    kept = [edit for edit in ordered if not touches_mention(example, edit.start, edit.end)]
    if not kept:
        return None
    pieces, last = [], 0
    for edit in kept:
        pieces += [example.text[last : edit.start], edit.words]
        last = edit.end
    text = "".join([*pieces, example.text[last:]])
    if text == example.text:
        return None
    return replace(
        example,
        text=text,
        target_span=moved(example.mention("target"), kept),
        source_span=moved(example.mention("source"), kept),
    )


def touches_mention(example: Example, start: int, end: int) -> bool:
    """Return whether characters of the text are in a mention of source or target."""
    spans = (example.mention("target"), example.mention("source"))
    return any(span is not None and start < span.end and span.start < end for span in spans)


def moved(span: Span | None, edits: Sequence[Edit]) -> Span | None:
    """Return where a span is after edits: those before it move it, those within it change its end."""
    if span is None:
        return None
    start = span.start + sum(_growth(edit) for edit in edits if edit.end <= span.start)
    end = span.end + sum(_growth(edit) for edit in edits if edit.end <= span.end)
    return Span(start, end)


def _growth(edit: Edit) -> int:
    return len(edit.words) - (edit.end - edit.start)
