"""An annotation tool's export as a table: which tool's it is, its rows, and how many are left out for which reason."""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from stancelab.data.labels import LabelMap
from stancelab.data.readers.exports import argilla, doccano, label_studio, prodigy
from stancelab.data.readers.exports.spans import flat_rows
from stancelab.errors import DataError, RowProblem, count_of
from stancelab.tables.batches import RowBatch
from stancelab.tables.cells import cell_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from types import ModuleType

    from stancelab.data.readers.exports.answered import Answered
    from stancelab.data.settings import CorpusSettings

logger = logging.getLogger(__name__)

#: The first tool that knows a row is taken.
TOOLS: Final[dict[str, ModuleType]] = {tool.NAME: tool for tool in (prodigy, label_studio, argilla, doccano)}


@dataclass
class Export:
    """The rows of an export.

    Attributes:
        columns: All columns that a row has.
        rows: The rows that have an answer, and those that cannot be used.
        left_out: Why others are left out -> how many.
    """

    columns: list[str]
    rows: RowBatch
    left_out: Counter[str]


@dataclass
class _Read:
    rows: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    questions: dict[str, None] = field(default_factory=dict)
    other_marks: Counter[str] = field(default_factory=Counter)


def tool_of(settings: CorpusSettings, first: Sequence[dict[str, Any]]) -> ModuleType | None:
    """Return the tool that wrote a table, None for a plain table.

    Args:
        settings: `format` names the tool, or leaves it to be found by the rows' keys.
        first: The first rows. A tool is found where they are its own.
    """
    if settings.format in TOOLS:
        return TOOLS[settings.format]
    if settings.format != "auto" or not first:
        return None
    named = {*settings.columns.named().values(), *settings.extra}
    shown = [{key: value for key, value in row.items() if key not in named or _is_nested(value)} for row in first]
    return next((tool for tool in TOOLS.values() if _is_of(tool, shown)), None)


def _is_of(tool: ModuleType, rows: Sequence[dict[str, Any]]) -> bool:
    """Tell whether rows are a tool's: all of them, or half where tasks without an answer may lack what tells it."""
    own: int = sum(tool.is_export(row) for row in rows)
    return own == len(rows) if tool is prodigy else 2 * own >= len(rows)


def read_export(tool: ModuleType, file: str, batches: Iterable[RowBatch], settings: CorpusSettings) -> Export:
    """Read an export as a whole; what is read and left out is logged.

    Args:
        tool: The tool.
        file: The file, for messages.
        batches: The file's rows.
        settings: What the columns and labels are called.

    Raises:
        DataError: Several questions were answered, and none is named as the stance.
    """
    read, size = _Read(), 0
    is_stance = LabelMap(settings.labels).stance
    for batch in batches:
        size = batch.bytes_read
        read.problems += batch.problems
        for number, item in batch.rows:
            for found in tool.answers(item):
                if isinstance(found, str):
                    read.left_out[found] += 1
                else:
                    _add(read, file, number, found, lambda label: is_stance(label) is not None)
    _name_stance(read, file, settings)
    _give_ids(read, settings.columns.id or "id")
    _say(read, file, tool)
    rows = [(number, {key: cell_text(cell) for key, cell in row.items()}) for number, row in read.rows]
    columns = list(dict.fromkeys(name for _, row in rows for name in row))
    return Export(columns, RowBatch(rows, read.problems, size), read.left_out)


def _add(read: _Read, file: str, number: int, found: Answered, is_stance: Any) -> None:
    rows = flat_rows(found, is_stance, read.other_marks)
    if isinstance(rows, str):
        read.problems.append(RowProblem(file, number, "", "", rows))
        return
    read.questions.update(dict.fromkeys(found.answers))
    read.rows += [(number, row) for row in rows]


def _name_stance(read: _Read, file: str, settings: CorpusSettings) -> None:
    """Give rows the column of the stance, where it goes by the name of the only question."""
    named = settings.columns.stance
    questions = list(read.questions)
    if named is None and "stance" not in questions and questions:
        if len(questions) > 1:
            raise DataError(
                f"{file}: {len(questions)} questions were answered ({', '.join(map(repr, questions))}); say which is"
                f" the stance, as in data.columns.stance={questions[0]}"
            )
        for _, row in read.rows:
            if questions[0] in row:
                row["stance"] = row[questions[0]]
    column = named or "stance"
    answered = [(number, row) for number, row in read.rows if column in row]
    # Where no row has it, the error about the missing column says more than rows without an answer.
    if answered:
        missing = len(read.rows) - len(answered)
        read.left_out.update({"without an answer": missing} if missing else {})
        read.rows = answered


def _give_ids(read: _Read, column: str) -> None:
    """Make ids differ where one task has several rows: those of several annotators, or of several spans."""
    ids = [str(row.get(column) or "") for _, row in read.rows]
    often, used = Counter(ids), set[str]()
    for key, (_, row) in zip(ids, read.rows, strict=True):
        if not key:
            continue
        own = key if often[key] == 1 else f"{key}-{row.get('annotator') or 1}"
        unique, again = own, 1
        while unique in used:
            again += 1
            unique = f"{own}-{again}"
        used.add(unique)
        row[column] = unique


def _say(read: _Read, file: str, tool: ModuleType) -> None:
    left = ", ".join(f"{count:,} {reason}" for reason, count in sorted(read.left_out.items()))
    logger.info(
        "%s: read as an export of %s: %s %s%s (data.format=table reads it as it is)",
        file, tool.NAME, count_of(len(read.rows), "row"), tool.TAKEN, f"; left out: {left}" if left else "",
    )  # fmt: skip
    if read.other_marks:
        marks = ", ".join(f"{label!r} ({count:,})" for label, count in read.other_marks.most_common(8))
        logger.info(
            "%s: spans that are neither target nor source, nor a stance of data.labels, are not read: %s", file, marks
        )


def _is_nested(value: Any) -> bool:
    return isinstance(value, dict | list)
