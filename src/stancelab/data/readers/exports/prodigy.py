"""Prodigy: JSON Lines as `prodigy db-out` writes them; one line is one annotator's decision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from stancelab.data.readers.exports.answered import Answered, MarkedSpan, flat_cells, from_json_text, set_answer

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME: Final = "prodigy"
TAKEN: Final = "accepted"
_LEFT_OUT: Final = {"reject": "rejected", "ignore": "ignored"}


def is_export(item: dict[str, Any]) -> bool:
    """Tell whether a row is one of Prodigy's: it has an answer, or the hashes of a task."""
    return item.get("answer") in ("accept", *_LEFT_OUT) or ("_input_hash" in item and "_task_hash" in item)


def answers(item: dict[str, Any]) -> Iterator[Answered | str]:
    """Yield the row that a line holds, or why it is left out."""
    answer = item.get("answer")
    if answer in _LEFT_OUT:
        yield _LEFT_OUT[answer]
        return
    if answer != "accept":
        yield "without an answer" if answer in (None, "") else f"answered {answer!r}"
        return
    found = Answered(flat_cells({key: value for key, value in item.items() if key not in ("answer", "label")}))
    annotator = item.get("_annotator_id") or item.get("_session_id")
    if annotator is not None:
        found.cells.setdefault("annotator", annotator)
    accepted = from_json_text(item.get("accept"))
    set_answer(found, "label", accepted if isinstance(accepted, list) else item.get("label"))
    spans = from_json_text(item.get("spans"))
    for span in spans if isinstance(spans, list) else []:
        if isinstance(span, dict) and "start" in span and "end" in span:
            found.spans.append(MarkedSpan(span["start"], span["end"], str(span.get("label") or ""), span.get("text")))
    yield found
