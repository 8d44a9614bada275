"""Argilla: records of versions 2.x (nested and flat), feedback datasets and text classification of 1.x."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from stancelab.data.readers.exports.answered import Answered, MarkedSpan, flat_cells, set_answer

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME: Final = "argilla"
TAKEN: Final = "submitted"
_ENDING: Final = ".responses"
#: A user's answers: question -> (value, status).
_ByUser = dict[str, dict[str, tuple[Any, str]]]


def is_export(item: dict[str, Any]) -> bool:
    """Tell whether a row is one of Argilla's, of any layout."""
    nested = isinstance(item.get("fields"), dict) and ("responses" in item or "suggestions" in item)
    return nested or any(key.endswith(_ENDING) for key in item) or _is_old(item) or bool(_old_questions(item))


def answers(item: dict[str, Any]) -> Iterator[Answered | str]:
    """Yield the rows of a record, one for each user's response, or why one is left out."""
    if _is_old(item):
        yield _old(item)
        return
    cells = flat_cells(item, ("fields", "metadata"))
    cells = {key: value for key, value in cells.items() if ".suggestion" not in key and _ENDING not in key}
    by_user = _by_user(item)
    if not by_user:
        yield "without a response"
    for user, answered in by_user.items():
        unfinished = next((status for _, status in answered.values() if status not in ("", "submitted")), None)
        if unfinished is not None:
            yield unfinished
            continue
        found = Answered(cells | ({"annotator": user} if user else {}))
        for question, (value, _) in answered.items():
            if isinstance(value, list) and value and all(isinstance(each, dict) and "start" in each for each in value):
                found.spans += [MarkedSpan(each["start"], each["end"], str(each.get("label") or "")) for each in value]
            else:
                set_answer(found, question, value)
        yield found if found.answers or found.spans or found.problem else "without an answer"


def _by_user(item: dict[str, Any]) -> _ByUser:
    found: _ByUser = {}
    responses = item.get("responses")
    if isinstance(responses, list):  # 1.x: one object for each user
        for number, each in enumerate(responses):
            status = str(each.get("status") or "")
            user = str(each.get("user_id") or number)
            for question, value in (each.get("values") or {"": {"value": None}}).items():
                found.setdefault(user, {})[question] = (value.get("value"), status)
    elif isinstance(responses, dict):  # 2.x: one list for each question
        for question, given in responses.items():
            _note(found, question, given)
    for question, given in _old_questions(item).items():
        _note(found, question, given)
    for key in item:
        if key.endswith(_ENDING) and isinstance(item[key], list):
            users, states = (item.get(f"{key}.{part}") or [] for part in ("users", "status"))
            for number, value in enumerate(item[key]):
                user = str(users[number]) if number < len(users) else str(number)
                status = str(states[number]) if number < len(states) else ""
                found.setdefault(user, {})[key.removesuffix(_ENDING)] = (value, status)
    return found


def _note(found: _ByUser, question: str, given: Any) -> None:
    for number, each in enumerate(given or []):
        user = str(each.get("user_id") or number)
        found.setdefault(user, {})[question] = (each.get("value"), str(each.get("status") or ""))


def _old_questions(item: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Return the questions of a feedback dataset as the hub holds it: lists of {user_id, value, status}."""
    return {
        key: value
        for key, value in item.items()
        if isinstance(value, list)
        and value
        and all(isinstance(each, dict) and {"user_id", "value", "status"} <= each.keys() for each in value)
    }


def _is_old(item: dict[str, Any]) -> bool:
    """Tell whether a row is a record of text classification or of token classification of version 1.x."""
    return "annotation" in item and "annotation_agent" in item and "status" in item


def _old(item: dict[str, Any]) -> Answered | str:
    if item.get("status") == "Discarded":
        return "discarded"
    if item.get("annotation") in (None, "", []):
        return "without an annotation"
    cells = flat_cells(item, ("inputs", "metadata"))
    cells = {key: value for key, value in cells.items() if key not in ("annotation", "prediction")}
    if item.get("annotation_agent"):
        cells.setdefault("annotator", item["annotation_agent"])
    found = Answered(cells)
    given = item["annotation"]
    if isinstance(given, list) and all(isinstance(each, list | dict) for each in given):
        found.spans += [
            MarkedSpan(each["start"], each["end"], str(each["label"]))
            if isinstance(each, dict)
            else MarkedSpan(each[1], each[2], str(each[0]))
            for each in given
        ]
    else:
        set_answer(found, "annotation", given)
    return found
