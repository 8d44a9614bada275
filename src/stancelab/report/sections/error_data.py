"""The errors of all systems as one block of data, from which the page's script fills its tables.

Systems make many of the same errors, and a text has several rows: as markup each error takes a kilobyte. Here a text
and a row of a test file stand once, and an error of a system is the place of a row, an answer and a confidence.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from stancelab.pages.formatting import percent
from stancelab.report.system_view import NO_ANSWER
from stancelab.schema import STANCE_ID, STANCES, TARGET

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from stancelab.pages.highlight import Piece
    from stancelab.report.sections.errors import ErrorRow

#: What a system may have answered.
_ANSWERS: Final = (*STANCES, NO_ANSWER)


def list_name(file: int, system: int) -> str:
    """Return the name of a system's list of errors: its places among the files and among the systems of a file."""
    return f"{file}-{system}"


def error_data(errors: Mapping[str, Sequence[ErrorRow]]) -> str:
    """Return errors, by `list_name`, as JSON that may stand in a `<script>` element.

    Its keys are `stances`, the answers that there are; `names`, the different texts, sources, targets and documents;
    `rows`, the different rows as [text, spans, source, target, gold, id, document], with places in `names` and
    `stances` and spans as [start, end, 1 for the target and 0 for the source]; and `lists`, by `list_name` the errors
    as [row, predicted, confidence in percent].
    """
    names: dict[str, int] = {"": 0}
    rows: dict[str, int] = {}
    lists = {name: [_error(each, names, rows) for each in own] for name, own in errors.items()}
    content = {
        "stances": list(_ANSWERS),
        "names": list(names),
        "rows": [json.loads(row) for row in rows],
        "lists": lists,
    }
    # As text of a script element nothing is escaped: "<" would open a tag, or end the element.
    return _compact(content).replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _error(error: ErrorRow, names: dict[str, int], rows: dict[str, int]) -> list[Any]:
    def place(name: str) -> int:
        return names.setdefault(name, len(names))

    text = "".join(piece.text for piece in error.pieces)
    row = [
        place(text), _spans(error.pieces), place(error.source), place(error.target), STANCE_ID[error.gold], error.id,
        place(error.document),
    ]  # fmt: skip
    confidence = None if error.confidence is None else float(percent(error.confidence))
    return [rows.setdefault(_compact(row), len(rows)), _ANSWERS.index(error.predicted), confidence]


def _spans(pieces: Sequence[Piece]) -> list[list[int]]:
    found, start = [], 0
    for piece in pieces:
        end = start + len(piece.text)
        if piece.kind:
            found.append([start, end, int(piece.kind == TARGET)])
        start = end
    return found


def _compact(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))
