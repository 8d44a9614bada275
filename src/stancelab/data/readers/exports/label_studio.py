"""Label Studio: the exports JSON, JSON-MIN and CSV; a row is one annotation of a task."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from stancelab.data.readers.exports.answered import Answered, MarkedSpan, flat_cells, from_json_text, set_answer

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME: Final = "label_studio"
TAKEN: Final = "annotated"
#: Where a task's annotations stand; versions before 1.0 called them completions.
_KEYS: Final = ("annotations", "completions")


def is_export(item: dict[str, Any]) -> bool:
    """Tell whether a row is one of Label Studio's: a task with annotations, or a row of JSON-MIN."""
    if isinstance(item.get("data"), dict) and any(isinstance(item.get(key), list) for key in _KEYS):
        return True
    return "annotation_id" in item and ("lead_time" in item or "annotator" in item)


def answers(item: dict[str, Any]) -> Iterator[Answered | str]:
    """Yield the rows of a task, one for each annotation, or why one is left out."""
    if not isinstance(item.get("data"), dict):
        yield _of_min(item)
        return
    given: list[Any] = next((item[key] for key in _KEYS if isinstance(item.get(key), list)), [])
    if not given:
        yield "without an annotation"
    for annotation in given:
        if annotation.get("was_cancelled") or annotation.get("skipped"):
            yield "skipped"
            continue
        cells = flat_cells(item["data"], ("meta", "metadata")) | {"id": item.get("id")}
        annotator = _annotator(annotation.get("completed_by"))
        if annotator:
            cells["annotator"] = annotator
        found = Answered(cells)
        for part in annotation.get("result") or []:
            _note(found, part)
        yield found if found.answers or found.spans or found.problem else "without an answer"


def _note(found: Answered, part: dict[str, Any]) -> None:
    value, kind = part.get("value") or {}, str(part.get("type"))
    if "start" in value and "end" in value:
        labels = value.get(kind) or value.get("labels") or [""]
        found.spans += [MarkedSpan(value["start"], value["end"], str(label), value.get("text")) for label in labels]
    else:
        name = str(part.get("from_name"))
        if name in found.answers and kind == "choices":
            set_answer(found, name, [found.answers[name], *value.get("choices", [])])
        elif kind in ("choices", "rating", "number", "text", "textarea"):
            set_answer(found, name, value.get(kind, value.get("text")))


def _of_min(item: dict[str, Any]) -> Answered | str:
    cells = {key: value for key, value in item.items() if not isinstance(value, dict | list)}
    found = Answered(cells)
    for key, raw in item.items():
        value = from_json_text(raw)
        if isinstance(value, dict) and "choices" in value:
            set_answer(found, key, value["choices"])
            cells.pop(key, None)
        elif isinstance(value, list) and value and all(isinstance(each, dict) and "start" in each for each in value):
            cells.pop(key, None)
            found.spans += [
                MarkedSpan(each["start"], each["end"], str(label), each.get("text"))
                for each in value
                for label in each.get("labels") or [""]
            ]
    return found


def _annotator(given: Any) -> str:
    if isinstance(given, dict):
        given = given.get("email") or given.get("id")
    return "" if given is None else str(given)
