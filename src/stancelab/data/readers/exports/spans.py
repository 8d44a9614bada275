"""Spans of an annotation tool as a row's target and source, or as targets that were marked with their stance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from stancelab.data.readers.exports.answered import MarkedSpan

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable

    from stancelab.data.readers.exports.answered import Answered

_PARTS: Final = ("target", "source")


def flat_rows(
    found: Answered, is_stance: Callable[[str], bool], other_marks: Counter[str]
) -> list[dict[str, Any]] | str:
    """Return the rows of an answer, or why it cannot be used.

    Spans called target or source are those of the row. Where no question was answered, each span that is called as a
    stance gives a row of its own, whose target it is.

    Args:
        found: The answer.
        is_stance: Tells whether a label is one of `data.labels`.
        other_marks: Counts the labels of other spans.
    """
    if found.problem:
        return found.problem
    text = str(found.cells.get("text") or "")
    spans = [_in_characters(text, span) for span in found.spans]
    wrong = next((span for span in spans if isinstance(span, str)), None)
    if wrong is not None:
        return wrong
    row = found.cells | found.answers
    marked: dict[str, list[MarkedSpan]] = {}
    for span in spans:
        assert isinstance(span, MarkedSpan)
        marked.setdefault(span.label.strip().lower(), []).append(span)
    for part in _PARTS:
        problem = _set_part(row, part, text, marked.pop(part, []))
        if problem:
            return problem
    stances = [label for label in marked if is_stance(label)] if not found.answers else []
    other_marks.update({label: len(each) for label, each in marked.items() if label not in stances})
    if not stances:
        return [row]
    return [_of_target(row, text, span) for label in stances for span in marked[label]]


def _of_target(row: dict[str, Any], text: str, span: MarkedSpan) -> dict[str, Any]:
    words = text[span.start : span.end]
    return row | {"target": words, "target_start": span.start, "target_end": span.end, "stance": span.label}


def _set_part(row: dict[str, Any], part: str, text: str, spans: list[MarkedSpan]) -> str:
    if not spans:
        return ""
    words = {text[span.start : span.end] for span in spans}
    if len(words) > 1:
        return f"{len(spans)} spans are called {part} ({', '.join(sorted(words))}); a row has one"
    first = min(spans, key=lambda span: span.start)
    if not str(row.get(part) or "").strip():
        row[part] = text[first.start : first.end]
    row |= {f"{part}_start": first.start, f"{part}_end": first.end}
    return ""


def _in_characters(text: str, span: MarkedSpan) -> MarkedSpan | str:
    """Return a span in characters: JavaScript counts UTF-16 units, which the words that the tool saw tell."""
    if not all(isinstance(end, int) and not isinstance(end, bool) for end in (span.start, span.end)):
        return f"the span {span.start!r}, {span.end!r} is not in characters; is the text HTML?"
    for start, end in ((span.start, span.end), (_from_utf16(text, span.start), _from_utf16(text, span.end))):
        if 0 <= start < end <= len(text) and span.words in (None, text[start:end]):
            return MarkedSpan(start, end, span.label, span.words)
    found = text[span.start : span.end]
    seen = "" if span.words is None else f", where the tool saw {span.words!r}"
    return f"the span {span.start}:{span.end} is {found!r} in the text of {len(text)} characters{seen}"


def _from_utf16(text: str, units: int) -> int:
    encoded = text.encode("utf-16-le", errors="surrogatepass")
    return len(encoded[: 2 * max(units, 0)].decode("utf-16-le", errors="replace"))
