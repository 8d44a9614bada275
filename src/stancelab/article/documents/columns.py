"""Under which names tables, and heads of Markdown files, have the text, title, date, outlet and id of an article."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from stancelab.errors import DataError, did_you_mean
from stancelab.tables.unread import assignment, column_key, listed_columns

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

logger = logging.getLogger(__name__)

#: Field -> its usual names, as `column_key` writes them, the likeliest first. "source" is not among those of the
#: outlet: in this project it is the holder of an opinion.
FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "text": ("text", "body", "content", "article", "fulltext", "articletext", "articlebody", "maintext", "story"),
    "title": ("title", "headline", "heading", "articletitle"),
    "date": (
        *("date", "published", "publicationdate", "publisheddate", "publishedat", "publishdate", "pubdate"),
        *("datepublished", "articledate", "datetime"),
    ),
    "outlet": ("outlet", "publisher", "publication", "newspaper", "media", "medium", "site", "sitename", "sourcename"),
    "id": ("id", "docid", "documentid", "articleid", "guid"),
}


def find_fields(found: Sequence[str], named: Mapping[str, str]) -> dict[str, str]:
    """Return field -> column for the fields that are there.

    Args:
        found: The columns.
        named: The fields whose column the user named; the others are found under their usual names in any letter case,
            with blanks, hyphens or underscores.
    """
    columns = {field: column for field, column in named.items() if column in found}
    for field, names in FIELDS.items():
        if field in named:
            continue
        free = [column for column in found if column not in columns.values()]
        keys = {column_key(column): column for column in reversed(free)}
        hit = field if field in free else next((keys[name] for name in names if name in keys), None)
        if hit is not None:
            columns[field] = hit
    return columns


def table_fields(file: str, found: Sequence[str], named: Mapping[str, str]) -> dict[str, str]:
    """Return field -> column for a table, which must have a text; what is not read under its own name is told.

    Raises:
        DataError: The text, or a column that the user named, is missing.
    """
    shown = listed_columns(found) or "none"
    for field, column in named.items():
        if column not in found:
            raise DataError(
                f"{file}: no column {column!r}, which read.columns.{field} names; the file has {shown}."
                f"{did_you_mean(column, found)}"
            )
    columns = find_fields(found, named)
    if "text" not in columns:
        raise DataError(
            f"{file}: no column holds the text; the file has {shown}. Name it with"
            f" {assignment('read', 'text', 'COLUMN')}"
        )
    told = [f"{column!r} as the {field}" for field, column in columns.items() if field not in (column, *named)]
    if told:
        logger.info("%s: read %s; read.columns sets others", file, ", ".join(told))
    left = [column for column in found if column not in columns.values()]
    if "date" not in columns and left:
        logger.info(
            "%s: no column is read as the date; read.columns.date=COLUMN names one of %s", file, listed_columns(left)
        )
    return columns
