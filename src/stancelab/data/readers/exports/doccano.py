"""doccano: JSON Lines and JSON of text classification and sequence labeling, also with relations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from stancelab.data.readers.exports.answered import Answered, MarkedSpan, flat_cells, set_answer

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME: Final = "doccano"
TAKEN: Final = "labeled"
_LABELS: Final = ("label", "labels", "cats", "entities")
_SPAN_PARTS: Final = 3


def is_export(item: dict[str, Any]) -> bool:
    """Tell whether a row is one of doccano's: a text with a list of labels, of spans or of annotations."""
    has_text = isinstance(item.get("text", item.get("data")), str)
    lists = [name for name in _LABELS if isinstance(item.get(name), list)]
    return has_text and (bool(lists) or _has_annotations(item))


def answers(item: dict[str, Any]) -> Iterator[Answered | str]:
    """Yield the rows that a line holds: one, or one for each user, where it says who gave which label."""
    cells = flat_cells(item)
    if "text" not in cells and isinstance(item.get("data"), str):
        cells["text"] = cells.pop("data")
    if "doc_id" in cells:
        cells.setdefault("id", cells["doc_id"])
    if cells.get("username"):
        cells.setdefault("annotator", cells["username"])
    if _has_annotations(item):
        yield from _by_user(item, cells)
        return
    found = Answered({key: value for key, value in cells.items() if key not in _LABELS})
    for name in _LABELS:
        values = item.get(name)
        if isinstance(values, list):
            plain = [value for value in values if not _is_span(value)]
            found.spans += [_span(value) for value in values if _is_span(value)]
            set_answer(found, "label", plain)
        elif name == "label":
            set_answer(found, "label", values)
    yield found if found.answers or found.spans or found.problem else "without a label"


def _by_user(item: dict[str, Any], cells: dict[str, Any]) -> Iterator[Answered | str]:
    users: dict[Any, Answered] = {}
    labels: dict[Any, list[Any]] = {}
    for each in item["annotations"]:
        user = each.get("user")
        found = users.setdefault(user, Answered(dict(cells)))
        if user is not None:
            found.cells.setdefault("annotator", user)
        if _is_span(each):
            found.spans.append(_span(each))
        else:
            labels.setdefault(user, []).append(each.get("label"))
    for user, values in labels.items():
        set_answer(users[user], "label", values)
    yield from users.values()
    if not users:
        yield "without a label"


def _has_annotations(item: dict[str, Any]) -> bool:
    given = item.get("annotations")
    return isinstance(given, list) and "result" not in (given[0] if given and isinstance(given[0], dict) else {})


def _is_span(value: Any) -> bool:
    if isinstance(value, dict):
        return "start_offset" in value and "end_offset" in value
    return isinstance(value, list) and len(value) >= _SPAN_PARTS and all(isinstance(end, int) for end in value[:2])


def _span(value: Any) -> MarkedSpan:
    if isinstance(value, dict):
        return MarkedSpan(value["start_offset"], value["end_offset"], str(value.get("label") or ""))
    return MarkedSpan(value[0], value[1], str(value[2]))
