"""Which column of a table holds which field."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from stancelab.errors import DataError, did_you_mean
from stancelab.tables.unread import assignment, column_key, ignoring, synonym, variants

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

#: Words from which a column's name is rather a text.
_WORDS_OF_A_SENTENCE: Final = 4


def map_columns(
    file: str,
    found: Sequence[str],
    names: Mapping[str, str | None],
    *,
    required: Collection[str],
    group: str,
    extra: Sequence[str] = (),
    pairs: Sequence[tuple[str, str]] = (),
    ignore: Collection[str] = (),
    likely: Mapping[str, Sequence[str]] | None = None,
) -> dict[str, str]:
    """Return {field: column} for the fields that a table has.

    Args:
        file: The file's name, for messages.
        found: The columns it has.
        names: For each field the column that the user named, None for the field's own name.
        required: Fields that must be there; those that the user named must be there too.
        group: The group of settings whose `columns` and `extra` the user sets: "data" or "predict".
        extra: Further columns that must be there.
        pairs: Fields of which a table has both or neither.
        ignore: Columns that the user wants to be passed over.
        likely: Field -> what its columns are called elsewhere, to be suggested where the field is missing.

    Raises:
        DataError: A column is missing (all that are missing are named), or one has a field's name in other letter case
            or with blanks, and no setting says what it is.
    """
    columns = {field: column if column is not None else field for field, column in names.items()}
    missing = {
        field: column
        for field, column in columns.items()
        if (field in required or names[field] is not None) and column not in found
    }
    lines = [_missing_field(field, found, columns, missing, group, likely or {}) for field in missing]
    lines += _missing_extra(extra, found, columns.values(), group)
    if lines:
        listing = "".join(f"\n  {line}" for line in lines)
        header = "; its first line seems to be a row: put one with names above it" if _is_row(found, columns) else ""
        raise DataError(
            f"{file}: columns are missing; the file has {', '.join(map(repr, found)) or 'none'}{header}{listing}"
        )
    present = {field: column for field, column in columns.items() if column in found}
    _check_variants(file, found, names, {*present.values(), *extra, *ignore}, group)
    for one, other in pairs:
        if (one in present) != (other in present):
            there, absent = (one, other) if one in present else (other, one)
            raise DataError(
                f"{file}: there is a column {present[there]!r} but none for {absent!r}; a span needs both."
                f" Name it with {group}.columns.{absent}=COLUMN, or remove the one there is"
            )
    return present


def _missing_extra(extra: Collection[str], found: Sequence[str], taken: Collection[str], group: str) -> list[str]:
    """Word the further columns that a table lacks; `taken` are the columns of fields, which are not proposed."""
    absent = [column for column in extra if column not in found]
    free = [column for column in found if column not in taken and column not in extra]
    hints = {column: did_you_mean(column, free) for column in absent}
    if len(absent) > 1 and len(absent) == len(extra) and not any(hints.values()):
        listing = ", ".join(map(repr, absent))
        own = ", as data=table does for a table of your own" if group == "data" else ""
        return [f"none of the columns {listing}, which {group}.extra names: {group}.extra=[] asks for none{own}"]
    return [f"no column {column!r}, which {group}.extra names.{hint}" for column, hint in hints.items()]


def _is_row(found: Sequence[str], columns: Mapping[str, str]) -> bool:
    """Tell whether what was read as the header is a row: no name is known, and one is as long as a sentence."""
    known = {name.casefold() for pair in columns.items() for name in pair}
    return not any(name.strip().casefold() in known for name in found) and any(
        len(name.split()) >= _WORDS_OF_A_SENTENCE for name in found
    )


def _check_variants(
    file: str, found: Sequence[str], names: Mapping[str, str | None], settled: Collection[str], group: str
) -> None:
    """Raise a `DataError` where a column can only be meant for a field, and nothing says whether it is."""
    unnamed = [field for field, column in names.items() if column is None]
    near = [(column, field) for column, field in variants(found, unnamed, settled) if column not in names.values()]
    if near:
        lines = "".join(
            f"\n  {column!r} for the {field}: {assignment(group, field, column)} reads it,"
            f" {ignoring(group, column)} passes over it"
            for column, field in near
        )
        raise DataError(
            f"{file}: columns have the names of fields in other letter case, with blanks or with hyphens; say whether"
            f" they are meant{lines}"
        )


def _missing_field(
    field: str,
    found: Sequence[str],
    columns: Mapping[str, str],
    missing: Mapping[str, str],
    group: str,
    likely: Mapping[str, Sequence[str]],
) -> str:
    """Word a missing column: what is near it that no other field takes, and the setting to write."""
    column = columns[field]
    # A column that is the other spelling of another missing one is not proposed for this one.
    taken = {other.lower() for other in missing.values() if other != column}
    taken |= {other.lower() for other in columns.values() if other in found}
    free = [candidate for candidate in found if candidate.lower() not in taken]
    near = next((each for each in likely.get(field, ()) if each in free), None)
    near = near or next((each for each in free if column_key(each) == column_key(column)), None) or synonym(field, free)
    hint = did_you_mean(column, free) if near is None else f" Did you mean {near!r}?"
    example = hint.removeprefix(" Did you mean ").removesuffix("?")[1:-1] if hint else "COLUMN"
    return f"no column {column!r} for the {field}.{hint} Name it with {assignment(group, field, example)}"
