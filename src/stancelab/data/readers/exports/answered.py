"""What every annotation tool's export comes down to: a text with its cells, the answers to questions, and spans."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Final

#: Keys under which tools keep what a person imported beside the text.
_NESTED: Final = ("meta", "metadata")


@dataclass(frozen=True)
class MarkedSpan:
    """A part of a text that was marked.

    Attributes:
        start: Its first character.
        end: The character after its last.
        label: What it was marked as.
        words: The words that the tool saw there, None where the export does not say.
    """

    start: int
    end: int
    label: str
    words: str | None = None


@dataclass
class Answered:
    """One annotator's answer to one task.

    Attributes:
        cells: What the task holds besides: the text, an id, a target.
        answers: Question -> answer.
        spans: What was marked in the text.
        problem: Why the answer cannot be one row's, "" where it can.
    """

    cells: dict[str, Any]
    answers: dict[str, Any] = field(default_factory=dict)
    spans: list[MarkedSpan] = field(default_factory=list)
    problem: str = ""


def flat_cells(item: dict[str, Any], nested: tuple[str, ...] = _NESTED) -> dict[str, Any]:
    """Return the plain values of an item, and those of the objects that it keeps under the names of `nested`."""
    cells = {key: value for key, value in item.items() if not isinstance(value, dict | list)}
    for name in nested:
        inner = item.get(name)
        if isinstance(inner, dict):
            for key, value in inner.items():
                if not isinstance(value, dict | list):
                    cells.setdefault(key, value)
    return cells


def set_answer(found: Answered, question: str, values: Any) -> None:
    """Note the answer to a question; a list of one is that one, several are a problem."""
    if not isinstance(values, list):
        if values not in (None, ""):
            found.answers[question] = values
        return
    different = list(dict.fromkeys(str(value) for value in values))
    if len(different) == 1:
        found.answers[question] = different[0]
    elif different:
        found.problem = f"{question!r} has several answers ({', '.join(different)}); a row has one stance"


def from_json_text(value: Any) -> Any:
    """Return the list or object that a cell of a CSV export holds as JSON, else the cell."""
    if isinstance(value, str) and value[:1] in ("[", "{"):
        try:
            return json.loads(value)
        except json.JSONDecodeError:
            return value
    return value
