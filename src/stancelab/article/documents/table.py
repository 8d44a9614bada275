"""Tables with a text column: each row is a document; its text stays as it is, further columns are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stancelab.article.documents.bounded import MOST_CHARACTERS
from stancelab.article.documents.columns import table_fields
from stancelab.article.types import Document
from stancelab.errors import DataError, RowProblem, list_problems
from stancelab.row_ids import RowIds
from stancelab.schema import control_problem, is_blank, shown_controls
from stancelab.tables.table_file import TableFile

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from stancelab.article.documents.notes import Notes
    from stancelab.article.documents.settings import DocumentSettings
    from stancelab.tables.batches import RowBatch


def read_table(path: Path, name: str, settings: DocumentSettings, notes: Notes) -> Iterator[Document]:
    """Yield the documents of a table in batches that fit into memory; rows without a text are counted.

    Args:
        path: The table.
        name: What stands before the ids of its rows; "" where it is the only input. A row without an id is called
            after its text.
        settings: Which columns are read, and how.
        notes: Where rows without a text and dates that cannot be read are counted.

    Raises:
        DataError: The table or a row cannot be read, no column holds the text, or two rows have one id.
    """
    table = TableFile(path, options=settings.table_options())
    columns = table_fields(str(path), table.columns, settings.columns)
    ids, seen = RowIds(), set[str]()
    for batch in table.text_rows(fields={"text": columns["text"]}):
        _set_aside(batch, str(path), columns)
        _check(batch, settings, notes)
        for number, row in batch.rows:
            text = row.get(columns["text"], "")
            if is_blank(text):
                notes.blank += 1
                continue
            if len(text) > MOST_CHARACTERS:
                raise DataError(f"{path}: row {number} has a text of more than {MOST_CHARACTERS:,} characters")
            own = row.get(columns.get("id", ""), "").strip()
            if own in seen:
                raise DataError(f"{path}: row {number}: the id {own!r} is that of a row before it; make ids unique")
            if own:
                seen.add(own)
            key = own or ids.next(text, "", "")
            yield _document(path, f"{name}:{key}" if name else key, row, columns, (number, notes))


def _document(
    path: Path, key: str, row: Mapping[str, Any], columns: Mapping[str, str], place: tuple[int, Notes]
) -> Document:
    number, notes = place
    told = {field: str(row.get(column, "")) for field, column in columns.items()}
    read = {column for field, column in columns.items() if field != "date"}
    return Document(
        id=key,
        text=told["text"],
        title=told.get("title", "").strip(),
        date=notes.date(told.get("date", ""), f"row {number} of {path}"),
        outlet=told.get("outlet", "").strip(),
        path=str(path),
        fields={column: str(cell) for column, cell in row.items() if column not in read},
    )


def _set_aside(batch: RowBatch, file: str, columns: Mapping[str, str]) -> None:
    """Make problems of rows whose text, title or outlet holds control characters, as in every table."""
    read = [columns[field] for field in ("text", "title", "outlet") if field in columns]
    rows, batch.rows = batch.rows, []
    for number, row in rows:
        cells = [(column, str(row.get(column, ""))) for column in read]
        found = next(((column, cell, why) for column, cell in cells if (why := control_problem(cell))), None)
        if found is None:
            batch.rows.append((number, row))
        else:
            column, cell, reason = found
            batch.problems.append(RowProblem(file, number, column, shown_controls(cell), reason))


def _check(batch: RowBatch, settings: DocumentSettings, notes: Notes) -> None:
    if not batch.problems:
        return
    if settings.on_bad_files == "fail" or any(problem.unbounded for problem in batch.problems):
        raise DataError(
            "rows cannot be read; mend them, or leave them out with read.on_bad_files=skip:\n"
            + list_problems(batch.problems)
        )
    for problem in batch.problems:
        notes.skip(str(problem))
