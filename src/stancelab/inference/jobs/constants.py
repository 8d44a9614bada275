"""The target or the source that all rows of a table share, given by a setting in place of a column."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stancelab.errors import DataError
from stancelab.schema import TARGET
from stancelab.tables.unread import variants

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from stancelab.inference.settings import PredictSettings


def check_constants(file: str, found: Sequence[str], settings: PredictSettings) -> None:
    """Raise a `DataError` where a table has a column for what a setting gives, unless the setting is to override it."""
    fields = list(settings.constants())
    both = [(name, name) for name in found if name in fields and name not in settings.ignore]
    both += variants(found, fields, settings.ignore)
    if both and not settings.override:
        column, field = both[0]
        raise DataError(
            f"{file}: has a column {column!r}, and predict.{field} gives it too; leave the setting out to read the "
            f"column, or let it stand in for the column in every row: predict.override=true"
        )


def not_read(settings: PredictSettings) -> set[str]:
    """Return the fields that are not read from the table.

    Spans and aliases in a table are those of what its column names, so a setting that overrides the column overrides
    them too.
    """
    fields = set(settings.constants())
    if settings.override:
        own = {f"{field}_{end}" for field in fields for end in ("start", "end")}
        own |= {"aliases"} & vars(settings.columns).keys() if TARGET in fields else set()
        fields |= {name for name in own if getattr(settings.columns, name) is None}
    return fields


def constant_columns(found: Collection[str], settings: PredictSettings) -> list[str]:
    """Return what the columns are called that the output gets for these fields, beside those that the table has."""
    names = []
    for field in settings.constants():
        name = f"{settings.prefix}{field}"
        names.append(f"{settings.prefix}asked_{field}" if name in found else name)
    return names
