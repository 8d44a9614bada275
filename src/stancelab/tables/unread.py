"""Columns that a reader does not take: which are told, which are refused, and which field each may be meant for.

A column whose name is a field's but for letter case, blanks or hyphens can only be meant for that field. It is neither
read nor passed over unasked: that is an error. A column with another usual name of a field ("speaker" for the source)
is suggested with the setting that reads it.
"""

from __future__ import annotations

import logging
import re
import unicodedata
from typing import TYPE_CHECKING, Final

from stancelab.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from stancelab.tables.table_file import TableFile

logger = logging.getLogger(__name__)

#: Other usual names of the fields, as `column_key` writes them, the likeliest first.
SYNONYMS: Final[Mapping[str, tuple[str, ...]]] = {
    "source": (
        *("speaker", "actor", "holder", "author", "who", "opinionholder", "stanceholder", "speakername"),
        *("actorname", "authorname", "sourcename", "speakers", "sources", "quotedperson"),
    ),
    "target": ("topic", "issue", "aspect", "entity", "about", "targets", "topics", "targetname", "aspectterm"),
    "stance": ("label", "polarity", "sentiment", "stances", "labels", "goldlabel", "gold", "class"),
    "text": (
        *("sentence", "tweet", "content", "body", "texts", "sentences", "post", "comment", "fulltext", "headline"),
        *("quote", "quotation", "statement", "message", "title"),
    ),
    "document": ("article", "doc", "docid", "documentid", "articleid", "story"),
    "annotator": ("coder", "rater", "worker", "annotatorid", "coderid", "workerid"),
    "split": ("fold", "partition", "subset"),
    "correction": ("corrected", "corrections"),
}
#: So many columns are listed in a message.
_LISTED: Final = 30
_INVISIBLE: Final = frozenset({"Cf", "Cc"})


def column_key(name: str) -> str:
    """Return what names have in common that differ in letter case, blanks, hyphens and invisible characters alone."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    return re.sub(r"[\s_-]+", "", "".join(each for each in plain if unicodedata.category(each) not in _INVISIBLE))


def variants(found: Iterable[str], fields: Collection[str], passed_over: Collection[str]) -> list[tuple[str, str]]:
    """Return (column, field) for the columns whose name is a field's but for letter case, blanks or hyphens.

    Args:
        found: The columns.
        fields: The fields by their own names.
        passed_over: Columns that are taken already, or that the user wants to be passed over.
    """
    keys = {column_key(field): field for field in fields}
    return [
        (column, keys[key])
        for column in found
        if column not in fields and column not in passed_over and (key := column_key(column)) in keys
    ]


def synonym(field: str, found: Iterable[str]) -> str | None:
    """Return the column that has another usual name of a field, None where none has."""
    by_key = {column_key(column): column for column in reversed(list(found))}
    return next((by_key[key] for key in SYNONYMS.get(field, ()) if key in by_key), None)


def refuse_variants(file: str, found: Sequence[str], fields: Collection[str]) -> None:
    """Raise a `DataError` where a table whose columns have fixed names has one that differs by letter case or blanks.

    Args:
        file: The file's name, for the message.
        found: Its columns.
        fields: The names that are read.
    """
    near = variants(found, fields, ())
    if near:
        column, field = near[0]
        raise DataError(
            f"{file}: the column {column!r} would not be read, since {field!r} is written otherwise; rename it to"
            f" {field!r}, or remove it"
        )


def check_fixed(
    table: TableFile,
    needed: Sequence[str],
    optional: Sequence[str] = (),
    known: Collection[str] = (),
    purpose: str = "",
) -> None:
    """Check the columns of a table whose columns have fixed names, and tell those that are not read.

    Args:
        table: The table; one of JSON Lines without a readable row has no columns, and is not checked.
        needed: The columns that must be there.
        optional: Further columns that are read.
        known: Columns that are not told, since the tables of stancelab have them.
        purpose: What such a table is for, for the message.

    Raises:
        DataError: A column is missing, or one differs from a name that is read by letter case or blanks.
    """
    found = table.columns
    if not found:
        return
    missing = next((name for name in needed if name not in found), None)
    if missing is not None:
        near = variants(found, [missing], ()) or [(other, missing) for other in [synonym(missing, found)] if other]
        advice = f"; rename {near[0][0]!r} to {missing!r}" if near else ""
        raise DataError(
            f"{table.path}: lacks the column {missing!r}; found {', '.join(map(repr, found))}{purpose}{advice}"
        )
    refuse_variants(str(table.path), found, [*needed, *optional])
    unread = [name for name in found if name not in {*needed, *optional, *known}]
    if unread:
        logger.info("%s: not read: %s", table.path, listed_columns(unread))


def assignment(group: str, field: str, column: str) -> str:
    """Return the setting, as a word of a command line, by which a column is read as a field."""
    if re.fullmatch(r"[^\W\d]\w*", column):
        return f"{group}.columns.{field}={column}"
    return f"'{group}.columns.{field}=\"{column}\"'"


def ignoring(group: str, column: str) -> str:
    """Return the setting, as a word of a command line, by which a column is passed over."""
    word = column if re.fullmatch(r"[^\W\d]\w*", column) else f'"{column}"'
    return f"'{group}.ignore=[{word}]'"


def source_warning(file: str, column: str, group: str | None) -> str:
    """Word the warning that no source is read though a column seems to hold it.

    Args:
        file: The file's name; "" where rows come from Python.
        column: The column.
        group: The group of settings whose `columns` the user sets; None where rows come from Python.
    """
    where = f"{file}: " if file else ""
    if group is None:
        advice = f"columns={{'source': {column!r}}} reads {column!r} if it says whose stance it is"
    else:
        advice = (
            f"{assignment(group, 'source', column)} reads {column!r} if it says whose stance it is,"
            f" {ignoring(group, column)} passes over it"
        )
    return f"{where}no column 'source' is read, so every row counts as the author's stance; {advice}"


def listed_columns(names: Sequence[str]) -> str:
    """Return columns in a row, and how many more there are where they are many."""
    more = f" and {len(names) - _LISTED:,} more" if len(names) > _LISTED else ""
    return ", ".join(map(repr, names[:_LISTED])) + more


def trained_warnings(
    file: str, unread: Collection[str], read: Collection[str], trained: Mapping[str, Sequence[str]], group: str | None
) -> list[str]:
    """Word the warnings that a column is not read though the checkpoint's training read a field from such a column.

    Args:
        file: The file's name; "" where rows come from Python.
        unread: The columns that are not read.
        read: The fields that are.
        trained: Field -> what its columns were called in the training.
        group: As in `source_warning`.
    """
    found = []
    for field, names in trained.items():
        column = next((name for name in names if name in unread), None)
        if field in read or column is None:
            continue
        advice = f"columns={{{field!r}: {column!r}}} reads it here too"
        if group is not None:
            advice = f"{assignment(group, field, column)} reads it here too, {ignoring(group, column)} passes over it"
        where = f"{file}: " if file else ""
        found.append(f"{where}the training of the checkpoint read {field} from a column {column!r}; {advice}")
    return found


def other_hints(unread: Sequence[str], absent: Iterable[str], group: str) -> list[str]:
    """Return for fields without a column the settings that would read one of the unread columns."""
    hints = []
    for field in absent:
        column = synonym(field, unread)
        if column is not None:
            hints.append(f"{assignment(group, field, column)} reads {column!r} as the {field}")
    return hints
