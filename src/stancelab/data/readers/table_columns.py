"""Which columns of a table are read, and what is told of the others."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Final

from stancelab.data.column_settings import SPAN_PAIRS
from stancelab.data.notes import Note
from stancelab.schema import SOURCE
from stancelab.tables.columns import map_columns
from stancelab.tables.unread import other_hints, source_warning, synonym
from stancelab.tables.where import Condition

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from stancelab.data.settings import CorpusSettings

REQUIRED: Final = ("text", "target", "stance")


def columns_of(file: str, found: Sequence[str], settings: CorpusSettings) -> dict[str, str]:
    """Return the column of each field that a table has.

    Args:
        file: The file's name.
        found: Its columns.
        settings: What the columns are called.

    Raises:
        DataError: A column is missing, or nearly has the name of one that is read.
    """
    return map_columns(
        file,
        found,
        asdict(settings.columns),
        required=REQUIRED,
        group="data",
        extra=settings.extra,
        pairs=SPAN_PAIRS,
        ignore=settings.ignore,
    )


def condition_columns(settings: CorpusSettings) -> list[str]:
    """Return the columns that `data.where` compares."""
    return [] if settings.where is None else Condition(settings.where).columns


def unread_columns(found: Sequence[str], present: Mapping[str, str], settings: CorpusSettings) -> list[str]:
    """Return the columns that are neither read nor passed over; the arguments are those of `unread_notes`."""
    taken = {*present.values(), *settings.extra, *settings.ignore, *condition_columns(settings)}
    return [column for column in found if column not in taken and column != settings.file_column]


def unread_notes(file: str, found: Sequence[str], present: Mapping[str, str], settings: CorpusSettings) -> list[Note]:
    """Say which columns of a table are not read: one of them may say whose stance it is.

    Args:
        file: The file's name.
        found: Its columns.
        present: Field -> column, as far as the table has them.
        settings: What the columns are called, what travels along and what is passed over.
    """
    unread = unread_columns(found, present, settings)
    if not unread:
        return []
    notes = []
    speaker = None if SOURCE in present else synonym(SOURCE, unread)
    if speaker is not None:
        notes.append(Note(text=source_warning(file, speaker, "data"), is_warning=True))
    absent = [field for field in settings.columns.all_names() if field not in present and field != SOURCE]
    hints = other_hints(unread, absent, "data")
    if SOURCE not in present:
        hints.insert(0, "data.columns.source=COLUMN if one of them says whose stance it is")
    advice = "; ".join([*hints, "data.extra=[COLUMN] lets a column travel along"])
    notes.append(Note(text=f"{file}: not read: {', '.join(map(repr, unread))} ({advice})"))
    return notes
