"""Which keys of a dict, or columns of a DataFrame, hold which field; what is said of those that are not read."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from stancelab.errors import ConfigError, DataError, did_you_mean
from stancelab.schema import EXAMPLE_COLUMNS, PREDICTION_COLUMNS, SOURCE, SPAN_COLUMNS
from stancelab.tables.unread import listed_columns, source_warning, synonym, trained_warnings, variants

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

logger = logging.getLogger(__name__)

#: Other names of the row's target.
ALIASES: Final = "aliases"
#: The keys of a dict, and the columns of a DataFrame, that are read besides `id`.
FIELDS: Final = ("text", "source", "target", *SPAN_COLUMNS, ALIASES)


def names_of(columns: Mapping[str, str]) -> dict[str, str]:
    """Return the key or column of each field.

    Args:
        columns: Field -> the key or column that holds it, where it is called otherwise.

    Raises:
        ConfigError: `columns` is no dict, names no field, or lets two fields be read from one column.
    """
    if not isinstance(columns, Mapping):
        raise ConfigError(f"columns: found {type(columns).__name__}, expected a dict such as {{'text': 'Tweet'}}")
    unknown = [name for name in columns if name not in (*FIELDS, "id")]
    if unknown:
        turned = [field for field in columns.values() if field in FIELDS]
        hint = " (the field comes first: {'text': 'Tweet'})" if turned else did_you_mean(str(unknown[0]), FIELDS)
        raise ConfigError(f"columns: found {unknown[0]!r}, allowed are id, {', '.join(FIELDS)}.{hint}")
    names = {name: columns.get(name, name) for name in ("id", *FIELDS)}
    _check_own(names)
    return names


def _check_own(names: Mapping[str, str]) -> None:
    """Raise a `ConfigError` where two fields would be read from one column."""
    for column in dict.fromkeys(names[name] for name in FIELDS):
        own = [name for name in FIELDS if names[name] == column]
        if len(own) > 1:
            raise ConfigError(
                f"columns: {column!r} is to be {' and '.join(own)}; each is read from a column of its own, so name "
                f"another one for {' or '.join(own)}, or rename the column"
            )


def check_named(columns: Mapping[str, str], keys: list[str], *, found: bool) -> None:
    """Raise a `ConfigError` where a column that the caller named is in no row."""
    missing = [(field, name) for field, name in columns.items() if str(name) not in keys]
    if missing and found and keys:
        field, name = missing[0]
        raise ConfigError(
            f"columns: no row has {name!r}, which is to be the {field}; found {', '.join(map(repr, keys))}."
            f"{did_you_mean(str(name), keys)}"
        )


def problems_of_keys(keys: Sequence[str], names: Mapping[str, str]) -> list[str]:
    """Return the keys that can only be meant for a field that no key is read as, but for letter case or blanks."""
    unnamed = [field for field in FIELDS if names[field] == field]
    return [
        f"the key {key!r} is not read, since {field!r} is written otherwise; rename it, or read it with "
        f"columns={{{field!r}: {key!r}}}"
        for key, field in variants(keys, unnamed, set(names.values()))
    ]


def tell_unread(
    keys: Sequence[str], names: Mapping[str, str], told: set[str], trained: Mapping[str, Sequence[str]]
) -> None:
    """Log a warning that names the keys that are not read, but for those that were told and those of our own tables.

    Args:
        keys: The keys.
        names: The key of each field.
        told: The keys that were told; those of this call are added.
        trained: Field -> what its columns were called in the checkpoint's training.
    """
    known = {*map(str, names.values()), *EXAMPLE_COLUMNS, *PREDICTION_COLUMNS}
    unread = [key for key in keys if key not in known and key not in told]
    told.update(unread)
    if not unread:
        return
    present = [field for field, name in names.items() if name in keys]
    warnings = trained_warnings("", unread, present, trained, None)
    for line in warnings:
        logger.warning("%s", line)
    speaker = None if names[SOURCE] in keys or warnings else synonym(SOURCE, unread)
    if speaker is not None:
        logger.warning("%s", source_warning("", speaker, None))
    read = ", ".join(str(names[field]) for field in FIELDS)
    logger.warning("not read: %s; the keys that are read are %s", listed_columns(unread), read)


def check_frame(found: list[Any], names: Mapping[str, str]) -> None:
    """Raise a `DataError` where a DataFrame has a column twice or lacks one that is needed."""
    twice = [name for name, count in Counter(found).items() if count > 1]
    if twice:
        raise DataError(f"the DataFrame has the column {twice[0]!r} {Counter(found)[twice[0]]} times; keep one of them")
    lacking = [field for field in ("text", "target") if names[field] not in found]
    if lacking:
        raise DataError(
            f"the DataFrame has no column {names[lacking[0]]!r} for the {lacking[0]}; found "
            f"{', '.join(map(repr, found)) or 'none'}"
            f"{key_hint(lacking[0], found) or f'. Name it with columns={{{lacking[0]!r}: COLUMN}}'}"
        )


def key_hint(field: str, found: Iterable[Any]) -> str:
    """Return what to write where one of the names looks like a field, else ""."""
    names = [name for name in found if isinstance(name, str)]
    near = next((name for name, _ in variants(names, [field], ())), None) or synonym(field, names)
    return "" if near is None else f"; to read {near!r}, give columns={{{field!r}: {near!r}}}"
